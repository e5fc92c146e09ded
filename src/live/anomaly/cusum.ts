import { numberAbove, numberIn, readOptions } from '../../errors/read-options.ts'
import type { AnomalyDetector } from './detector.ts'
import {
  limited,
  residualDefaults,
  residualDetector,
  residualEntries,
  type ResidualOptions,
  type ResidualState,
} from './residuals.ts'

/** Options of {@link cusumDetector}. */
export interface CusumOptions extends ResidualOptions {
  /** Drift that is forgiven at each step, k >= 0, in standard deviations of a residual. @defaultValue 1 */
  readonly allowance?: number
  /** Sum at which the alarm goes, h > 0, in standard deviations of a residual. @defaultValue 20 */
  readonly limit?: number
}

/** Defaults of {@link cusumDetector}. */
export const cusumDefaults: Readonly<Required<CusumOptions>> = Object.freeze({
  ...residualDefaults,
  allowance: 1,
  limit: 20,
})

/** State of {@link cusumDetector}. */
export interface CusumState extends ResidualState {
  /** Sum of the excess above the allowance. */
  readonly upper: number
  /** Sum of the excess below it. */
  readonly lower: number
}

/**
 * Shifts that add up: S+ = max(0, S+ + u - k) and S- = max(0, S- - u - k) of standardised residuals u, alarm at h
 * (Page 1954). Both sums start again at 0 after an alarm.
 *
 * @throws CloudschedError `invalid-option`
 */
export function cusumDetector(options: CusumOptions = {}): AnomalyDetector<CusumState> {
  const entries = { ...residualEntries, allowance: numberIn(0), limit: numberAbove(0) }
  const read = readOptions(entries, cusumDefaults, options)
  const { allowance, limit } = read
  return residualDetector('cusum', read, { upper: 0, lower: 0 }, (deviations, sums) => {
    const counted = limited(deviations)
    const upper = Math.max(0, sums.upper + counted - allowance)
    const lower = Math.max(0, sums.lower - counted - allowance)
    const ratio = Math.max(upper, lower) / limit
    return { ratio, own: ratio >= 1 ? { upper: 0, lower: 0 } : { upper, lower } }
  })
}
