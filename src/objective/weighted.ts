import { type OptionEntries, numberIn } from '../errors/read-options.ts'
import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { Problem } from '../model/problem.ts'
import { ln } from '../random/portable-math.ts'

export const timeWeightEntry: OptionEntries = { timeWeight: numberIn(0, 1) }

/**
 * The weight of time, omega: as given, else 0.5 with prices and 1 without.
 *
 * @throws CloudschedError `invalid-option` for a weight outside [0, 1], or one below 1 in a problem without prices
 */
export function resolveTimeWeight(problem: Problem, timeWeight: number | undefined): number {
  const hasPrices = problem.pricePerSecond !== null
  if (timeWeight === undefined) return hasPrices ? 0.5 : 1
  if (!(timeWeight >= 0 && timeWeight <= 1)) {
    throw new CloudschedError('invalid-option', [{ path: 'options.timeWeight', received: timeWeight, expected: 'a number in [0, 1]' }])
  }
  if (timeWeight < 1 && !hasPrices) {
    throw new CloudschedError('invalid-option', [
      { path: 'options.timeWeight', received: timeWeight, expected: '1 in a problem without prices', hint: 'Give every VM a pricePerSecond to weigh cost against time.' },
    ])
  }
  return timeWeight
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

/** The gap that a bound proves: exp(est - bound) - 1, never below 0. */
export function gapOf(est: number, bound: number): number {
  return Math.max(0, Math.expm1(est - bound))
}
