import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { placeInBatchMode } from './batch-mode.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinishInOrder } from './earliest-finish.ts'
import { longestFirst } from './lpt.ts'

/**
 * Of all tasks left, the one that can finish first goes first, to the VM where it does. On uniform machines this is the
 * shortest task left, whatever the loads are, O(n (log n + log m)).
 */
export function minMinAssignment(problem: Problem): Int32Array {
  if (problem.etc !== null || problem.eligibility !== null) return placeInBatchMode(problem, (earliest) => -earliest)
  const { lengthMi } = problem
  const shortestFirst = longestFirst(problem).sort((a, b) => lengthMi[a]! - lengthMi[b]! || a - b)
  return earliestFinishInOrder(problem, shortestFirst)
}

/**
 * Min-min (Ibarra, Kim 1977): short tasks first.
 *
 * @example
 * minMin(problem).evaluation.timeSeconds
 */
export function minMin(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('min-min', minMinAssignment, problem, options)
}
