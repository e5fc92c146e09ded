import { medianAbsoluteDeviation, quantileSorted } from 'simple-statistics'
import { numberIn, integerIn, type OptionEntries } from '../../errors/read-options.ts'
import {
  type AnomalyDetector,
  checkMeasurement,
  type DetectorState,
  judge,
  type Measurement,
  unseen,
} from './detector.ts'

/** Where a residual detector takes its idea of normal from. */
export interface ResidualOptions {
  /** Past residuals that make up the idea of normal, >= 3 measurements. @defaultValue 288, a day of 5-minute steps */
  readonly window?: number
  /** Measurements before the first verdict that may be anomalous, >= 3. @defaultValue 288 */
  readonly warmUp?: number
  /** Steps below the limit after which an anomaly is over, >= 0. @defaultValue 36, three hours of 5-minute steps */
  readonly holdSteps?: number
  /** The least scale of residuals, in units of the series: differences well below it never alarm. @defaultValue 0 */
  readonly leastScale?: number
}

export const residualDefaults: Readonly<Required<ResidualOptions>> = Object.freeze({
  window: 288,
  warmUp: 288,
  holdSteps: 36,
  leastScale: 0,
})

export const residualEntries: OptionEntries = {
  window: integerIn(3),
  warmUp: integerIn(3),
  holdSteps: integerIn(0),
  leastScale: numberIn(0),
}

/** The past that residual detectors carry along. */
export interface ResidualState extends DetectorState {
  /** The last residuals, oldest first. */
  readonly residuals: readonly number[]
}

/** Standard deviations of a normal law in one median absolute deviation, 1 / Phi^-1(3/4). */
const deviationsPerMad = 1.4826

/** Standard deviations of a normal law between its 2 and 98 per cent quantiles, 2 Phi^-1(0.98). */
const deviationsBetweenTails = 4.1075

/**
 * A residual in robust standard deviations of the past ones: (r - median) / scale. The scale is the largest of 1.4826 MAD,
 * of what the 2 and 98 per cent quantiles tell (spikes that come every hour are normal, though the MAD does not see
 * them) and of `leastScale`. Without an expectation from outside the residual is the value itself.
 */
export function standardised(residual: number, past: readonly number[], leastScale: number): number {
  const sorted = Float64Array.from(past).sort() as unknown as number[]
  const centre = quantileSorted(sorted, 0.5)
  const tails = (quantileSorted(sorted, 0.98) - quantileSorted(sorted, 0.02)) / deviationsBetweenTails
  const scale = Math.max(deviationsPerMad * medianAbsoluteDeviation(sorted), tails, leastScale)
  const distance = residual - centre
  // A past without any spread: what equals it is normal, all else is infinitely far away.
  return scale === 0 ? (distance === 0 ? 0 : Math.sign(distance) * Infinity) : distance / scale
}

/** One residual counts as at most this many deviations: a single outlier is the business of other detectors. */
const mostDeviations = 8

/** Deviations as a sum or an average counts them. */
export function limited(deviations: number): number {
  return Math.max(-mostDeviations, Math.min(mostDeviations, deviations))
}

/** What a detector makes of one standardised residual. */
export interface Weighed<O> {
  /** Its statistic in units of its limit. */
  readonly ratio: number
  /** The part of the next state that is its own. */
  readonly own: O
}

/**
 * A detector on standardised residuals of the recent past; `weigh` is what it has of its own.
 *
 * @param first - its own part of the state before the first measurement
 * @param weigh - is given 0 as long as the past is too short to standardise by
 */
export function residualDetector<O extends object>(
  name: string,
  { window, warmUp, holdSteps, leastScale }: Required<ResidualOptions>,
  first: O,
  weigh: (deviations: number, state: O) => Weighed<O>,
): AnomalyDetector<ResidualState & O> {
  return {
    name,
    start: () => ({ ...unseen, residuals: [], ...first }),
    observe(state, measurement) {
      checkMeasurement(measurement)
      const residual = residualOf(measurement)
      const isReady = state.seen >= warmUp
      const { ratio, own } = weigh(isReady ? standardised(residual, state.residuals, leastScale) : 0, state)
      const { verdict, next } = judge(ratio, state, holdSteps)
      return { state: { ...next, residuals: remember(state.residuals, residual, window), ...own }, verdict }
    },
  }
}

function residualOf({ value, expected = 0 }: Measurement): number {
  return value - expected
}

/** The list with one more entry, its oldest left out beyond `length`. */
export function remember(past: readonly number[], entry: number, length: number): readonly number[] {
  return past.length < length ? [...past, entry] : [...past.slice(past.length - length + 1), entry]
}
