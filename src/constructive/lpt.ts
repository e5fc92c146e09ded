import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinishInOrder } from './earliest-finish.ts'

/** Tasks by their shortest running time on any VM that may take them, longest first; ties in task order. */
export function longestFirst(problem: Problem): Int32Array {
  if (problem.etc === null && problem.eligibility === null) return sortedBy(problem.lengthMi)
  const all = allVms(problem)
  return sortedBy(
    Float64Array.from({ length: problem.taskCount }, (_, task) =>
      eligibleVms(problem, task, all).reduce(
        (least, vm) => Math.min(least, executionSeconds(problem, task, vm)),
        Infinity,
      ),
    ),
  )
}

function sortedBy(size: Float64Array): Int32Array {
  return Int32Array.from(size.keys()).sort((a, b) => size[b]! - size[a]! || a - b)
}

/** Longest processing time first: the longest task goes first, to the VM that finishes it first. */
export function lptAssignment(problem: Problem): Int32Array {
  return earliestFinishInOrder(problem, longestFirst(problem))
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
