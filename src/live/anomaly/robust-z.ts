import { numberAbove, readOptions } from '../../errors/read-options.ts'
import { type AnomalyDetector, checkMeasurement, judge, unseen } from './detector.ts'
import {
  remember,
  residualDefaults,
  residualEntries,
  residualOf,
  type ResidualOptions,
  type ResidualState,
  standardised,
} from './residuals.ts'

/** Options of {@link robustZDetector}. */
export interface RobustZOptions extends ResidualOptions {
  /** Robust standard deviations that are still normal, > 0. @defaultValue 6 */
  readonly limit?: number
}

/** Defaults of {@link robustZDetector}. */
export const robustZDefaults: Readonly<Required<RobustZOptions>> = Object.freeze({ ...residualDefaults, limit: 6 })

/**
 * Single measurements far from the recent median: |r - median| / (1.4826 MAD) against a limit (the modified z-score
 * of Iglewicz and Hoaglin 1993; half of the window may be wrong before its idea of normal is).
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * ```ts
 * const verdicts = detect(robustZDetector({ window: 48 }), cpuPercent)
 * ```
 */
export function robustZDetector(options: RobustZOptions = {}): AnomalyDetector<ResidualState> {
  const entries = { ...residualEntries, limit: numberAbove(0) }
  const { window, warmUp, holdSteps, leastScale, limit } = readOptions(entries, robustZDefaults, options)
  return {
    name: 'robust-z',
    start: () => ({ ...unseen, residuals: [] }),
    observe(state, measurement) {
      checkMeasurement(measurement)
      const residual = residualOf(measurement)
      const ready = state.seen >= warmUp
      const ratio = ready ? Math.abs(standardised(residual, state.residuals, leastScale)) / limit : 0
      const { verdict, next } = judge(ratio, state, holdSteps)
      const residuals = remember(state.residuals, residual, window)
      return { state: { ...next, residuals }, verdict }
    },
  }
}
