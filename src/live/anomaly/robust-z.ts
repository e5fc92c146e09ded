import { numberAbove, readOptions } from '../../errors/read-options.ts'
import type { AnomalyDetector } from './detector.ts'
import {
  residualDefaults,
  residualDetector,
  residualEntries,
  type ResidualOptions,
  type ResidualState,
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
  const read = readOptions(entries, robustZDefaults, options)
  return residualDetector('robust-z', read, {}, (deviations) => ({ ratio: Math.abs(deviations) / read.limit, own: {} }))
}
