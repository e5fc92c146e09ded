import type { ForecastMethod, TimeSeries } from '../../model/forecaster.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { rollingForecasts } from '../backtest/rolling-forecasts.ts'
import { mae } from '../metrics/point-errors.ts'
import { pinball } from '../metrics/quantile-errors.ts'
import type { Folds } from './folds.ts'
import type { HeldOutSteps } from './hold-out.ts'
import { gridSearch } from './search.ts'
import type { Trial } from './study.ts'

/** How one model did on all folds: a plain row. */
export type CrossValidation = Omit<Trial<unknown>, 'trial' | 'parameters'>

/**
 * Cross-validation of one model: learns and judges on each fold.
 *
 * @param evaluate - learns from the training part and returns its loss on the validation part
 * @throws CloudschedError `invalid-input` for folds that were not made from searchable data
 *
 * @example
 * crossValidate(folds, (training, validation) => meanSquaredError(linearRegression(training), validation)).mean
 */
export function crossValidate<T, V>(
  folds: Folds<T, V>,
  evaluate: (training: T, validation: V) => number,
): CrossValidation {
  const { trials } = gridSearch({}, folds, (_, training, validation) => evaluate(training, validation))
  const { losses, mean, standardError, failure } = trials[0]!
  return { losses, mean, standardError, failure }
}

/** Options of `forecastLoss`. */
export interface ForecastLossOptions {
  /** Steps ahead, >= 1. @defaultValue 12 */
  readonly horizon?: number
  /** Distance between two origins, >= 1. @defaultValue 1 */
  readonly stride?: number
  /** The quantile to judge by its pinball loss, in (0, 1). @defaultValue none: the mean absolute error of the forecast */
  readonly level?: number
}

const entries: OptionEntries = {
  horizon: integerIn(1, 100_000),
  stride: integerIn(1, 100_000),
  level: numberIn(Number.MIN_VALUE, 1 - 1e-9),
}

/**
 * Fits a forecast method on the training part of a fold and judges its forecasts from every origin of the validation
 * part: the evaluation that searches over forecasters want.
 *
 * @returns mean absolute error or pinball loss over all steps ahead, in the unit of the values
 * @throws CloudschedError `invalid-input` when no forecast can be judged: the validation part is shorter than the
 * horizon, or missing
 *
 * @example
 * crossValidate(folds, (training, validation) => forecastLoss(ladAutoregression(), training, validation))
 */
export function forecastLoss(
  method: ForecastMethod,
  training: TimeSeries,
  validation: HeldOutSteps,
  options: ForecastLossOptions = {},
): number {
  const { horizon, stride, level } = readOptions(entries, { horizon: 12, stride: 1 }, options)
  const levels = level === undefined ? [] : [level]
  const { series, range } = validation
  const { actual, forecast, quantiles } = rollingForecasts(method.fit([training]), series, range, {
    horizon,
    stride,
    levels,
  })
  const loss = level === undefined ? mae(actual, forecast) : pinball(actual, quantiles[0]!, level)
  if (loss !== null) return loss
  const expected = `steps that hold at least one forecast of ${horizon} steps with a known value`
  throw new CloudschedError('invalid-input', [{ path: 'validation.range', received: range, expected }])
}
