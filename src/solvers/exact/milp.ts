import { loadHighs } from '../../lp/highs.ts'
import type { Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveResult } from '../../model/solver.ts'
import { startCountdown } from '../../run/countdown.ts'
import { driveAsync } from '../../run/drive.ts'
import { milpSteps } from './milp-steps.ts'

/** Options of `milp`: those of every solver; an evaluation is a node of the trees that HiGHS searches. */
export type MilpOptions = SolveOptions

/**
 * Proves the optimum by integer programmes, which the optional peer `highs` solves: one for time alone, a few for a mix of
 * time and cost, none for cost alone. Without a limit it ends with a proof, but the time that takes grows exponentially: on uniform
 * machines 10 s are not enough for 20 tasks. Give it a `timeLimitMs`, or a `targetGap` such as 0.01.
 *
 * HiGHS blocks the thread while it solves a programme: `signal` is looked at between programmes, while `timeLimitMs` and
 * `maxEvaluations` are handed to HiGHS. There is no synchronous form, because HiGHS is loaded on demand.
 *
 * @returns status 'optimal' when no schedule is better by a share of more than 1e-8, because HiGHS computes with
 * tolerances; when stopped before, the best schedule seen and the bound that the programmes have proven
 * @throws CloudschedError `missing-peer` when `highs` is not installed, `solver` when HiGHS fails, and as every solver
 * @example
 * const { gap } = await milp(problem, { timeWeight: 0.3, timeLimitMs: 5000 })
 */
export async function milp(problem: Problem, options: MilpOptions = {}): Promise<SolveResult> {
  const remainingMs = startCountdown(options?.timeLimitMs)
  const solve = await loadHighs()
  return driveAsync(milpSteps(problem, options, solve, remainingMs), options)
}
