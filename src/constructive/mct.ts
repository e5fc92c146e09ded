import { allVms, eligibleVms, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinish } from './lpt.ts'

/** Each task, in input order, on the VM that finishes it first; ties go to the lower index. O(n m). */
export function mctAssignment(problem: Problem): Int32Array {
  const all = allVms(problem)
  const order = Int32Array.from({ length: problem.taskCount }, (_, task) => task)
  return earliestFinish(problem, order, (task) => eligibleVms(problem, task, all))
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
