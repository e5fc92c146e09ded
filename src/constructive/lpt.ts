import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'

/** Tasks by their shortest running time on any VM that may take them, longest first; ties in task order. */
export function longestFirst(problem: Problem): Int32Array {
  const all = allVms(problem)
  const shortest = Float64Array.from({ length: problem.taskCount }, (_, task) =>
    eligibleVms(problem, task, all).reduce(
      (least, vm) => Math.min(least, executionSeconds(problem, task, vm)),
      Infinity,
    ),
  )
  return Int32Array.from(shortest.keys()).sort((a, b) => shortest[b]! - shortest[a]! || a - b)
}

/** Places the tasks in the given order, each on the VM of `vmsOf` that finishes it first; ties go to the lower index. */
export function earliestFinish(problem: Problem, order: Int32Array, vmsOf: (task: number) => Int32Array): Int32Array {
  const assignment = new Int32Array(problem.taskCount)
  const vmSeconds = new Float64Array(problem.vmCount)
  for (const task of order) {
    let chosen = -1
    let earliest = Infinity
    for (const vm of vmsOf(task)) {
      const finish = vmSeconds[vm]! + executionSeconds(problem, task, vm)
      if (finish < earliest) {
        earliest = finish
        chosen = vm
      }
    }
    vmSeconds[chosen] = earliest
    assignment[task] = chosen
  }
  return assignment
}

/** Longest processing time first: the longest task goes first, to the VM that finishes it first. */
export function lptAssignment(problem: Problem): Int32Array {
  const all = allVms(problem)
  return earliestFinish(problem, longestFirst(problem), (task) => eligibleVms(problem, task, all))
}

/**
 * Longest processing time first (LPT; Graham 1969). On unrelated machines a task is as long as its shortest time.
 *
 * @example
 * lpt(problem).evaluation.timeSeconds
 */
export function lpt(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('lpt', lptAssignment, problem, options)
}
