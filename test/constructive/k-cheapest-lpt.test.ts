import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { earliestFinish } from '../../src/constructive/earliest-finish.ts'
import { kCheapestLpt, kCheapestLptAssignment, lptPlans } from '../../src/constructive/k-cheapest-lpt.ts'
import { longestFirst } from '../../src/constructive/task-order.ts'
import { createProblem, isEligible, type Problem } from '../../src/model/problem.ts'
import { lowerBound } from '../../src/objective/bounds.ts'
import { evaluateUnchecked } from '../../src/objective/evaluate.ts'
import { anyProblem, uniform } from './textbook.ts'

/** A fast dear VM, 4 / 2 = 2 per MI, and a slow cheap one, 1 per MI. */
const pair = createProblem({
  tasks: [{ lengthMi: 6 }, { lengthMi: 3 }],
  vms: [
    { speedMips: 2, pricePerSecond: 4 },
    { speedMips: 1, pricePerSecond: 1 },
  ],
})

describe('by hand', () => {
  // k = 1: all on VM 1, 9 s for 9. k = 2: 6 MI to VM 0 (3 s < 6 s), 3 MI to VM 1 (3 s < 4.5 s): 3 s for 12 + 3 = 15.
  test.each([
    // Cost alone: 9 < 15.
    [0, [1, 1]],
    // 9^0.2 9^0.8 = 9 < 3^0.2 15^0.8 = 10.9
    [0.2, [1, 1]],
    // 9 9 = 81 > 3 15 = 45
    [0.5, [0, 1]],
    // Time alone: 3 < 4.5, the time of the one fastest VM.
    [1, [0, 1]],
  ])('uniform machines at a weight of %s', (timeWeight, expected) => {
    expect([...kCheapestLptAssignment(pair, timeWeight)]).toEqual(expected)
  })

  // Prices 1 and 0.5: task 0 costs 3 or 2.5, task 1 2 or 3.5, task 2 4 or 2. k = 1: [1, 0, 1], 2 s and 9 s for 6.5.
  // k = 2 in the order 2, 0, 1: 4 s on both, VM 1 is cheaper; 3 s < 9 s; 5 s < 11 s: 5 s and 4 s for 5 + 2 = 7.
  // At 0.5: 9 6.5 = 58.5 > 5 7 = 35.
  const etc = [
    [3, 5],
    [2, 7],
    [4, 4],
  ]
  const unrelated = createProblem({ etc, vms: [{ pricePerSecond: 1 }, { pricePerSecond: 0.5 }] })
  test.each([
    [0, [1, 0, 1]],
    [0.5, [0, 0, 1]],
  ])('unrelated machines at a weight of %s', (timeWeight, expected) => {
    expect([...kCheapestLptAssignment(unrelated, timeWeight)]).toEqual(expected)
  })

  test('without prices the fastest VMs count', () => {
    // k = 1: every task where it is fastest, 3 + 2 + 4 = 9 s. k = 2 is LPT with 6 s.
    expect(kCheapestLpt(createProblem({ etc })).evaluation.timeSeconds).toBe(6)
  })
})

/** LPT on the k VMs of least price per MI, for all k. */
function bestOfAll(problem: Problem & { readonly etc: null }, timeWeight: number): number {
  const order = longestFirst(problem)
  const price = problem.pricePerSecond!.map((perSecond, vm) => perSecond / problem.speedMips[vm]!)
  const byPrice = Int32Array.from(price.keys()).sort(
    (a, b) => price[a]! - price[b]! || problem.speedMips[b]! - problem.speedMips[a]! || a - b,
  )
  const ests = Array.from(byPrice, (_, index) => {
    const vms = byPrice.slice(0, index + 1).sort()
    return evaluateUnchecked(
      problem,
      earliestFinish(problem, order, () => vms),
      timeWeight,
    ).est!
  })
  return Math.min(...ests)
}

test('on uniform machines no k is better, though few are tried', () => {
  fc.assert(
    fc.property(uniform, fc.constantFrom(0, 0.1, 0.3, 0.5, 0.7, 0.9), (problem, timeWeight) => {
      if (problem.taskCount === 0 || problem.etc) return
      const { est } = evaluateUnchecked(problem, kCheapestLptAssignment(problem, timeWeight), timeWeight)
      expect(est).toBeCloseTo(bestOfAll(problem, timeWeight), 12)
    }),
    { numRuns: 300 },
  )
})

test('respects who may take what', () => {
  fc.assert(
    fc.property(anyProblem, fc.constantFrom(0, 0.5, 1), (problem, timeWeight) => {
      const assignment = kCheapestLptAssignment(problem, timeWeight)
      assignment.forEach((vm, task) => expect(isEligible(problem, task, vm)).toBe(true))
    }),
    { numRuns: 200 },
  )
})

test('at a weight of 0 nothing is cheaper', () => {
  fc.assert(
    fc.property(anyProblem, (problem) => {
      const { cost } = evaluateUnchecked(problem, kCheapestLptAssignment(problem, 0), 0)
      expect(cost!).toBeLessThanOrEqual(lowerBound(problem, { timeWeight: 0 }).cost! * (1 + 1e-12))
    }),
  )
})

test('no plan falls below its floor', () => {
  fc.assert(
    fc.property(uniform, fc.constantFrom(0.2, 0.5, 0.8, 1), (problem, timeWeight) => {
      if (problem.taskCount === 0) return
      for (const { floor, place } of lptPlans(problem, timeWeight, problem.pricePerSecond!)) {
        expect(evaluateUnchecked(problem, place(), timeWeight).est).toBeGreaterThanOrEqual(floor - 1e-12)
      }
    }),
  )
})
