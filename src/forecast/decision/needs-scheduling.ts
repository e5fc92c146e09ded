import { CloudschedError } from '../../errors/cloudsched-error.ts'
import {
  integerIn,
  oneOf,
  type OptionEntries,
  readOptions,
  requireOptions,
  satisfying,
} from '../../errors/read-options.ts'
import { type DecisionScores, decisionScores, type Labels } from '../metrics/decision-scores.ts'
import { checkLength } from '../metrics/pairs.ts'

/** When a load needs scheduling. */
export interface NeedsSchedulingOptions {
  /** In the unit of the values; a value equal to it counts as reached. */
  readonly threshold: number
  /** Steps ahead that are looked at, >= 1. @defaultValue 12 */
  readonly horizon?: number
  /** What of these steps must reach the threshold: the largest value, or the mean. @defaultValue 'max' */
  readonly aggregate?: 'max' | 'mean'
}

const entries: OptionEntries = {
  threshold: satisfying<number>(Number.isFinite, 'a finite number'),
  horizon: integerIn(1, 100_000),
  aggregate: oneOf('max', 'mean'),
}
const defaults: Required<Pick<NeedsSchedulingOptions, 'horizon' | 'aggregate'>> = { horizon: 12, aggregate: 'max' }

function readDecision(options: NeedsSchedulingOptions): Required<NeedsSchedulingOptions> {
  const read = readOptions(entries, defaults, options)
  requireOptions(entries, read, ['threshold'])
  return read
}

/**
 * The "needs scheduling" label of each origin t: 1 when the next steps t + 1 .. t + horizon reach the threshold (>=). It does not
 * depend on what a scheduler does with it, so that models can be compared by it.
 *
 * @param origins - steps, each with its whole horizon inside the series
 * @throws CloudschedError `invalid-input` for an origin whose steps have a missing value or leave the series, here and in
 * the rules below; `invalid-option`
 * @example
 * needsScheduling(cpuPercent, forecastOrigins(split.test, { contextSteps: 1, horizon: 12 }), { threshold: 80 })
 */
export function needsScheduling(
  values: ArrayLike<number>,
  origins: ArrayLike<number>,
  options: NeedsSchedulingOptions,
): Uint8Array {
  const { threshold, horizon, aggregate } = readDecision(options)
  return decide(origins, (t) => reaches(values, t + 1, horizon, threshold, aggregate))
}

/**
 * Persistence: positive when the present has reached the threshold.
 *
 * @example
 * persistence([1, 8, 2], [1, 2], { threshold: 8 }) // 1, 0
 */
export function persistence(
  values: ArrayLike<number>,
  origins: ArrayLike<number>,
  options: NeedsSchedulingOptions,
): Uint8Array {
  const { threshold } = readDecision(options)
  return decide(origins, (t) => reaches(values, t, 1, threshold, 'max'))
}

/**
 * Window persistence: positive when the last `horizon` steps, the present included, have reached the threshold as the
 * label asks it of the next ones.
 *
 * @example
 * windowPersistence([1, 8, 2], [1, 2], { threshold: 8, horizon: 2 }) // 1, 1
 */
export function windowPersistence(
  values: ArrayLike<number>,
  origins: ArrayLike<number>,
  options: NeedsSchedulingOptions,
): Uint8Array {
  const { threshold, horizon, aggregate } = readDecision(options)
  return decide(origins, (t) => reaches(values, t + 1 - horizon, horizon, threshold, aggregate))
}

/**
 * The same time a season before: positive when the steps that the label looks at did so then.
 *
 * @param season - in steps, >= horizon; 288 steps of 5 minutes are a day
 * @example
 * sameTimeLastSeason(cpuPercent, origins, 288, { threshold: 80 })
 */
export function sameTimeLastSeason(
  values: ArrayLike<number>,
  origins: ArrayLike<number>,
  season: number,
  options: NeedsSchedulingOptions,
): Uint8Array {
  const { threshold, horizon, aggregate } = readDecision(options)
  if (!(season >= horizon))
    throw new CloudschedError('invalid-option', [
      { path: 'season', received: season, expected: `at least the horizon of ${horizon} steps` },
    ])
  return decide(origins, (t) => reaches(values, t + 1 - season, horizon, threshold, aggregate))
}

/**
 * Always positive: the rule that onset scores must beat.
 *
 * @example
 * alwaysPositive(origins)
 */
export function alwaysPositive(origins: ArrayLike<number>): Uint8Array {
  return new Uint8Array(origins.length).fill(1)
}

/**
 * Scores at the onset: only origins whose present is below the threshold, where persistence finds nothing by
 * construction.
 *
 * @param present - the value at each origin
 * @throws CloudschedError `invalid-input` for lists of two lengths, and for a value at an origin that is missing
 * @example
 * onsetScores(labels, decisions, present, 80).f1
 */
export function onsetScores(
  labels: Labels,
  decisions: Labels,
  present: ArrayLike<number>,
  threshold: number,
): DecisionScores {
  checkLength('decisions', decisions, labels.length)
  checkLength('present', present, labels.length)
  const unknown = Array.prototype.findIndex.call(present, Number.isNaN)
  if (unknown >= 0)
    throw new CloudschedError('invalid-input', [
      { path: `present[${unknown}]`, received: Number.NaN, expected: 'a known value' },
    ])
  if (!Number.isFinite(threshold))
    throw new CloudschedError('invalid-input', [
      { path: 'threshold', received: threshold, expected: 'a finite number' },
    ])
  const calm = Array.from({ length: labels.length }, (_, i) => i).filter((i) => present[i]! < threshold)
  return decisionScores(
    calm.map((i) => labels[i]!),
    calm.map((i) => decisions[i]!),
  )
}

function decide(origins: ArrayLike<number>, isPositive: (origin: number) => boolean): Uint8Array {
  return Uint8Array.from(origins, (origin) => (isPositive(origin) ? 1 : 0))
}

function reaches(
  values: ArrayLike<number>,
  start: number,
  steps: number,
  threshold: number,
  aggregate: 'max' | 'mean',
): boolean {
  let largest = -Infinity
  let sum = 0
  for (let i = start; i < start + steps; i++) {
    const value = values[i]
    if (value === undefined || Number.isNaN(value))
      throw new CloudschedError('invalid-input', [
        {
          path: `values[${i}]`,
          received: value,
          expected: `known: a decision looks at steps ${start} to ${start + steps - 1}`,
        },
      ])
    largest = Math.max(largest, value)
    sum += value
  }
  return (aggregate === 'max' ? largest : sum / steps) >= threshold
}
