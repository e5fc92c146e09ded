import { CloudschedError } from '../errors/cloudsched-error.ts'
import { numberIn, type OptionEntries, readOptions } from '../errors/read-options.ts'
import { checkProblem, type Problem } from '../model/problem.ts'
import type { Evaluation } from '../model/solver.ts'
import { expMinusOne, ln } from '../random/portable-math.ts'

export const timeWeightEntry: OptionEntries = { timeWeight: numberIn(0, 1) }

/**
 * The weight of time, omega: as given, else 0.5 with prices and 1 without.
 *
 * @param timeWeight - as options give it, in [0, 1]
 * @throws CloudschedError `invalid-option` for one below 1 in a problem without prices
 */
export function resolveTimeWeight(problem: Problem, timeWeight: number | undefined): number {
  const hasPrices = problem.pricePerSecond !== null
  if (timeWeight === undefined) return hasPrices ? 0.5 : 1
  if (timeWeight < 1 && !hasPrices) {
    throw new CloudschedError('invalid-option', [
      {
        path: 'options.timeWeight',
        received: timeWeight,
        expected: '1 in a problem without prices',
        hint: 'Give every VM a pricePerSecond to weigh cost against time.',
      },
    ])
  }
  return timeWeight
}

/** Options of the functions that judge a schedule. */
export interface WeightOptions {
  /** The papers' omega, in [0, 1]: 1 looks at time alone, 0 at cost alone. @defaultValue 0.5 with prices, 1 without */
  readonly timeWeight?: number
}

/**
 * The weight that the options name, or the one that the problem suggests.
 *
 * @throws CloudschedError `invalid-option` for a weight outside [0, 1], as `resolveTimeWeight`, and for unknown options; `invalid-input` for a problem
 * that is none
 */
export function readTimeWeight(problem: Problem, options: WeightOptions): number {
  checkProblem(problem)
  return resolveTimeWeight(problem, readOptions(timeWeightEntry, {}, options).timeWeight)
}

/**
 * est(P), equation (7), with the natural logarithm: the number that solvers minimise. A time or cost of 0 counts as the
 * smallest normal number, 2^-1022, so that free schedules are compared, too.
 *
 * @param timeWeight - omega in [0, 1]
 * @param timeSeconds - Time(P) >= 0
 * @param cost - Cost(P) >= 0; any number where timeWeight is 1
 */
export function weightedEst(timeWeight: number, timeSeconds: number, cost: number): number {
  if (timeWeight === 1) return ln(timeSeconds)
  if (timeWeight === 0) return ln(cost)
  return timeWeight * ln(timeSeconds) + (1 - timeWeight) * ln(cost)
}

/** A gap this small is rounding in the logarithms: the schedule is optimal. */
const roundingGap = 1e-12

/** The gap that a bound proves: exp(est - bound) - 1; 0 = proven optimal, also where rounding puts est below the bound. */
export function gapOf(est: number, bound: number): number {
  const gap = expMinusOne(est - bound)
  return gap > roundingGap ? gap : 0
}

/** The gap of a schedule; `null` without est or bound, and with unplaced tasks: the bound speaks of all tasks. */
export function gapOfSchedule({ est, unplacedCount }: Evaluation, bound: number | null): number | null {
  return est === null || bound === null || unplacedCount > 0 ? null : gapOf(est, bound)
}
