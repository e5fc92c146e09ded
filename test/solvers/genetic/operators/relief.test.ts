import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, isEligible, type Problem } from '../../../../src/model/problem.ts'
import { longest, vmSecondsOf } from '../../../../src/objective/evaluate.ts'
import { createRng, type Rng } from '../../../../src/random/rng.ts'
import { createGeneSpace, drawVm } from '../../../../src/solvers/genetic/operators/gene-space.ts'
import { relieveCriticalVm } from '../../../../src/solvers/genetic/operators/relief.ts'
import { uniformProblems, unrelatedProblems } from '../../../small-problems.ts'
import { scriptedRng } from '../scripted-rng.ts'

/** The genes after a relief; `null` when there was none. */
function relieved(problem: Problem, genes: number[], rng: Rng): number[] | null {
  const own = Int32Array.from(genes)
  const done = relieveCriticalVm(problem, own, vmSecondsOf(problem, own), (task, vm) => void (own[task] = vm), rng)
  return done ? [...own] : null
}

describe('relieveCriticalVm', () => {
  const problem = createProblem({ tasks: { lengthMi: [6, 5, 4, 1] }, vms: { speedMips: [1, 1] } })

  test('moves or swaps, whichever leaves the least sum of squares', () => {
    // VM 0 has 6 + 5 = 11, VM 1 has 4 + 1 = 5. Task 0 (6) is to leave; left: 5.
    // Beside: VM 1 gets 11, which is not below 11. Instead of task 2 (4): 7 and 9, squares 130; of task 3 (1): 10 and 6,
    // squares 136. The eight partners are task 3, then task 2, then tasks of VM 0, which are no partners.
    const partners = [0.9, 0.6, 0, 0, 0, 0.3, 0.3, 0.3]
    expect(relieved(problem, [0, 0, 1, 1], scriptedRng(0, ...partners))).toEqual([1, 0, 0, 1])
  })

  test('moves when that is better than a swap', () => {
    // VM 0 has 6 + 5 + 4 = 15, VM 1 has 1. Task 2 (4) is to leave: 11 and 5 beside task 3 (squares 146), 12 and 4 instead
    // of it (160).
    expect(relieved(problem, [0, 0, 0, 1], scriptedRng(0.5, ...Array(8).fill(0.9)))).toEqual([0, 0, 1, 1])
  })

  test('goes round to find a task of the critical VM', () => {
    // Starting at task 3, which is not on VM 0, the first task of VM 0 is task 0 (6): 5 + 4 are left, VM 1 gets 7.
    expect(relieved(problem, [0, 0, 0, 1], scriptedRng(0.8, ...Array(8).fill(0.9)))).toEqual([1, 0, 0, 1])
  })

  test('does nothing where nothing helps', () => {
    const even = createProblem({ tasks: { lengthMi: [2, 2] }, vms: { speedMips: [1, 1] } })
    expect(relieved(even, [0, 1], createRng(1))).toBeNull()
    const single = createProblem({ tasks: { lengthMi: [2, 3] }, vms: { speedMips: [1] } })
    expect(relieved(single, [0, 0], createRng(1))).toBeNull()
    const noTime = createProblem({ etc: [[0, 0]] })
    expect(relieved(noTime, [0], createRng(1))).toBeNull()
  })

  test('does nothing when rounding is all that is left of a load', () => {
    const noTime = createProblem({ etc: [[1, 0]] })
    const stale = Float64Array.of(1e-17, 0)
    expect(relieveCriticalVm(noTime, Int32Array.of(1), stale, () => expect.unreachable(), createRng(1))).toBe(false)
  })

  test('respects requirements: VM 1 may not take task 0', () => {
    const bound = createProblem({
      etc: [
        [9, Infinity],
        [1, 1],
      ],
    })
    expect(relieved(bound, [0, 1], createRng(1))).toBeNull()
  })

  test('brings every VM it touches below the makespan', () => {
    const problems = fc.oneof(uniformProblems({ tasks: 8, vms: 4 }), unrelatedProblems({ tasks: 8, vms: 4 }))
    fc.assert(
      fc.property(problems, fc.integer(), (any, seed) => {
        const rng = createRng(seed)
        const space = createGeneSpace(any)
        const genes = Array.from({ length: any.taskCount }, (_, task) => drawVm(task, space, rng))
        const after = relieved(any, genes, rng)
        if (after === null) return
        const before = vmSecondsOf(any, genes)
        const seconds = vmSecondsOf(any, after)
        after.forEach((vm, task) => expect(isEligible(any, task, vm)).toBe(true))
        seconds.forEach((load, vm) => {
          if (load !== before[vm]) expect(load).toBeLessThan(longest(before))
        })
        expect(seconds[before.indexOf(longest(before))]).toBeLessThan(longest(before))
      }),
    )
  })
})
