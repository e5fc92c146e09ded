import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { placeInBatchMode } from './batch-mode.ts'
import { solveByConstruction } from './construct.ts'
import { lptAssignment } from './lpt.ts'

/**
 * Of all tasks left, the one whose earliest finish is latest goes first, to the VM of that finish. On uniform machines
 * this is the longest task left: LPT.
 */
export function maxMinAssignment(problem: Problem): Int32Array {
  if (problem.etc === null && problem.eligibility === null) return lptAssignment(problem)
  return placeInBatchMode(problem, (earliest) => earliest)
}

/**
 * Max-min (Ibarra, Kim 1977): long tasks first.
 *
 * @example
 * maxMin(problem).evaluation.timeSeconds
 */
export function maxMin(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('max-min', maxMinAssignment, problem, options)
}
