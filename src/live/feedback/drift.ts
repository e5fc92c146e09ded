import { numberAbove, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'

/** Options of {@link pageHinkley}. */
export interface DriftOptions {
  /** Rise of the mean that is forgiven, as a share of the mean so far, >= 0. @defaultValue 0.1 */
  readonly tolerance?: number
  /** Sum of excess at which the drift is reported, in units of the mean so far, > 0. @defaultValue 30 */
  readonly limit?: number
  /** Errors before the first report, >= 1. @defaultValue 100 */
  readonly warmUp?: number
}

/** Defaults of {@link pageHinkley}. */
export const driftDefaults: Readonly<Required<DriftOptions>> = Object.freeze({ tolerance: 0.1, limit: 30, warmUp: 100 })

export const driftEntries: OptionEntries = { tolerance: numberIn(0), limit: numberAbove(0), warmUp: numberIn(1) }

/** Plain data that the test carries along. */
export interface DriftState {
  readonly count: number
  /** Mean of the errors so far. */
  readonly mean: number
  /** Sum of what exceeds the mean and the tolerance. */
  readonly sum: number
  /** Least that sum has been. */
  readonly least: number
}

/** State before the first error, and after a reported drift. */
export const undrifted: DriftState = Object.freeze({ count: 0, mean: 0, sum: 0, least: 0 })

/**
 * Notices that errors have become larger: the test of Page and Hinkley on a stream of absolute errors. m_T is the sum of
 * (e_t - mean_t - tolerance), M_T its least value so far; a drift is reported when m_T - M_T exceeds the limit.
 *
 * @param error - size of an error, >= 0
 */
export function pageHinkley(
  state: DriftState,
  error: number,
  options: DriftOptions = {},
): { readonly state: DriftState; readonly drifted: boolean } {
  const { tolerance, limit, warmUp } = readOptions(driftEntries, driftDefaults, options)
  const count = state.count + 1
  const mean = state.mean + (error - state.mean) / count
  const sum = state.sum + error - mean * (1 + tolerance)
  const least = Math.min(state.least, sum)
  const drifted = count > warmUp && sum - least > limit * mean
  return { state: drifted ? undrifted : { count, mean, sum, least }, drifted }
}
