import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { dualBound, proveByDual } from '../../src/objective/dual-bound.ts'
import { uniformBound } from '../../src/objective/uniform-bound.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'
import { etcInstance } from '../rl/etc-instance.ts'
import { uniformProblems } from '../small-problems.ts'

test('a long task bounds the time where the relaxation would cut it', () => {
  // Half of it on each VM would take 4 s.
  expect(dualBound(createProblem({ etc: [[8, 8]] }), 1).timeSeconds).toBe(8)
})

test('the cost is that of every task where it is cheapest', () => {
  // 2 on VM 0 (3 s for 1/s are 3, 1 s for 2/s are 2), and 1 s for 1/s.
  const problem = createProblem({
    etc: [
      [3, 1],
      [1, 5],
    ],
    vms: [{ pricePerSecond: 1 }, { pricePerSecond: 2 }],
  })
  expect(dualBound(problem, 0.5).cost).toBe(3)
})

test('sees who may take what: all of the work that only one VM may take', () => {
  // 10 MI that need the GPU of speed 1, 2 MI that do not: 10 s; without the labels it would be 12 / 101.
  const problem = createProblem({
    tasks: [{ lengthMi: 10, demand: { gpu: 1 } }, { lengthMi: 2 }],
    vms: [{ speedMips: 1, capacity: { gpu: 1 } }, { speedMips: 100 }],
  })
  expect(dualBound(problem, 1).timeSeconds).toBe(10)
})

test.each([0, 0.1, 0.5, 0.9, 1])(
  'meets the closed form of uniform machines, written as a matrix, at %s',
  (timeWeight) => {
    for (const [taskCount, vmCount, priceExponent] of [
      [20, 5, 1.5],
      [50, 5, 3],
      [200, 20, 2],
    ] as const) {
      const problem = createProblem(paperInstance({ taskCount, vmCount, priceExponent, seed: 1 }))
      if (problem.etc) expect.unreachable()
      const { lengthMi, speedMips, pricePerSecond } = problem
      const etc = Array.from(lengthMi, (length) => Array.from(speedMips, (speed) => length / speed))
      const vms = Array.from(pricePerSecond!, (price) => ({ pricePerSecond: price }))
      // At most the closed form, which for the time also knows that few tasks cannot use all VMs.
      const gap = uniformBound(problem, timeWeight).est - dualBound(createProblem({ etc, vms }), timeWeight).est
      expect(gap).toBeGreaterThan(-1e-9)
      expect(gap).toBeLessThan(1e-5)
    }
  },
)

test('on uniform machines it is never below the closed form', () => {
  fc.assert(
    fc.property(uniformProblems({ tasks: 6, vms: 4 }), fc.constantFrom(0, 0.3, 0.8, 1), (problem, timeWeight) => {
      if (problem.etc) expect.unreachable()
      const closed = uniformBound(problem, timeWeight)
      const dual = dualBound(problem, timeWeight)
      expect(dual.est).toBeGreaterThanOrEqual(closed.est)
      expect(dual.timeSeconds).toBeGreaterThanOrEqual(closed.timeSeconds)
    }),
  )
})

test('its lines are those that prove it, by rising slope, the first for the time alone', () => {
  const { cuts, timeSeconds } = proveByDual(createProblem(etcInstance(30, 6, 1)), 0.4)
  expect(cuts.length).toBeGreaterThan(1)
  expect(cuts[0]).toMatchObject({ costWeight: 0, value: timeSeconds })
  for (let k = 1; k < cuts.length; k++) expect(cuts[k]!.costWeight).toBeGreaterThan(cuts[k - 1]!.costWeight)
})

test('a seeded value', () => {
  const problem = createProblem(etcInstance(100, 10, 7))
  expect(dualBound(problem, 1)).toEqual(dualBound(problem, 1))
  expect(dualBound(problem, 1).timeSeconds).toMatchInlineSnapshot(`19.467593482500728`)
  expect(dualBound(problem, 0.5).est).toMatchInlineSnapshot(`3.8935404067729538`)
})
