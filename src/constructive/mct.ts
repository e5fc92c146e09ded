import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinishInOrder } from './earliest-finish.ts'

/** Each task, in input order, on the VM that finishes it first; ties go to the lower index. O(n m). */
export function mctAssignment(problem: Problem): Int32Array {
  const order = Int32Array.from({ length: problem.taskCount }, (_, task) => task)
  return earliestFinishInOrder(problem, order)
}

/**
 * Minimum completion time (MCT; Armstrong, Hensgen, Kidd 1998).
 *
 * @example
 * mct(problem).evaluation.timeSeconds
 */
export function mct(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('mct', mctAssignment, problem, options)
}
