import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, oneOf, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { type FallbackOptions, fallbackDefaults, fallbackEntries, standIns } from '../fitted/fallbacks.ts'
import { type Fit, type SavableMethod, savableMethod } from '../fitted/method.ts'
import { hasNumber, isNumberList, type PointRule } from '../fitted/point-rule.ts'
import {
  centreOf,
  columnCount,
  contextStepsOf,
  isLagShape,
  type LagShape,
  type TrainingRows,
  trainingRows,
  writeRow,
} from './lag-rows.ts'
import { type Regression, weightedLeastSquares } from './least-squares.ts'

/** Options of `autoregression`. */
export interface AutoregressionOptions extends FallbackOptions {
  /** Number of last steps that are inputs, >= 1. @defaultValue 36 */
  readonly lags?: number
  /** What is taken off every value of a window: the median of its lags, or nothing. @defaultValue 'none' */
  readonly centre?: 'median' | 'none'
  /** Steps of a season whose values around the target's step are inputs, too (three of them); above `horizon`, or 0 for none. @defaultValue 0 */
  readonly season?: number
}

/** Defaults of `autoregression`. */
export const autoregressionDefaults: Required<AutoregressionOptions> = Object.freeze({
  ...fallbackDefaults,
  lags: 36,
  centre: 'none',
  season: 0,
})

/** Their rules. */
export const autoregressionEntries: OptionEntries = {
  ...fallbackEntries,
  lags: integerIn(1, 10_000),
  centre: oneOf('median', 'none'),
  season: integerIn(0, 100_000),
}

/** Parameters of the rule, those of two methods that differ in their fit alone. */
export interface AutoregressionParameters extends LagShape {
  /** What values are measured in: mean distance of a training value from its window's middle. */
  readonly spread: number
  /** A list per step ahead: of each lag, newest first, of the seasonal values, and the constant. */
  readonly coefficients: readonly (readonly number[])[]
}

/** One linear function of the window for each step ahead. */
export function autoregressionRule(method: string): PointRule<AutoregressionParameters> {
  return {
    method,
    accepts: (parameters, contextSteps, horizon) => {
      const shape = parameters as AutoregressionParameters
      return (
        isLagShape(parameters, contextSteps, horizon) &&
        hasNumber(parameters, 'spread', Number.MIN_VALUE) &&
        Array.isArray(shape.coefficients) &&
        shape.coefficients.length === horizon &&
        shape.coefficients.every((list) => isNumberList(list, columnCount(shape)))
      )
    },
    path(parameters, context, horizon) {
      const { coefficients, spread } = parameters
      const middle = centreOf(context, parameters)
      const row = new Float64Array(columnCount(parameters))
      return Float64Array.from({ length: horizon }, (_, h) => {
        if (h === 0 || parameters.season > 0) writeRow(row, context, middle, spread, h + 1, parameters)
        const list = coefficients[h]!
        let sum = 0
        for (let a = 0; a < row.length; a++) sum += list[a]! * row[a]!
        return middle + spread * sum
      })
    },
  }
}

/** Solves one regression. */
export type RegressionSolver = (regression: Regression) => Float64Array

/**
 * Fits one regression per step ahead ("direct" forecasts): no forecast is fed back, so that errors do not add up.
 *
 * @param training - windows of all series are rows of the same regressions
 */
function fitAutoregression(
  training: readonly Float64Array[],
  shape: LagShape,
  solve: RegressionSolver,
): Fit<AutoregressionParameters> {
  const contextSteps = contextStepsOf(shape)
  const columns = columnCount(shape)
  const rows = trainingRows(training, shape)
  if (rows.count <= columns)
    return {
      contextSteps,
      unfitted: `${columns} coefficients need more windows of ${contextSteps} + ${shape.horizon} steps than the training rows hold (${rows.count})`,
    }
  const spread = spreadOf(rows)
  if (spread === Infinity) return { contextSteps, unfitted: 'the training values are too large to compute with' }
  if (spread === 0) return { contextSteps, unfitted: 'the training values are constant' }
  const inputs = new Float64Array(rows.count * columns)
  const targets = new Float64Array(rows.count)
  const regression = { rowCount: rows.count, columnCount: columns, inputs, targets }
  const coefficients = Array.from({ length: shape.horizon }, (_, h) => {
    rows.contexts.forEach((context, i) => {
      const middle = rows.middles[i]!
      if (h === 0 || shape.season > 0)
        writeRow(inputs.subarray(i * columns, (i + 1) * columns), context, middle, spread, h + 1, shape)
      targets[i] = (rows.targets[i * shape.horizon + h]! - middle) / spread
    })
    return [...solve(regression)]
  })
  if (!coefficients.every((list) => list.every(Number.isFinite)))
    return { contextSteps, unfitted: 'the training values are too large or too small to compute with' }
  return { contextSteps, parameters: { ...shape, spread, coefficients } }
}

/** Mean distance of a target from the middle of its window; 0 when all values are equal. */
function spreadOf({ count, targets, middles, contexts }: TrainingRows): number {
  const first = targets[0]
  if (targets.every((value) => value === first) && contexts.every((context) => context.every((x) => x === first)))
    return 0
  const horizon = targets.length / count
  let sum = 0
  targets.forEach((value, k) => {
    sum += Math.abs(value - middles[Math.floor(k / horizon)]!)
  })
  // Values that differ but always meet their middle: any unit does.
  return sum / targets.length || 1
}

/** Checked options as the shape of the rows. */
export function lagShape({ lags, horizon, season, centre }: Required<AutoregressionOptions>): LagShape {
  return { lags, horizon, season, centre }
}

/**
 * Autoregression by least squares, direct: for each step ahead one linear function of the last `lags` values.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * autoregression({ lags: 24 }).fit([series])
 */
export function autoregression(options: AutoregressionOptions = {}): SavableMethod {
  const read = readAutoregression(autoregressionEntries, autoregressionDefaults, options)
  const solve = (regression: Regression): Float64Array =>
    weightedLeastSquares(regression, new Float64Array(regression.rowCount).fill(1))
  return linearAutoregression('autoregression', read, solve)
}

/** The method of one linear function of the window for each step ahead; `solve` is what its fit has of its own. */
export function linearAutoregression(
  method: string,
  read: Required<AutoregressionOptions>,
  solve: RegressionSolver,
): SavableMethod {
  return savableMethod(
    {
      rule: autoregressionRule(method),
      horizon: read.horizon,
      fit: (training) => fitAutoregression(training, lagShape(read), solve),
    },
    standIns(read),
  )
}

/** Reads the options and checks the rule between two of them. */
export function readAutoregression<O extends AutoregressionOptions>(
  entries: OptionEntries,
  defaults: Required<O>,
  options: O,
): Required<O> {
  const read = readOptions(entries, defaults, options) as Required<O>
  const { season, horizon }: { season: number; horizon: number } = read as Required<AutoregressionOptions>
  if (season > 0 && season <= horizon)
    throw new CloudschedError('invalid-option', [
      {
        path: 'options.season',
        received: season,
        expected: `0, or above the horizon of ${horizon} steps`,
        hint: 'The value a season before the target must be known at the present.',
      },
    ])
  return read
}
