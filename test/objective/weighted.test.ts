import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { gapOf, gapOfSchedule, readTimeWeight, resolveTimeWeight, weightedEst } from '../../src/objective/weighted.ts'
import { caught } from '../caught.ts'

const priced = createProblem({ etc: [[1]], vms: [{ pricePerSecond: 1 }] })
const priceless = createProblem({ etc: [[1]] })

test('the weight is 0.5 with prices and 1 without, unless it is given', () => {
  expect(resolveTimeWeight(priced, undefined)).toBe(0.5)
  expect(resolveTimeWeight(priceless, undefined)).toBe(1)
  expect([0, 0.3, 1].map((weight) => resolveTimeWeight(priced, weight))).toEqual([0, 0.3, 1])
  expect(resolveTimeWeight(priceless, 1)).toBe(1)
})

test.each([[-1], [2], [Number.NaN], ['1'], [null], [true]])('%s is no weight', (weight) => {
  expect(caught(() => readTimeWeight(priced, { timeWeight: weight as number })).expected).toBe('a number in [0, 1]')
})

describe('weightedEst', () => {
  test('is equation (7)', () => {
    // 0.25 ln e^4 + 0.75 ln e^2 = 1 + 1.5
    expect(weightedEst(0.25, Math.exp(4), Math.exp(2))).toBeCloseTo(2.5, 12)
  })

  test('does not look at what has no weight', () => {
    expect(weightedEst(1, 8, Number.NaN)).toBe(weightedEst(1, 8, 0))
    expect(weightedEst(0, Number.NaN, 8)).toBe(weightedEst(0, 0, 8))
  })

  test('a free schedule is finite, and less than any paid one', () => {
    const free = weightedEst(0.5, 1e9, 0)
    expect(Number.isFinite(free)).toBe(true)
    expect(free).toBeLessThan(weightedEst(0.5, 1e-9, 1e-200))
  })

  test('less time or less money is never worse', () => {
    const amount = fc.double({ min: 0, max: 1e300, noNaN: true })
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), amount, amount, amount, (weight, a, b, other) => {
        const [less, more] = a < b ? [a, b] : [b, a]
        expect(weightedEst(weight, less, other)).toBeLessThanOrEqual(weightedEst(weight, more, other))
        expect(weightedEst(weight, other, less)).toBeLessThanOrEqual(weightedEst(weight, other, more))
      }),
    )
  })
})

describe('the gap', () => {
  test('of est 0.01 above the bound is exp(0.01) - 1', () => {
    expect(gapOf(2.01, 2)).toBeCloseTo(0.010050167084168, 12)
  })

  test('is 0 at the bound, and where rounding put est a little beside it', () => {
    expect([gapOf(3, 3), gapOf(3, 3 + 4e-16), gapOf(3 + 4e-16, 3)]).toEqual([0, 0, 0])
    expect(gapOf(1 + 1e-11, 1)).toBeGreaterThan(0)
  })

  test('is not known for a schedule with unplaced tasks: the bound speaks of all of them', () => {
    const problem = createProblem({ etc: [[4], [5]] })
    expect(gapOfSchedule(evaluate(problem, [0, 0]), Math.log(9))).toBe(0)
    expect(gapOfSchedule(evaluate(problem, [0, -1]), Math.log(9))).toBeNull()
    expect(gapOfSchedule(evaluate(problem, [0, 0]), null)).toBeNull()
    expect(gapOfSchedule(evaluate(problem, [-1, -1]), 0)).toBeNull()
  })
})
