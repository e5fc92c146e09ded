import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { placeInBatchMode } from './batch-mode.ts'
import { solveByConstruction } from './construct.ts'

/**
 * Of all tasks left, the one that would suffer most from losing its best VM (second earliest finish minus earliest)
 * goes first; a task with one VM alone goes before all others.
 */
export function sufferageAssignment(problem: Problem): Int32Array {
  return placeInBatchMode(problem, (earliest, secondEarliest) => secondEarliest - earliest)
}

/**
 * Sufferage (Maheswaran et al. 1999), one task at a time.
 *
 * @example
 * sufferage(problem).evaluation.timeSeconds
 */
export function sufferage(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('sufferage', sufferageAssignment, problem, options)
}
