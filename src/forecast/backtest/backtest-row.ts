import { mae, type NaiveScale, type PointErrors, pointErrors } from '../metrics/point-errors.ts'
import { pinball, quantileCoverage, weightedQuantileLoss } from '../metrics/quantile-errors.ts'
import { type RollingForecasts, stepAhead } from './rolling-forecasts.ts'

/** How one quantile did. */
export interface QuantileErrors {
  readonly level: number
  /** Mean pinball loss over all steps ahead. */
  readonly pinball: number | null
  /** Share of actual values at or below it. */
  readonly coverage: number | null
}

/** How one method did on one series. */
export interface BacktestRow {
  readonly series: string
  readonly method: string
  /** Number of forecasts. */
  readonly origins: number
  /** Mean absolute error for each step ahead. */
  readonly maeByStep: readonly (number | null)[]
  /** The same over that of naive; `null` where naive makes no error or no target is known. */
  readonly ratioByStep: readonly (number | null)[]
  /** Over all steps ahead together. */
  readonly path: PointErrors
  /** MAE of the path over that of naive. */
  readonly pathRatio: number | null
  readonly quantiles: readonly QuantileErrors[]
  /** Over all levels; `null` without levels, or where all actual values are 0. */
  readonly weightedQuantileLoss: number | null
  /** Notes on stand-ins and gaps, with the number of forecasts that had them. */
  readonly fallbacks: Readonly<Record<string, number>>
}

/** Forecasts of one method for one series, and what they are judged by. */
export interface JudgedForecasts {
  readonly series: string
  readonly method: string
  readonly rolled: RollingForecasts
  /** Forecasts of naive from the same origins. */
  readonly naive: RollingForecasts
  readonly levels: readonly number[]
  /** Of the training rows. */
  readonly scale: NaiveScale
}

/** All measures of the forecasts of one method for one series. */
export function backtestRow({ series, method, rolled, naive, levels, scale }: JudgedForecasts): BacktestRow {
  const { actual, forecast, quantiles } = rolled
  const path = pointErrors(actual, forecast, scale)
  const maeByStep = errorsByStep(rolled)
  const naiveByStep = errorsByStep(naive)
  return {
    series,
    method,
    origins: rolled.origins.length,
    maeByStep,
    ratioByStep: maeByStep.map((error, h) => ratio(error, naiveByStep[h]!)),
    path,
    pathRatio: ratio(path.mae, mae(naive.actual, naive.forecast)),
    quantiles: levels.map((level, k) => ({
      level,
      pinball: pinball(actual, quantiles[k]!, level),
      coverage: quantileCoverage(actual, quantiles[k]!),
    })),
    weightedQuantileLoss: levels.length === 0 ? null : weightedQuantileLoss(actual, quantiles, levels),
    fallbacks: rolled.fallbacks,
  }
}

function errorsByStep({ actual, forecast, horizon }: RollingForecasts): (number | null)[] {
  return Array.from({ length: horizon }, (_, h) => mae(stepAhead(actual, horizon, h), stepAhead(forecast, horizon, h)))
}

function ratio(error: number | null, naiveError: number | null): number | null {
  return error === null || naiveError === null || naiveError === 0 ? null : error / naiveError
}
