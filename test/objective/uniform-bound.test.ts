import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, type Problem } from '../../src/model/problem.ts'
import { costOf, longest, vmSecondsOf } from '../../src/objective/evaluate.ts'
import { type BoundFigures, uniformBound } from '../../src/objective/uniform-bound.ts'
import { weightedEst } from '../../src/objective/weighted.ts'
import { forEachAssignment, uniformProblems } from '../small-problems.ts'

const weights = [0, 0.1, 0.3, 0.5, 0.9, 1]

function boundOf(problem: Problem, timeWeight: number): BoundFigures {
  if (problem.etc !== null) throw new Error('The problem is not uniform.')
  return uniformBound(problem, timeWeight)
}

function problemOf(lengthMi: number[], speedMips: number[], pricePerSecond: number[]): Problem {
  return createProblem({ tasks: { lengthMi }, vms: { speedMips, pricePerSecond } })
}

/** The least est, time and cost of all assignments. */
function optimumOf(problem: Problem, timeWeight: number): BoundFigures {
  let [est, timeSeconds, cost] = [Infinity, Infinity, Infinity]
  forEachAssignment(problem, (assignment) => {
    const vmSeconds = vmSecondsOf(problem, assignment)
    const time = longest(vmSeconds)
    const money = costOf(vmSeconds, problem.pricePerSecond!)
    est = Math.min(est, weightedEst(timeWeight, time, money))
    timeSeconds = Math.min(timeSeconds, time)
    cost = Math.min(cost, money)
  })
  return { est, timeSeconds, cost }
}

const rounding = 1 + 1e-12

describe('never above the optimum', () => {
  test.each(weights)('at a weight of %s', (timeWeight) => {
    fc.assert(
      fc.property(uniformProblems({ tasks: 6, vms: 3 }), (problem) => {
        const bound = boundOf(problem, timeWeight)
        const optimum = optimumOf(problem, timeWeight)
        expect(bound.est).toBeLessThanOrEqual(optimum.est + 1e-12)
        expect(bound.timeSeconds).toBeLessThanOrEqual(optimum.timeSeconds * rounding)
        expect(bound.cost).toBeLessThanOrEqual(optimum.cost * rounding)
      }),
      { numRuns: 150 },
    )
  })
})

describe('tight where tasks need not be cut', () => {
  test('one VM, any weight', () => {
    // 30 / 5 = 6 s at 2 = 12
    const problem = problemOf([10, 20], [5], [2])
    for (const weight of weights)
      expect(boundOf(problem, weight).est).toBeCloseTo(weight * Math.log(6) + (1 - weight) * Math.log(12), 12)
  })

  test('equal VMs that share equal tasks evenly', () => {
    // 6 tasks of 4 on 3 VMs of speed 2: 2 tasks each, 4 s; 3 VMs x 4 s at 5 = 60
    const problem = problemOf([4, 4, 4, 4, 4, 4], [2, 2, 2], [5, 5, 5])
    const expected = 0.5 * Math.log(4) + 0.5 * Math.log(60)
    expect(boundOf(problem, 0.5)).toMatchObject({ timeSeconds: 4, cost: 60 })
    expect(boundOf(problem, 0.5).est).toBeCloseTo(expected, 12)
    expect(optimumOf(problem, 0.5).est).toBeCloseTo(expected, 12)
  })

  test('cost alone: all on the VM of the least price per unit of work', () => {
    // prices per unit: 4/8 = 0.5, 3/4 = 0.75; 12 units at 0.5 = 6
    expect(boundOf(problemOf([5, 7], [8, 4], [4, 3]), 0).cost).toBe(6)
    expect(boundOf(problemOf([5, 7], [8, 4], [4, 3]), 0).est).toBeCloseTo(Math.log(6), 12)
  })

  test('one long task: it takes its time on the fastest VM', () => {
    // q = 1: 100 / 4 = 25 s; q = 2: (100 + 1) / (4 + 1) = 20.2 s
    expect(boundOf(problemOf([1, 100], [1, 4], [1, 1]), 1).timeSeconds).toBe(25)
  })

  test('two long tasks: they take their time on the two fastest', () => {
    // q = 1: 60/4 = 15; q = 2: (60 + 60)/(4 + 2) = 20; q = 3: (60 + 60 + 1)/(4 + 2 + 2) = 15.125
    expect(boundOf(problemOf([60, 1, 60], [2, 4, 2], [1, 1, 1]), 1).timeSeconds).toBe(20)
  })

  test('a trade-off between one cheap VM and both', () => {
    // W = 12. One VM (speed 1, price 1): T = 12, C = 12. Both (speed 3, price 1 + 9): T = 4, C = 40, and 12/3 is also the shortest time.
    const problem = problemOf([4, 8], [1, 2], [1, 9])
    const one = (weight: number): number => weight * Math.log(12) + (1 - weight) * Math.log(12)
    const both = (weight: number): number => weight * Math.log(4) + (1 - weight) * Math.log(40)
    // They are equal where weight * ln 3 = (1 - weight) * ln(10/3): weight = 0.523.
    for (const weight of [0, 0.3, 0.5]) expect(boundOf(problem, weight).est).toBeCloseTo(one(weight), 12)
    for (const weight of [0.55, 0.9, 1]) expect(boundOf(problem, weight).est).toBeCloseTo(both(weight), 12)
    for (const weight of weights) expect(optimumOf(problem, weight).est).toBeCloseTo(boundOf(problem, weight).est, 12)
  })
})

describe('is the least est of the relaxation in which tasks may be cut', () => {
  /** Fills the VMs up to time T by price per unit of work, and takes the best T of a fine grid. */
  function byGrid(
    { lengthMi, speedMips, pricePerSecond }: Problem & { readonly etc: null },
    timeWeight: number,
    shortest: number,
  ): number {
    const work = lengthMi.reduce((sum, x) => sum + x, 0)
    const order = Array.from(speedMips.keys()).toSorted(
      (a, b) => pricePerSecond![a]! / speedMips[a]! - pricePerSecond![b]! / speedMips[b]!,
    )
    const longestTime = Math.max(shortest, work / speedMips[order[0]!]!)
    let least = Infinity
    for (let step = 0; step <= 4000; step++) {
      const time = shortest * (longestTime / shortest) ** (step / 4000)
      let left = work
      let cost = 0
      for (const vm of order) {
        const done = Math.min(left, time * speedMips[vm]!)
        cost += (done / speedMips[vm]!) * pricePerSecond![vm]!
        left -= done
        // What is left by rounding alone would cost something on a VM that is 10^12 times as dear.
        if (left < 1e-12 * work) left = 0
      }
      least = Math.min(least, weightedEst(timeWeight, time, cost))
    }
    return least
  }

  test.each(weights)('at a weight of %s', (timeWeight) => {
    fc.assert(
      fc.property(uniformProblems({ tasks: 9, vms: 5 }), (problem) => {
        if (problem.etc !== null) throw new Error('The problem is not uniform.')
        const { est, timeSeconds } = boundOf(problem, timeWeight)
        const grid = byGrid(problem, timeWeight, timeSeconds)
        expect(est).toBeLessThanOrEqual(grid + 1e-12)
        // One step of the grid is a factor of at most (1e9)^(1/4000) = 1.0052 in time, and no more in cost.
        expect(grid - est).toBeLessThan(0.0053)
      }),
      {
        numRuns: 40,
        examples: [
          [problemOf([0.0010719951154573029, 0.001], [0.001, 3621.8791607404023], [110771.71971768093, 0.001])],
        ],
      },
    )
  })
})

test('other units shift it as they shift est', () => {
  fc.assert(
    fc.property(uniformProblems({ tasks: 6, vms: 4 }), fc.constantFrom(...weights), (problem, timeWeight) => {
      if (problem.etc !== null) throw new Error('The problem is not uniform.')
      const { lengthMi, speedMips, pricePerSecond } = problem
      // Prices in hundredths: cost x 100. Lengths x 3: time and cost x 3.
      const scaled = problemOf(
        Array.from(lengthMi, (x) => 3 * x),
        Array.from(speedMips),
        Array.from(pricePerSecond!, (x) => 100 * x),
      )
      const shift = timeWeight * Math.log(3) + (1 - timeWeight) * Math.log(300)
      expect(boundOf(scaled, timeWeight).est).toBeCloseTo(boundOf(problem, timeWeight).est + shift, 9)
    }),
  )
})

test('large lengths and speeds that cancel do not overflow', () => {
  // 2 tasks of 1e300 at 1e300 MIPS: 2 s at 1e200 = 2e200
  expect(boundOf(problemOf([1e300, 1e300], [1e300], [1e200]), 0.5)).toMatchObject({ timeSeconds: 2, cost: 2e200 })
})
