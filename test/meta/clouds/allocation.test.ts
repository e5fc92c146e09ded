import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadHighs } from '../../../src/lp/highs.ts'
import { evaluateAllocation } from '../../../src/meta/clouds/allocation.ts'
import { latencyBound } from '../../../src/meta/clouds/cloud.ts'
import { coupledAllocation, oracleAllocation } from '../../../src/meta/clouds/coupled-allocation.ts'
import { effectiveTimes, leastLatency } from '../../../src/meta/clouds/effective-times.ts'
import { exactAllocation, roomyAllocation } from '../../../src/meta/clouds/exact-allocation.ts'
import { cheapestFirst, earliestFinish, minMinAllocation } from '../../../src/meta/clouds/greedy.ts'
import { randomCloud } from '../../../src/meta/clouds/random-cloud.ts'
import { caught } from '../../caught.ts'
import { resource, task } from './small-cloud.ts'

const seeds = fc.integer({ min: 1, max: 1e9 })

/** Two resources: 100 GFLOP take 10 s at 1 per second, or 5 s at 4 per second: 10 or 20 for the whole task. */
const slowAndFast = [resource(), resource({ speedGflops: 20, pricePerSecond: 4 })]

describe('effective times', () => {
  test('the slower of computing and transferring counts, each by what is free', () => {
    // Compute: 100 / (0.5 * 10 * (1 - 0.2)) = 25 s; network: 10 / (100 * 0.8) = 0.125 s, and 4000 / 80 = 50 s.
    const hidden = { efficiency: [[0.5]], load: [0.2] }
    const tasks = [task(), task({ networkMbit: 4000 })]
    expect([...effectiveTimes(tasks, [resource()], hidden).seconds]).toEqual([25, 50])
    expect([...effectiveTimes(tasks, [resource()]).seconds]).toEqual([10, 40])
  })

  test('the least latency shares a task so that all parts end together', () => {
    // 1 / (1/10 + 1/5) = 10/3 s.
    expect(leastLatency(effectiveTimes([task()], slowAndFast), 0)).toBeCloseTo(10 / 3, 12)
  })
})

describe('exact allocation', () => {
  const decide = (latencySeconds: number, throughputGflops: number | null = null) => {
    const tasks = [task({ latencySeconds, throughputGflops })]
    const times = effectiveTimes(tasks, slowAndFast)
    const allocation = exactAllocation(tasks, slowAndFast, times)
    return { allocation, outcome: evaluateAllocation(allocation, tasks, slowAndFast, times) }
  }

  test('fills the cheapest resource up to the bound', () => {
    // 5 s allow half on the slow one; the other half takes 2.5 s on the fast one: cost 5 * 1 + 2.5 * 4 = 15.
    const { allocation, outcome } = decide(5)
    expect([...allocation.ratios]).toEqual([0.5, 0.5])
    expect(outcome).toMatchObject({ cost: 15, qosMet: [true], qosRate: 1 })
    expect([...outcome.latencySeconds]).toEqual([5])
  })

  test('takes the cheapest alone where the bound allows it', () => {
    expect([...decide(10).allocation.ratios]).toEqual([1, 0])
  })

  test('a throughput floor is a bound too', () => {
    // 20 GFLOP/s are 100 / 20 = 5 s.
    expect([...decide(1000, 20).allocation.ratios]).toEqual([0.5, 0.5])
    expect(latencyBound(task({ latencySeconds: 4, throughputGflops: 20 }))).toBe(4)
  })

  test('an infeasible task is flagged and gets its least latency', () => {
    const { allocation, outcome } = decide(3)
    expect(allocation.infeasible).toEqual([0])
    expect(allocation.ratios[0]).toBeCloseTo(1 / 3, 12)
    expect(outcome.latencySeconds[0]).toBeCloseTo(10 / 3, 12)
    expect(outcome.qosMet).toEqual([false])
  })

  test('nothing that keeps the bounds is cheaper', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 1e9 }), (seed, other) => {
        const { tasks, resources, hidden } = randomCloud({ seed, taskCount: 6, resourceCount: [2, 7], historyCount: 0 })
        const times = effectiveTimes(tasks, resources, hidden)
        const best = exactAllocation(tasks, resources, times)
        expect(best.infeasible).toEqual([])
        const outcome = evaluateAllocation(best, tasks, resources, times)
        expect(outcome.qosRate).toBe(1)
        // Another allocation that meets all bounds: the least latency mixed with the best by random weights.
        const loose = tasks.map((t) => ({ ...t, latencySeconds: 1e-9, throughputGflops: null }))
        const fast = exactAllocation(loose, resources, times)
        const weight = (i: number) => ((other * (i + 1)) % 97) / 97
        const ratios = best.ratios.map((a, k) => {
          const w = weight(Math.floor(k / resources.length))
          return w * a + (1 - w) * fast.ratios[k]!
        })
        const mixed = evaluateAllocation({ ...best, ratios }, tasks, resources, times)
        expect(mixed.qosRate).toBe(1)
        for (const i of tasks.keys()) expect(mixed.costs[i]).toBeGreaterThanOrEqual(outcome.costs[i]! * (1 - 1e-9))
      }),
      { numRuns: 60 },
    )
  })
})

describe('storage', () => {
  // Two tasks of 60 GB want the slow resource, which holds 80: 40 GB must go to the fast one.
  const pair = [task({ storageGb: 60 }), task({ storageGb: 60, computeGflop: 50 })]
  const short = [resource({ storageGb: 80 }), slowAndFast[1]!]
  const pairTimes = effectiveTimes(pair, short)

  test('in turn: the second task takes what is left', () => {
    // The second has 20 of 60 GB on the slow one.
    const { ratios } = roomyAllocation(pair, short, pairTimes)
    expect([...ratios].map((a) => Math.round(a * 1e9) / 1e9)).toEqual([1, 0, 0.333333333, 0.666666667])
  })

  test('by the linear programme: the task that loses least gives way', async () => {
    // Moving a share from slow to fast costs 10 for the first task, 5 for the second, both per 60 GB: the second moves.
    const solve = await loadHighs()
    const best = coupledAllocation(pair, short, pairTimes, solve)
    expect(best.ratios[0]).toBeCloseTo(1, 9)
    expect(best.ratios[2]).toBeCloseTo(1 / 3, 9)
    // The same tasks in the other order: now serving them in turn is worse than the programme.
    const turned = pair.toReversed()
    const turnedTimes = effectiveTimes(turned, short)
    const cost = (a: ReturnType<typeof roomyAllocation>) => evaluateAllocation(a, turned, short, turnedTimes).cost
    // 5 + 20 * (2/3) + 10 / 3 = 21.67 in turn; 10 + 5/3 + 10 * (2/3) = 18.33 at best.
    expect(cost(roomyAllocation(turned, short, turnedTimes))).toBeCloseTo(5 + 10 / 3 + (20 * 2) / 3, 9)
    expect(cost(coupledAllocation(turned, short, turnedTimes, solve))).toBeCloseTo(10 + 5 / 3 + 20 / 3, 7)
  })

  test('where bounds and capacities conflict, the tasks that miss their bound are listed', async () => {
    const tight = [task({ storageGb: 60, latencySeconds: 5 }), task({ storageGb: 60, latencySeconds: 5 })]
    const small = [resource({ storageGb: 100, speedGflops: 20 }), resource({ storageGb: 30, speedGflops: 1 })]
    const { infeasible, ratios } = coupledAllocation(tight, small, effectiveTimes(tight, small), await loadHighs())
    expect(infeasible.length).toBeGreaterThan(0)
    expect((ratios[0]! + ratios[2]!) * 60).toBeLessThanOrEqual(100 + 1e-6)
  })

  test('more than there is, is an error', () => {
    const huge = [task({ storageGb: 3000 })]
    const error = caught(() => roomyAllocation(huge, slowAndFast, effectiveTimes(huge, slowAndFast)))
    expect(error).toMatchObject({ code: 'infeasible', path: 'tasks[0].storageGb' })
  })

  test('the oracle keeps bounds and capacities, and nothing in turn is cheaper', async () => {
    const solve = await loadHighs()
    for (let seed = 1; seed <= 12; seed++) {
      const cloud = randomCloud({
        seed,
        taskCount: 20,
        resourceCount: [3, 6],
        resourceStorageGb: [60, 200],
        historyCount: 0,
      })
      const { tasks, resources, hidden } = cloud
      const times = effectiveTimes(tasks, resources, hidden)
      const oracle = oracleAllocation(cloud, solve)
      const best = evaluateAllocation(oracle, tasks, resources, times)
      expect(best.storageUse).toBeLessThanOrEqual(1 + 1e-6)
      for (let i = 0; i < tasks.length; i++) {
        const sum = oracle.ratios.subarray(i * resources.length, (i + 1) * resources.length).reduce((a, b) => a + b)
        expect(sum).toBeCloseTo(1, 6)
        expect(best.qosMet[i]).toBe(!oracle.infeasible.includes(i))
      }
      const inTurn = evaluateAllocation(roomyAllocation(tasks, resources, times), tasks, resources, times)
      if (inTurn.qosRate === 1) expect(best.cost).toBeLessThanOrEqual(inTurn.cost * (1 + 1e-6))
    }
  })
})

describe('greedies', () => {
  const pair = [task({ latencySeconds: 6 }), task({ latencySeconds: 12 })]
  const times = effectiveTimes(pair, slowAndFast)

  test('cheapest first: the cheapest that meets the bound', () => {
    expect([...cheapestFirst(pair, slowAndFast, times, 'whole').ratios]).toEqual([0, 1, 1, 0])
    // Split: 6 of 10 s on the slow one, the rest on the fast one.
    expect([...cheapestFirst(pair, slowAndFast, times, 'split').ratios]).toEqual([0.6, 0.4, 1, 0])
  })

  test('earliest finish: after the work that is already there', () => {
    // First on the fast one until 5; there the second would end at 10, as on the slow one: the first of equals is taken.
    expect([...earliestFinish(pair, slowAndFast, times, 'whole').ratios]).toEqual([0, 1, 1, 0])
    expect([...earliestFinish(pair, slowAndFast, times, 'split').ratios].map((a) => a * 3)).toEqual([1, 2, 1, 2])
  })

  test('min-min: the task that ends first goes first', () => {
    // The second task has a tenth of the work, 0.5 s on the fast one, and is placed first; the first one then ends there at
    // 5.5 s.
    const unequal = [task(), task({ computeGflop: 10 })]
    const t = effectiveTimes(unequal, slowAndFast)
    expect([...minMinAllocation(unequal, slowAndFast, t, 'whole').ratios]).toEqual([0, 1, 0, 1])
    // Split: both resources end together at 1/3 s, then the first task ends on both after another 10/3 s.
    const { ratios } = minMinAllocation(unequal, slowAndFast, t, 'split')
    expect([...ratios].map((a) => Math.round(a * 3e9) / 1e9)).toEqual([1, 2, 1, 2])
  })

  test('keep the capacities, and place every task', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(cheapestFirst, earliestFinish, minMinAllocation), (seed, greedy) => {
        const { tasks, resources } = randomCloud({
          seed,
          resourceCount: [3, 6],
          resourceStorageGb: [50, 200],
          historyCount: 0,
        })
        const nominal = effectiveTimes(tasks, resources)
        for (const form of ['whole', 'split'] as const) {
          const allocation = greedy(tasks, resources, nominal, form)
          const { storageUse } = evaluateAllocation(allocation, tasks, resources, nominal)
          expect(storageUse).toBeLessThanOrEqual(1 + 1e-9)
          for (let i = 0; i < tasks.length; i++) {
            const row = allocation.ratios.subarray(i * resources.length, (i + 1) * resources.length)
            expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 9)
          }
        }
      }),
      { numRuns: 40 },
    )
  })
})
