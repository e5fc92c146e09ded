import { describe, expect, test } from 'vitest'
import {
  completeCloud,
  randomCloud,
  randomCloudDefaults,
  shiftedCloudOptions,
} from '../../../src/meta/clouds/random-cloud.ts'
import { caught } from '../../caught.ts'
import { resource } from './small-cloud.ts'

describe('random clouds', () => {
  test('the same seed gives the same cloud, another one another', () => {
    expect(randomCloud({ seed: 3 })).toEqual(randomCloud({ seed: 3 }))
    expect(randomCloud({ seed: 3 })).not.toEqual(randomCloud({ seed: 4 }))
    expect(JSON.parse(JSON.stringify(randomCloud({ seed: 3 })))).toEqual(randomCloud({ seed: 3 }))
  })

  test('golden: the first numbers of a seed stay what they are', () => {
    const { resources, tasks, hidden } = randomCloud({ seed: 'golden' })
    expect([resources.length, resources[0]!.kind, tasks[0]!.workloadClass]).toEqual([5, 2, 3])
    expect([resources[0]!.speedGflops, tasks[0]!.latencySeconds, hidden.efficiency[0]![0], hidden.load[0]]).toEqual([
      8.582031408826326, 1.916791451355063, 1.2397799821570517, 0.34853770418558266,
    ])
  })

  test('every draw lies in its range', () => {
    const { resourceCount, speedGflops, load, priceFactor, computeGflop } = randomCloudDefaults
    for (let seed = 1; seed <= 40; seed++) {
      const { resources, tasks, history, hidden } = randomCloud({ seed })
      expect(resources.length).toBeGreaterThanOrEqual(resourceCount[0])
      expect(resources.length).toBeLessThanOrEqual(resourceCount[1])
      expect([tasks.length, history.length]).toEqual([30, 50])
      for (const { speedGflops: speed, pricePerSecond } of resources) {
        expect(speed).toBeGreaterThanOrEqual(speedGflops[0])
        expect(speed).toBeLessThanOrEqual(speedGflops[1])
        const factor = pricePerSecond / (0.02 * (speed / 10) ** 1.2)
        expect(factor).toBeGreaterThanOrEqual(priceFactor[0] - 1e-9)
        expect(factor).toBeLessThanOrEqual(priceFactor[1] + 1e-9)
      }
      for (const b of hidden.load) expect(b).toBeLessThanOrEqual(load[1])
      for (const e of hidden.efficiency.flat()) expect(e >= 0.2 && e <= 1.6).toBe(true)
      for (const t of tasks) expect(t.computeGflop <= computeGflop[1]).toBe(true)
    }
  })

  test('a third of the tasks has a throughput floor', () => {
    const tasks = randomCloud({ seed: 1, taskCount: 3000 }).tasks
    const share = tasks.filter(({ throughputGflops }) => throughputGflops !== null).length / 3000
    // Three standard deviations of a share of 1/3 in 3000 are 0.026.
    expect(Math.abs(share - 1 / 3)).toBeLessThan(0.026)
  })

  test('the shifted distribution shares no efficiency and no price with the default one', () => {
    const { hidden } = randomCloud({ seed: 2, ...shiftedCloudOptions })
    for (const e of hidden.efficiency.flat()) expect(e < 0.2 || e > 1.6).toBe(true)
    expect(shiftedCloudOptions.priceFactor[0]).toBeGreaterThan(randomCloudDefaults.priceFactor[1])
  })

  test('tasks that ask for more storage than there is are scaled down', () => {
    const demand = { workloadClass: 0, computeGflop: 1, networkMbit: 1, storageGb: 100 }
    // 200 GB on 100 GB, of which 80 % may be asked for: 40 GB each.
    const { tasks } = completeCloud([resource({ storageGb: 100 })], [], [demand, demand], { seed: 1 })
    expect(tasks.map(({ storageGb }) => storageGb)).toEqual([40, 40])
  })

  test('a misspelt or wrong option is refused', () => {
    expect(caught(() => randomCloud({ taskCounts: 3 } as object))).toMatchObject({ code: 'invalid-option' })
    expect(caught(() => randomCloud({ load: [0.5, 1] })).path).toBe('options.load')
  })
})
