import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProblem, type Problem } from '../../../src/model/problem.ts'
import { evaluate } from '../../../src/objective/evaluate.ts'
import { branchAndBound, branchAndBoundSteps } from '../../../src/solvers/exact/branch-and-bound.ts'
import { paperInstance } from '../../../src/workload/paper-instance.ts'
import { etcInstance } from '../../rl/etc-instance.ts'

/** Least est over all assignments. */
function bruteForce(problem: Problem, timeWeight: number): number {
  const assignment = new Array<number>(problem.taskCount).fill(0)
  let best = Infinity
  const place = (task: number): void => {
    if (task === problem.taskCount) best = Math.min(best, evaluate(problem, assignment, { timeWeight }).est!)
    else
      for (let vm = 0; vm < problem.vmCount; vm++) {
        assignment[task] = vm
        place(task + 1)
      }
  }
  place(0)
  return best
}

describe('branchAndBound', () => {
  it('finds the partition by hand', () => {
    // 7 + 3 = 6 + 4 = 10: two equal VMs end at 10 s, while LPT puts 7, 3 | 6, 4 as well; 5 tasks 3 3 2 2 2 need 6 | 6, LPT gives 7.
    const problem = createProblem({
      tasks: [3, 3, 2, 2, 2].map((lengthMi) => ({ lengthMi })),
      vms: [{ speedMips: 1 }, { speedMips: 1 }],
    })
    const { evaluation, status, gap } = branchAndBound(problem)
    expect(evaluation.timeSeconds).toBe(6)
    expect(status).toBe('optimal')
    expect(gap).toBe(0)
  })

  it('meets brute force, uniform and unrelated, at every weight', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.constantFrom(0, 0.1, 0.3, 0.5, 0.9, 1),
        (seed, taskCount, vmCount, isUniform, timeWeight) => {
          const problem = createProblem(
            isUniform ? paperInstance({ taskCount, vmCount, seed }) : etcInstance(taskCount, vmCount, seed),
          )
          const result = branchAndBound(problem, { timeWeight })
          expect(result.evaluation.est).toBeCloseTo(bruteForce(problem, timeWeight), 10)
          expect(result.status).toBe('optimal')
        },
      ),
      { numRuns: 150 },
    )
  })

  it('tries one of several equal VMs: fewer nodes than with VMs that differ by a hair', () => {
    const tasks = [9, 8, 7, 6, 5, 4, 3].map((lengthMi) => ({ lengthMi }))
    const nodes = (speeds: number[]) =>
      branchAndBound(createProblem({ tasks, vms: speeds.map((speedMips) => ({ speedMips })) })).evaluations
    expect(nodes([1, 1, 1, 1])).toBeLessThan(nodes([1, 1.0001, 1.0002, 1.0003]))
  })

  it('keeps tasks off the VMs that may not take them', () => {
    const problem = createProblem({
      tasks: [{ lengthMi: 4, demand: { gpu: 1 } }, { lengthMi: 4, demand: { gpu: 1 } }, { lengthMi: 1 }],
      vms: [{ speedMips: 1, capacity: { gpu: 1 } }, { speedMips: 100 }],
    })
    // Both GPU tasks need VM 0: 8 s.
    expect(branchAndBound(problem).evaluation.timeSeconds).toBe(8)
  })

  it('says when stopped what is still possible: a bound no higher than the optimum, and no lower than the general one', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const problem = createProblem(paperInstance({ taskCount: 10, seed }))
      const whole = branchAndBound(problem)
      const stopped = branchAndBound(problem, { maxEvaluations: 3000 })
      expect(stopped.status).toBe('evaluationLimit')
      expect(stopped.bound!).toBeLessThanOrEqual(whole.evaluation.est! + 1e-9)
      expect(stopped.evaluation.est!).toBeGreaterThanOrEqual(whole.evaluation.est! - 1e-9)
    }
  })

  it('counts its progress up to the end', () => {
    const steps = branchAndBoundSteps(createProblem(paperInstance({ taskCount: 10, seed: 3 })))
    let last = 0
    for (let step = steps.next(); !step.done; step = steps.next({ fraction: 0, stop: null })) {
      expect(step.value.fraction).toBeGreaterThanOrEqual(last - 1e-12)
      last = step.value.fraction
    }
    expect(last).toBeGreaterThan(0)
  })
})
