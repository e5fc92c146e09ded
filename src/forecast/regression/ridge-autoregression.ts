import { numberIn } from '../../errors/read-options.ts'
import {
  type AutoregressionOptions,
  type AutoregressionParameters,
  autoregressionDefaults,
  autoregressionEntries,
  autoregressionRule,
  linearAutoregression,
  readAutoregression,
} from '../autoregression/autoregression.ts'
import type { Regression } from '../autoregression/least-squares.ts'
import type { SavableMethod } from '../fitted/method.ts'
import type { PointRule } from '../fitted/point-rule.ts'
import { leastSquares } from './linear-regression.ts'

/** Options of `ridgeAutoregression`. */
export interface RidgeAutoregressionOptions extends AutoregressionOptions {
  /** What is taken off every value of a window: the median of its lags, or nothing. @defaultValue 'median' */
  readonly centre?: 'median' | 'none'
  /** Strength of the ridge penalty in [0, inf), as in `ridgeRegression`. @defaultValue 0.001 */
  readonly penalty?: number
}

/** Defaults of `ridgeAutoregression`; its windows are centred by their medians. */
export const ridgeAutoregressionDefaults: Required<RidgeAutoregressionOptions> = Object.freeze({
  ...autoregressionDefaults,
  centre: 'median',
  penalty: 0.001,
})

/**
 * Autoregression by ridge regression, direct: for each step ahead one linear function of the last `lags` values less
 * their median, with small weights. Quantiles are those of its errors on training rows.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * ridgeAutoregression({ lags: 24, penalty: 0.01 }).fit([series])
 */
export function ridgeAutoregression(options: RidgeAutoregressionOptions = {}): SavableMethod {
  const entries = { ...autoregressionEntries, penalty: numberIn(0) }
  const read = readAutoregression<RidgeAutoregressionOptions>(entries, ridgeAutoregressionDefaults, options)
  return linearAutoregression('ridge-autoregression', read, (regression) => ridgeCoefficients(regression, read.penalty))
}

/** One linear function of the window for each step ahead. */
export const ridgeAutoregressionRule: PointRule<AutoregressionParameters> = autoregressionRule('ridge-autoregression')

/** The last column of the regression is the constant, which bears no penalty. */
function ridgeCoefficients({ rowCount, columnCount, inputs, targets }: Regression, penalty: number): Float64Array {
  const lagCount = columnCount - 1
  const lags = new Float64Array(rowCount * lagCount)
  for (let row = 0; row < rowCount; row++) {
    lags.set(inputs.subarray(row * columnCount, row * columnCount + lagCount), row * lagCount)
  }
  const samples = { inputs: lags, targets, rowCount, columnCount: lagCount, names: [] }
  const { weights, intercept } = leastSquares(samples, [targets], penalty)[0]!
  return Float64Array.of(...weights, intercept)
}
