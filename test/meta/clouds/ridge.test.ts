import { describe, expect, test } from 'vitest'
import { correctedTimes, observedCorrections } from '../../../src/meta/clouds/corrections.ts'
import { effectiveTimes } from '../../../src/meta/clouds/effective-times.ts'
import { randomCloud } from '../../../src/meta/clouds/random-cloud.ts'
import { ridgeCorrections } from '../../../src/meta/clouds/ridge.ts'
import { exploreCloud } from '../../../src/meta/clouds/support.ts'
import { resource, task } from './small-cloud.ts'

describe('support records', () => {
  const cloud = randomCloud({ seed: 5, resourceCount: [9, 9] })

  test('hold the true times of the resources that were used', () => {
    const { records } = exploreCloud(cloud, { records: 7 })
    const times = effectiveTimes(cloud.history, cloud.resources, cloud.hidden).seconds
    expect(records.length).toBe(7)
    records.forEach(({ resources, ratios, seconds }, i) => {
      expect(resources.length).toBe(3)
      expect(ratios.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
      resources.forEach((j, k) => expect(seconds[k]).toBe(times[i * 9 + j]))
    })
  })

  test('use every resource before any a second time', () => {
    const used = exploreCloud(cloud, { records: 3 }).records.flatMap(({ resources }) => resources)
    expect(new Set(used).size).toBe(9)
  })
})

describe('corrections', () => {
  test('true ones give the effective times', () => {
    const { tasks, resources, hidden } = randomCloud({ seed: 2 })
    const count = resources.length
    const times = correctedTimes(tasks, resources, {
      classCount: 4,
      resourceCount: count,
      compute: Float64Array.from(
        { length: 4 * count },
        (_, k) =>
          -Math.log(
            hidden.efficiency[Math.floor(k / count)]![resources[k % count]!.kind]! * (1 - hidden.load[k % count]!),
          ),
      ),
      network: Float64Array.from(hidden.load, (b) => -Math.log(1 - b)),
    })
    const exact = effectiveTimes(tasks, resources, hidden)
    exact.seconds.forEach((t, k) => expect(times.seconds[k]! / t).toBeCloseTo(1, 9))
  })

  test('are read from the phase that takes longer', () => {
    // Nominal 100 / 10 = 10 s of computing and 4000 / 100 = 40 s of transferring: 80 s are ln 2 over the latter. A belief
    // that computing takes e^2 times longer, 73.9 s, gives them to computing: ln 8.
    const support = {
      resources: [resource()],
      records: [{ task: task({ networkMbit: 4000 }), resources: [0], ratios: [1], seconds: [80] }],
    }
    expect(observedCorrections(support)[0]).toMatchObject({ phase: 'network', value: expect.closeTo(Math.log(2), 12) })
    const belief = { compute: Float64Array.of(2), network: Float64Array.of(0) }
    expect(observedCorrections(support, belief)[0]).toMatchObject({
      phase: 'compute',
      value: expect.closeTo(Math.log(8), 12),
    })
  })
})

test('ridge comes closer to the truth with more records', () => {
  const error = (records: number): number => {
    let sum = 0
    for (let seed = 1; seed <= 10; seed++) {
      const cloud = randomCloud({ seed, resourceCount: [10, 10] })
      const guess = correctedTimes(cloud.tasks, cloud.resources, ridgeCorrections(exploreCloud(cloud, { records }), 4))
      const truth = effectiveTimes(cloud.tasks, cloud.resources, cloud.hidden)
      truth.seconds.forEach((t, k) => (sum += Math.log(guess.seconds[k]! / t) ** 2 / truth.seconds.length / 10))
    }
    return Math.sqrt(sum)
  }
  const [none, some, many] = [error(0), error(10), error(50)]
  expect(none).toBeGreaterThan(0.6)
  expect(some).toBeLessThan(0.5 * none)
  expect(many).toBeLessThan(0.5 * some)
})
