import { describe, expect, test } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { correlatedEtc } from '../../src/workload/correlated-etc.ts'
import { type EtcInstance, etcInstance, makeConsistent } from '../../src/workload/etc-instance.ts'
import { type Heterogeneity, rangeBasedEtc } from '../../src/workload/range-based-etc.ts'
import { variationBasedEtc } from '../../src/workload/variation-based-etc.ts'
import { caught } from '../caught.ts'

function rowsOf({ etc }: EtcInstance): number[][] {
  const { values, vmCount } = etc
  return Array.from({ length: values.length / vmCount }, (_, task) =>
    Array.from(values.subarray(task * vmCount, (task + 1) * vmCount)),
  )
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, k) => k === 0 || values[k - 1]! <= value)
}

const columnsOf = (rows: readonly number[][]): number[][] => rows[0]!.map((_, vm) => rows.map((row) => row[vm]!))
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)
const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length

function variation(values: readonly number[]): number {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(values.map((x) => (x - mean) * (x - mean)))) / mean
}

describe('makeConsistent', () => {
  const matrix = (): Float64Array => Float64Array.of(5, 4, 3, 2, 1, 9, 1, 8, 2, 7)

  test('by hand, five VMs', () => {
    const consistent = matrix()
    makeConsistent(consistent, 5, 'consistent')
    expect([...consistent]).toEqual([1, 2, 3, 4, 5, 1, 2, 7, 8, 9])
    const semi = matrix()
    makeConsistent(semi, 5, 'semiConsistent')
    // columns 0, 2, 4 in order: 5 3 1 -> 1 3 5 and 9 8 7 -> 7 8 9
    expect([...semi]).toEqual([1, 4, 3, 2, 5, 7, 1, 8, 2, 9])
    const inconsistent = matrix()
    makeConsistent(inconsistent, 5, 'inconsistent')
    expect(inconsistent).toEqual(matrix())
  })
})

describe('prices of unrelated machines', () => {
  test('by hand: mean time of all over mean time of the VM, to the exponent', () => {
    // columns sum to 2 and 6, mean 4: relative speeds 2 and 2/3; squared, times 10
    const { vms } = etcInstance(Float64Array.of(1, 2, 1, 4), 2, { priceExponent: 2, priceScale: 10 })
    expect(vms!.map((vm) => vm.pricePerSecond)).toEqual([40, expect.closeTo(40 / 9, 12)])
  })

  test('none without an exponent, and of mean speed without tasks', () => {
    expect(etcInstance(Float64Array.of(1, 2), 2, {})).toEqual({ etc: { values: Float64Array.of(1, 2), vmCount: 2 } })
    expect(etcInstance(new Float64Array(0), 2, { priceExponent: 1.5 }).vms).toEqual([
      { pricePerSecond: 1 },
      { pricePerSecond: 1 },
    ])
  })
})

describe('rangeBasedEtc', () => {
  test.each<[Heterogeneity, number, number]>([
    ['hihi', 3000, 1000],
    ['hilo', 3000, 10],
    ['lohi', 100, 1000],
    ['lolo', 100, 10],
  ])(
    '%s: mean (1 + taskRange)/2 (1 + vmRange)/2, all times in [1, taskRange vmRange)',
    (heterogeneity, taskRange, vmRange) => {
      const { values } = rangeBasedEtc({ taskCount: 4000, vmCount: 8, seed: 1, heterogeneity }).etc
      const mean = ((1 + taskRange) / 2) * ((1 + vmRange) / 2)
      // The means of 4000 tasks vary by 0.577 / sqrt(4000) = 0.9 %; four of these and the VMs' part.
      expect(Math.abs(meanOf([...values]) / mean - 1)).toBeLessThan(0.05)
      expect(values.every((x) => x >= 1 && x < taskRange * vmRange)).toBe(true)
    },
  )

  test('consistency holds in every row', () => {
    const options = { taskCount: 50, vmCount: 9, seed: 2 }
    expect(rowsOf(rangeBasedEtc({ ...options, consistency: 'consistent' })).every(isAscending)).toBe(true)
    const semi = rowsOf(rangeBasedEtc({ ...options, consistency: 'semiConsistent' }))
    expect(semi.every((row) => isAscending(row.filter((_, vm) => vm % 2 === 0)))).toBe(true)
    expect(semi.some((row) => !isAscending(row.filter((_, vm) => vm % 2 === 1)))).toBe(true)
    expect(rowsOf(rangeBasedEtc(options)).some(isAscending)).toBe(false)
  })

  test('the classes of one seed hold the same times', () => {
    const sorted = (consistency: 'consistent' | 'inconsistent'): number[] =>
      [...rangeBasedEtc({ taskCount: 5, vmCount: 4, seed: 1, consistency }).etc.values].sort((a, b) => a - b)
    expect(sorted('consistent')).toEqual(sorted('inconsistent'))
  })

  test('makes a problem, with prices on request', () => {
    const problem = createProblem(rangeBasedEtc({ taskCount: 5, vmCount: 3, seed: 1, priceExponent: 1.5 }))
    expect(problem.pricePerSecond).toHaveLength(3)
    expect(createProblem(rangeBasedEtc({ taskCount: 5, vmCount: 3, seed: 1 })).pricePerSecond).toBeNull()
  })
})

describe('variationBasedEtc', () => {
  test('mean and coefficients of variation are the asked ones', () => {
    const rows = rowsOf(
      variationBasedEtc({
        taskCount: 3000,
        vmCount: 40,
        seed: 1,
        meanSeconds: 200,
        taskVariation: 0.5,
        vmVariation: 0.2,
      }),
    )
    const taskMeans = rows.map(meanOf)
    expect(Math.abs(meanOf(taskMeans) / 200 - 1)).toBeLessThan((4 * 0.5) / Math.sqrt(3000))
    // variance of a row mean = that of q plus a 40th of that of the times: sqrt(0.25 + 0.04 * 1.25 / 40) = 0.501
    expect(Math.abs(variation(taskMeans) - 0.501)).toBeLessThan(0.03)
    expect(Math.abs(meanOf(rows.map(variation)) - 0.2)).toBeLessThan(0.01)
  })

  test('a variation above 1 is within reach', () => {
    const { values } = variationBasedEtc({ taskCount: 200, vmCount: 5, seed: 1, taskVariation: 1.5 }).etc
    expect(values.every((x) => x > 0 && x < Infinity)).toBe(true)
  })

  test('consistency holds', () => {
    expect(
      rowsOf(variationBasedEtc({ taskCount: 30, vmCount: 6, seed: 1, consistency: 'consistent' })).every(isAscending),
    ).toBe(true)
  })
})

describe('correlatedEtc', () => {
  test('uncorrelated: whole seconds in [min, max], both ends drawn', () => {
    const { values } = correlatedEtc({ taskCount: 500, vmCount: 10, seed: 1, minSeconds: 10, maxSeconds: 20 }).etc
    expect(new Set(values)).toEqual(new Set([10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]))
  })

  test('by task: the times of a task differ by at most 19; by VM: those on a VM', () => {
    const byTask = rowsOf(correlatedEtc({ taskCount: 100, vmCount: 10, seed: 1, correlation: 'task' }))
    const byVm = rowsOf(correlatedEtc({ taskCount: 100, vmCount: 10, seed: 1, correlation: 'vm' }))
    expect(Math.max(...byTask.map(spread))).toBeLessThanOrEqual(19)
    expect(Math.max(...columnsOf(byVm).map(spread))).toBeLessThanOrEqual(19)
    expect(Math.min(...columnsOf(byTask).map(spread))).toBeGreaterThan(19)
    expect(Math.max(...byVm.map(spread))).toBeGreaterThan(19)
    for (const seconds of [...byTask, ...byVm].flat())
      expect(seconds >= 2 && seconds <= 120 && Number.isInteger(seconds)).toBe(true)
  })
})

test.each<[string, () => unknown, string]>([
  [
    'a range upside down',
    () => correlatedEtc({ taskCount: 1, vmCount: 1, minSeconds: 5, maxSeconds: 4 }),
    'options.maxSeconds',
  ],
  [
    'an unknown heterogeneity',
    () => rangeBasedEtc({ taskCount: 1, vmCount: 1, heterogeneity: 'high' as never }),
    'options.heterogeneity',
  ],
  [
    'an unknown consistency',
    () => variationBasedEtc({ taskCount: 1, vmCount: 1, consistency: 'semi' as never }),
    'options.consistency',
  ],
  ['a variation of 0', () => variationBasedEtc({ taskCount: 1, vmCount: 1, vmVariation: 0 }), 'options.vmVariation'],
])('%s is refused', (_, call, path) => {
  expect(caught(call)).toMatchObject({ code: 'invalid-option', path })
})
