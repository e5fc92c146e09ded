import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, isEligible } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { cloudInstance } from '../../src/workload/cloud-instance.ts'
import { lengthFamilies, speedFamilies } from '../../src/workload/families.ts'
import type { GeneratedInstance } from '../../src/workload/generator-options.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'
import { priceOfSpeed } from '../../src/workload/price.ts'
import { randomInstance } from '../../src/workload/random-instance.ts'
import { exampleCatalogue } from '../../src/workload/vm-catalogue.ts'
import { caught } from '../caught.ts'

const lengths = ({ tasks }: GeneratedInstance): number[] => tasks.map((task) => task.lengthMi!)
const speeds = ({ vms }: GeneratedInstance): number[] => vms.map((vm) => vm.speedMips!)
const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length

describe('priceOfSpeed', () => {
  test('by hand', () => {
    // (0.25)^1.5 = 0.125; twice that
    expect(priceOfSpeed(250, 1.5, 2)).toBe(0.25)
    expect(priceOfSpeed(1000, 1.7, 3)).toBe(3)
    expect(priceOfSpeed(500, 1, 1)).toBe(0.5)
  })
})

describe('paperInstance', () => {
  test('whole lengths U[60000, 120000], whole speeds U[400, 1200], 5 VMs, prices by the rule', () => {
    const instance = paperInstance({ taskCount: 20_000, vmCount: 2000, seed: 3 })
    // U[a, b]: mean (a + b) / 2, deviation (b - a) / sqrt(12)
    expect(Math.abs(meanOf(lengths(instance)) - 90_000)).toBeLessThan((4 * 17_321) / Math.sqrt(20_000))
    expect(Math.abs(meanOf(speeds(instance)) - 800)).toBeLessThan((4 * 231) / Math.sqrt(2000))
    for (const [values, low, high] of [
      [lengths(instance), 60_000, 120_000],
      [speeds(instance), 400, 1200],
    ] as const) {
      expect(values.every((x) => Number.isInteger(x) && x >= low && x <= high)).toBe(true)
    }
    for (const { speedMips, pricePerSecond } of instance.vms) {
      expect(pricePerSecond).toBeCloseTo((speedMips! / 1000) ** 1.5, 12)
    }
    expect(paperInstance({ taskCount: 3 }).vms).toHaveLength(5)
  })

  test('pinned for seed 1: the figures of the benchmarks hang on it', () => {
    expect(paperInstance({ taskCount: 3, vmCount: 2, seed: 1 })).toEqual({
      tasks: [{ lengthMi: 93_684 }, { lengthMi: 111_977 }, { lengthMi: 65_060 }],
      vms: [
        { speedMips: 650, pricePerSecond: 0.5240467536394058 },
        { speedMips: 990, pricePerSecond: 0.9850375627355538 },
      ],
    })
  })

  test('the same seed gives the same instance, another seed another', () => {
    expect(paperInstance({ taskCount: 10, seed: 4 })).toEqual(paperInstance({ taskCount: 10, seed: '4' }))
    expect(paperInstance({ taskCount: 10, seed: 4 })).not.toEqual(paperInstance({ taskCount: 10, seed: 5 }))
    expect(paperInstance({ taskCount: 10 })).toEqual(paperInstance({ taskCount: 10, seed: 'cloudsched' }))
  })

  test('a larger instance begins with the smaller one', () => {
    const small = paperInstance({ taskCount: 10, seed: 1 })
    const large = paperInstance({ taskCount: 50, vmCount: 8, seed: 1 })
    expect(large.tasks.slice(0, 10)).toEqual(small.tasks)
    expect(large.vms.slice(0, 5)).toEqual(small.vms)
  })

  test('at priceExponent 1 every schedule costs the same', () => {
    const problem = createProblem(paperInstance({ taskCount: 12, seed: 2, priceExponent: 1 }))
    const assignment = fc.array(fc.nat({ max: 4 }), { minLength: 12, maxLength: 12 })
    const costs = fc.sample(assignment, { numRuns: 20, seed: 1 }).map((one) => evaluate(problem, one).cost!)
    for (const cost of costs) expect(cost).toBeCloseTo(costs[0]!, 8)
  })

  test('priceScale multiplies every price', () => {
    const prices = (priceScale: number): number[] =>
      paperInstance({ taskCount: 0, seed: 1, priceScale }).vms.map((vm) => vm.pricePerSecond!)
    expect(prices(2)).toEqual(prices(1).map((price) => 2 * price))
    expect(prices(0)).toEqual([0, 0, 0, 0, 0])
  })

  test('no tasks is an instance, too', () => {
    expect(createProblem(paperInstance({ taskCount: 0 })).taskCount).toBe(0)
  })
})

describe('randomInstance', () => {
  test.each(Object.keys(lengthFamilies) as (keyof typeof lengthFamilies)[])(
    'lengths of the family %s are whole and near a mean of 90 000',
    (family) => {
      const values = lengths(
        randomInstance({ taskCount: 50_000, vmCount: 1, seed: 1, lengthMi: lengthFamilies[family] }),
      )
      expect(values.every((x) => Number.isInteger(x) && x >= 1)).toBe(true)
      expect(Math.abs(meanOf(values) / 90_000 - 1)).toBeLessThan(0.08)
    },
  )

  test.each(Object.keys(speedFamilies) as (keyof typeof speedFamilies)[])(
    'speeds of the family %s make a valid problem',
    (family) => {
      const problem = createProblem(
        randomInstance({ taskCount: 5, vmCount: 200, seed: 1, speedMips: speedFamilies[family] }),
      )
      expect(problem.speedMips!.every((x) => Number.isInteger(x) && x >= 100 && x <= 10_000)).toBe(true)
    },
  )

  test('a draw below 1 becomes 1', () => {
    expect(lengths(randomInstance({ taskCount: 3, vmCount: 1, lengthMi: { kind: 'constant', value: 0 } }))).toEqual([
      1, 1, 1,
    ])
  })

  test('Poisson arrivals: ascending whole milliseconds, mean gap 1 / rate', () => {
    const { tasks } = randomInstance({
      taskCount: 10_000,
      vmCount: 1,
      seed: 1,
      arrivals: { kind: 'poisson', perSecond: 4 },
    })
    const times = tasks.map((task) => task.arrivalSeconds!)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times.every((time) => Math.abs(time * 1000 - Math.round(time * 1000)) < 1e-6)).toBe(true)
    // mean 0.25 s, deviation of the sum of 10 000 exponential gaps 0.25 * 100 = 25 s
    expect(Math.abs(times.at(-1)! - 2500)).toBeLessThan(4 * 25)
  })

  test('batched arrivals: tasks of a batch come in together', () => {
    const { tasks } = randomInstance({
      taskCount: 10,
      vmCount: 1,
      seed: 1,
      arrivals: { kind: 'batched', batchesPerSecond: 0.1, batchSize: { kind: 'constant', value: 4 } },
    })
    const times = tasks.map((task) => task.arrivalSeconds!)
    // batches of 4, 4 and the 2 that are left
    expect(new Set(times).size).toBe(3)
    expect(times.map((time) => times.indexOf(time))).toEqual([0, 0, 0, 0, 4, 4, 4, 4, 8, 8])
  })

  test('deadlines: arrival + slack * time on the fastest VM', () => {
    const { tasks, vms } = randomInstance({
      taskCount: 20,
      vmCount: 3,
      seed: 1,
      arrivals: { kind: 'poisson', perSecond: 1 },
      deadlineSlack: { kind: 'constant', value: 2 },
    })
    const fastest = Math.max(...vms.map((vm) => vm.speedMips!))
    for (const { lengthMi, arrivalSeconds, deadlineSeconds } of tasks) {
      expect(deadlineSeconds).toBeCloseTo(arrivalSeconds! + (2 * lengthMi!) / fastest, 3)
    }
  })

  test('arrivals and deadlines leave lengths and VMs as they were', () => {
    const plain = randomInstance({ taskCount: 20, vmCount: 3, seed: 1 })
    const timed = randomInstance({
      taskCount: 20,
      vmCount: 3,
      seed: 1,
      deadlineSlack: { kind: 'uniform', min: 1, max: 3 },
    })
    expect(lengths(timed)).toEqual(lengths(plain))
    expect(timed.vms).toEqual(plain.vms)
    expect(Object.keys(plain.tasks[0]!)).toEqual(['lengthMi'])
  })
})

describe('cloudInstance', () => {
  test('every task fits somewhere, and not every task everywhere', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (taskCount, vmCount, seed, labelShare) => {
          const problem = createProblem(cloudInstance({ taskCount, vmCount, seed, labelShare }))
          expect(problem.taskCount).toBe(taskCount)
        },
      ),
      { numRuns: 50 },
    )
    const problem = createProblem(cloudInstance({ taskCount: 300, vmCount: 30, seed: 1 }))
    const eligible = Array.from(
      { length: 300 },
      (_, task) => Array.from({ length: 30 }, (_x, vm) => isEligible(problem, task, vm)).filter(Boolean).length,
    )
    expect(Math.min(...eligible)).toBeLessThan(10)
    expect(Math.max(...eligible)).toBe(30)
  })

  test('VM types by weight, named by type and number', () => {
    const { vms } = cloudInstance({ taskCount: 0, vmCount: 16_000, seed: 1 })
    // weights 4 4 3 2 2 1 of 16
    for (const { name, weight } of exampleCatalogue) {
      const share = vms.filter(({ id }) => id!.startsWith(`${name}-`)).length / vms.length
      expect(Math.abs(share - weight / 16)).toBeLessThan((4 * 0.5) / Math.sqrt(vms.length))
    }
    expect(new Set(vms.map(({ id }) => id)).size).toBe(vms.length)
  })

  test('demands are whole amounts of the resources of the host', () => {
    const { tasks } = cloudInstance({ taskCount: 500, vmCount: 10, seed: 2 })
    for (const { demand } of tasks)
      expect(Object.values(demand!).every((amount) => Number.isInteger(amount) && amount >= 1)).toBe(true)
  })

  test('labelShare of the tasks insist on a label', () => {
    const insist = (labelShare: number): number =>
      cloudInstance({ taskCount: 2000, vmCount: 10, seed: 1, labelShare }).tasks.filter((task) => task.requiredLabels)
        .length
    expect(insist(0)).toBe(0)
    expect(Math.abs(insist(0.2) / 2000 - 0.2)).toBeLessThan(4 * Math.sqrt(0.16 / 2000))
    expect(insist(1)).toBe(2000)
  })

  test.each([0, 0.5, 1])('rank correlation %d between length and demand share', (correlation) => {
    const only = [{ name: 'one', weight: 1, speedMips: 1000, pricePerSecond: 1, capacity: { memoryMib: 1_000_000 } }]
    const { tasks } = cloudInstance({ taskCount: 4000, vmCount: 1, seed: 1, catalogue: only, correlation })
    const rho = rankCorrelation(
      tasks.map((task) => task.lengthMi!),
      tasks.map((task) => task.demand!['memoryMib']!),
    )
    expect(Math.abs(rho - correlation)).toBeLessThan(0.06)
  })

  test('deadlines count from the host: a slack of 1 is its running time', () => {
    const only = [{ name: 'one', weight: 1, speedMips: 500, pricePerSecond: 1, capacity: { cpu: 4 } }]
    const { tasks } = cloudInstance({
      taskCount: 10,
      vmCount: 2,
      seed: 1,
      catalogue: only,
      deadlineSlack: { kind: 'constant', value: 1 },
    })
    for (const { lengthMi, deadlineSeconds } of tasks) expect(deadlineSeconds).toBeCloseTo(lengthMi! / 500, 3)
  })

  test('VMs without labels and resources are a catalogue, too', () => {
    const bare = [{ name: 'bare', weight: 1, speedMips: 500, pricePerSecond: 0, capacity: {} }]
    const problem = createProblem(cloudInstance({ taskCount: 5, vmCount: 2, catalogue: bare, labelShare: 1 }))
    expect(problem.eligibility).toBeNull()
  })
})

/** Spearman's rho of values that are mostly different. */
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const ranks = (values: readonly number[]): number[] => {
    const order = [...values.keys()].sort((i, j) => values[i]! - values[j]!)
    const rank: number[] = []
    order.forEach((index, place) => {
      rank[index] = place
    })
    return rank
  }
  const [first, second] = [ranks(a), ranks(b)]
  const squares = first.reduce((sum, rank, i) => sum + (rank - second[i]!) ** 2, 0)
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1))
}

describe('bad options', () => {
  test.each<[string, () => unknown, string]>([
    ['no task count', () => paperInstance({} as never), 'options.taskCount'],
    ['no VM count', () => randomInstance({ taskCount: 1 } as never), 'options.vmCount'],
    ['a broken task count', () => paperInstance({ taskCount: 1.5 }), 'options.taskCount'],
    ['endless tasks', () => paperInstance({ taskCount: Infinity }), 'options.taskCount'],
    ['no VMs', () => paperInstance({ taskCount: 1, vmCount: 0 }), 'options.vmCount'],
    ['a seed that is NaN', () => paperInstance({ taskCount: 1, seed: Number.NaN }), 'options.seed'],
    ['a misspelt key', () => paperInstance({ taskCount: 1, priceexponent: 2 } as never), 'options.priceexponent'],
    ['a negative scale', () => paperInstance({ taskCount: 1, priceScale: -1 }), 'options.priceScale'],
    [
      'a broken law',
      () => randomInstance({ taskCount: 1, vmCount: 1, lengthMi: { kind: 'uniform', min: 2, max: 1 } }),
      'options.lengthMi',
    ],
    [
      'a rate of 0',
      () => randomInstance({ taskCount: 1, vmCount: 1, arrivals: { kind: 'poisson', perSecond: 0 } }),
      'options.arrivals',
    ],
    [
      'batches without a size',
      () => randomInstance({ taskCount: 1, vmCount: 1, arrivals: { kind: 'batched', batchesPerSecond: 1 } as never }),
      'options.arrivals',
    ],
    ['no arrivals', () => randomInstance({ taskCount: 1, vmCount: 1, arrivals: 3 as never }), 'options.arrivals'],
    ['an empty catalogue', () => cloudInstance({ taskCount: 1, vmCount: 1, catalogue: [] }), 'options.catalogue'],
    [
      'a catalogue of names',
      () => cloudInstance({ taskCount: 1, vmCount: 1, catalogue: ['small'] as never }),
      'options.catalogue',
    ],
    [
      'a type without speed',
      () => cloudInstance({ taskCount: 1, vmCount: 1, catalogue: [{ name: 'a', weight: 1 }] as never }),
      'options.catalogue',
    ],
    ['a correlation above 1', () => cloudInstance({ taskCount: 1, vmCount: 1, correlation: 2 }), 'options.correlation'],
  ])('%s', (_, call, path) => {
    expect(caught(call)).toMatchObject({ code: 'invalid-option', path })
  })
})
