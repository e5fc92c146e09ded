import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { startRun } from '../objective/solve-run.ts'

/** A rule that places all tasks in one pass; `timeWeight` matters only to rules that look at the cost. */
export type Construction = (problem: Problem, timeWeight: number) => Int32Array

/**
 * Makes a solver's result of a constructive rule: one pass, no random numbers, one schedule evaluated.
 *
 * @throws the signal's reason when it is aborted already
 */
export function solveByConstruction(
  solver: string,
  construct: Construction,
  problem: Problem,
  options: SolveOptions,
): SolveResult {
  const run = startRun(solver, problem, options, {}, {})
  options.signal?.throwIfAborted()
  const result = run.finish({ assignment: construct(problem, run.timeWeight), evaluations: 1, iterations: 1 })
  options.onProgress?.({ fraction: 1, best: result.evaluation.est, gap: result.gap, iteration: 1, evaluations: 1 })
  return result
}
