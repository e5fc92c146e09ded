import { numberAbove, readOptions } from '../../errors/read-options.ts'
import { type AnomalyDetector, checkMeasurement, judge, unseen } from './detector.ts'
import {
  limited,
  remember,
  residualDefaults,
  residualEntries,
  residualOf,
  type ResidualOptions,
  type ResidualState,
  standardised,
} from './residuals.ts'

/** Options of {@link ewmaDetector}. */
export interface EwmaOptions extends ResidualOptions {
  /** Weight of the newest residual, lambda in (0, 1]. @defaultValue 0.2 */
  readonly smoothing?: number
  /** Half width of the control band in standard deviations of the average, L > 0. @defaultValue 6 */
  readonly limit?: number
}

/** Defaults of {@link ewmaDetector}. */
export const ewmaDefaults: Readonly<Required<EwmaOptions>> = Object.freeze({
  ...residualDefaults,
  smoothing: 0.2,
  limit: 6,
})

/** State of {@link ewmaDetector}. */
export interface EwmaState extends ResidualState {
  /** The average so far, in standard deviations of a residual. */
  readonly average: number
}

/**
 * Small lasting shifts: an exponentially weighted average of standardised residuals against the band
 * L sqrt(lambda / (2 - lambda)) (Roberts 1959, in its limit for a long past).
 *
 * @throws CloudschedError `invalid-option`
 */
export function ewmaDetector(options: EwmaOptions = {}): AnomalyDetector<EwmaState> {
  const entries = { ...residualEntries, smoothing: numberAbove(0, 1), limit: numberAbove(0) }
  const { window, warmUp, holdSteps, leastScale, smoothing, limit } = readOptions(entries, ewmaDefaults, options)
  const band = limit * Math.sqrt(smoothing / (2 - smoothing))
  return {
    name: 'ewma',
    start: () => ({ ...unseen, residuals: [], average: 0 }),
    observe(state, measurement) {
      checkMeasurement(measurement)
      const residual = residualOf(measurement)
      const ready = state.seen >= warmUp
      const counted = ready ? limited(standardised(residual, state.residuals, leastScale)) : 0
      const average = smoothing * counted + (1 - smoothing) * state.average
      const { verdict, next } = judge(Math.abs(average) / band, state, holdSteps)
      const residuals = remember(state.residuals, residual, window)
      return { state: { ...next, residuals, average }, verdict }
    },
  }
}
