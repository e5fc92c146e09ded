import { integerIn, numberAbove, type OptionEntries, readOptions } from '../../errors/read-options.ts'

/** Options of {@link learn}. */
export interface RecursiveLeastSquaresOptions {
  /** Past values that the next one is predicted from, >= 1. @defaultValue 12 */
  readonly lags?: number
  /** Weight of an error one step older, in (0, 1]; 1 never forgets. @defaultValue 0.995 */
  readonly forgetting?: number
  /** Start of the covariance, > 0: the larger, the less the start counts. @defaultValue 100 */
  readonly uncertainty?: number
}

/** Defaults of {@link learn}. */
export const recursiveLeastSquaresDefaults: Readonly<Required<RecursiveLeastSquaresOptions>> = Object.freeze({
  lags: 12,
  forgetting: 0.995,
  uncertainty: 100,
})

export const recursiveLeastSquaresEntries: OptionEntries = {
  lags: integerIn(1, 1000),
  forgetting: numberAbove(0, 1),
  uncertainty: numberAbove(0),
}

/** A linear model that learns from each value: plain data. */
export interface RecursiveLeastSquaresState {
  /** Weights of the newest value first. The model is on differences to the mean of the lags, so levels may move. */
  readonly weights: readonly number[]
  /** Inverse of the weighted sum of outer products, by rows. */
  readonly covariance: readonly number[]
  /** The last values, newest first. */
  readonly past: readonly number[]
}

/** A model that predicts the last value until it has learnt better. */
export function untrainedLeastSquares(options: RecursiveLeastSquaresOptions = {}): RecursiveLeastSquaresState {
  const { lags, uncertainty } = readOptions(recursiveLeastSquaresEntries, recursiveLeastSquaresDefaults, options)
  const weights = Array.from({ length: lags }, (_, k) => (k === 0 ? 1 : 0))
  const covariance = Array.from({ length: lags * lags }, (_, k) => (k % (lags + 1) === 0 ? uncertainty : 0))
  return { weights, covariance, past: [] }
}

/**
 * Learns from one value: recursive least squares with forgetting (Plackett 1950; Ljung 1999, equation (11.12)):
 * k = P x / (f + x'P x), w = w + k (y - x'w), P = (P - k x'P) / f, with x the last values less their mean, and y the value
 * less that mean.
 *
 * @param value - a finite number
 */
export function learn(
  state: RecursiveLeastSquaresState,
  value: number,
  options: RecursiveLeastSquaresOptions = {},
): RecursiveLeastSquaresState {
  const { lags, forgetting } = readOptions(recursiveLeastSquaresEntries, recursiveLeastSquaresDefaults, options)
  const past = [value, ...state.past].slice(0, lags)
  if (state.past.length < lags) return { ...state, past }
  const centre = meanOf(state.past)
  const inputs = state.past.map((one) => one - centre)
  const spread = Array.from({ length: lags }, (_, i) => dot(inputs, state.covariance, i * lags))
  const scale = forgetting + dot(inputs, spread, 0)
  const gain = spread.map((one) => one / scale)
  const error = value - centre - dot(inputs, state.weights, 0)
  return {
    weights: state.weights.map((weight, i) => weight + gain[i]! * error),
    // The covariance is symmetric: x'P is the transpose of P x.
    covariance: state.covariance.map(
      (entry, at) => (entry - gain[Math.floor(at / lags)]! * spread[at % lags]!) / forgetting,
    ),
    past,
  }
}

/** The next `horizon` values, each predicted from the ones before it; `null` before as many values as lags were seen. */
export function predict({ weights, past }: RecursiveLeastSquaresState, horizon: number): number[] | null {
  if (past.length < weights.length) return null
  const window = [...past]
  return Array.from({ length: horizon }, () => {
    const centre = meanOf(window)
    const next = window.reduce((sum, one, k) => sum + weights[k]! * (one - centre), centre)
    window.unshift(next)
    window.pop()
    return next
  })
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function dot(a: readonly number[], b: readonly number[], start: number): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[start + k]!
  return sum
}
