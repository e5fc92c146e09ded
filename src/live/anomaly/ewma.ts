import { numberAbove, readOptions } from '../../errors/read-options.ts'
import type { AnomalyDetector } from './detector.ts'
import {
  limited,
  residualDefaults,
  residualDetector,
  residualEntries,
  type ResidualOptions,
  type ResidualState,
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
  const read = readOptions(entries, ewmaDefaults, options)
  const { smoothing, limit } = read
  const band = limit * Math.sqrt(smoothing / (2 - smoothing))
  return residualDetector('ewma', read, { average: 0 }, (deviations, before) => {
    const average = smoothing * limited(deviations) + (1 - smoothing) * before.average
    return { ratio: Math.abs(average) / band, own: { average } }
  })
}
