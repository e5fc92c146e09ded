import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { eachPair, meanOverPairs } from './pairs.ts'

/**
 * Mean absolute error, in the unit of the values; `null` without a known pair. Missing values (NaN) are left out, here
 * and in all of these.
 *
 * @throws CloudschedError `invalid-input` for lists of two lengths, here and in all of these
 * @example
 * mae([10, 0, 4], [8, 0, 8]) // 2
 */
export function mae(actual: ArrayLike<number>, forecast: ArrayLike<number>): number | null {
  return meanOverPairs(actual, forecast, (a, f) => Math.abs(a - f))
}

/**
 * Root of the mean squared error, in the unit of the values; `null` without a known pair.
 *
 * @example
 * rmse([10, 0, 4], [8, 0, 8]) // 2.58
 */
export function rmse(actual: ArrayLike<number>, forecast: ArrayLike<number>): number | null {
  const mean = meanOverPairs(actual, forecast, (a, f) => (a - f) ** 2)
  return mean === null ? null : Math.sqrt(mean)
}

/**
 * Weighted absolute percentage error, a share: the sum of absolute errors over the sum of absolute actual values; `null`
 * where that is 0.
 *
 * @example
 * wape([10, 0, 4], [8, 0, 8]) // 0.43
 */
export function wape(actual: ArrayLike<number>, forecast: ArrayLike<number>): number | null {
  let errors = 0
  let total = 0
  eachPair(actual, forecast, (a, f) => {
    errors += Math.abs(a - f)
    total += Math.abs(a)
  })
  return total === 0 ? null : errors / total
}

/**
 * Symmetric mean absolute percentage error, mean of 2 |a - f| / (|a| + |f|), in [0, 2]. A pair of two zeros is a forecast
 * without error and counts 0; `null` without a known pair.
 *
 * @example
 * smape([10, 0, 4], [8, 0, 8]) // 0.30
 */
export function smape(actual: ArrayLike<number>, forecast: ArrayLike<number>): number | null {
  return meanOverPairs(actual, forecast, (a, f) => (a === f ? 0 : (2 * Math.abs(a - f)) / (Math.abs(a) + Math.abs(f))))
}

/** What the errors of scaled measures are divided by: those of the (seasonal) naive forecast on training rows. */
export interface NaiveScale {
  /** Mean absolute difference of values a season apart; `null` for a constant or too short series. */
  readonly absolute: number | null
  /** Mean squared difference; `null` likewise. */
  readonly squared: number | null
}

/**
 * Scale of `mase` and `rmsse`: the differences of training values a season apart (Hyndman and Koehler 2006).
 *
 * @param season - in steps, >= 1; 1 compares neighbours. @defaultValue 1
 * @throws CloudschedError `invalid-input` for another season
 * @example
 * naiveScale([1, 2, 5, 4]) // absolute 1.67, squared 3.67
 */
export function naiveScale(training: ArrayLike<number>, season: number = 1): NaiveScale {
  if (!(Number.isInteger(season) && season >= 1))
    throw new CloudschedError('invalid-input', [{ path: 'season', received: season, expected: 'a whole number >= 1' }])
  let absolute = 0
  let squared = 0
  let count = 0
  for (let i = season; i < training.length; i++) {
    const difference = training[i]! - training[i - season]!
    if (Number.isNaN(difference)) continue
    absolute += Math.abs(difference)
    squared += difference * difference
    count++
  }
  return absolute === 0 ? { absolute: null, squared: null } : { absolute: absolute / count, squared: squared / count }
}

/**
 * Mean absolute scaled error; `null` where the scale or the error is.
 *
 * @param scale - from training rows alone
 * @example
 * mase([10, 0, 4], [8, 0, 8], naiveScale([1, 2, 5, 4])) // 1.2
 */
export function mase(actual: ArrayLike<number>, forecast: ArrayLike<number>, scale: NaiveScale): number | null {
  const error = mae(actual, forecast)
  return error === null || scale.absolute === null ? null : error / scale.absolute
}

/**
 * Root mean squared scaled error; `null` where the scale or the error is.
 *
 * @param scale - from training rows alone
 * @example
 * rmsse([10, 0, 4], [8, 0, 8], naiveScale([1, 2, 5, 4])) // 1.35
 */
export function rmsse(actual: ArrayLike<number>, forecast: ArrayLike<number>, scale: NaiveScale): number | null {
  const error = rmse(actual, forecast)
  return error === null || scale.squared === null ? null : error / Math.sqrt(scale.squared)
}

/** The measures of a path of forecasts that no other figure stands for. */
export interface PointErrors {
  /** Known pairs of actual value and forecast. */
  readonly count: number
  /** In the unit of the values. */
  readonly mae: number | null
  /** In the unit of the values. */
  readonly rmse: number | null
  /** A share of the sum of actual values. */
  readonly wape: number | null
  /** In [0, 2]. */
  readonly smape: number | null
  /** In units of the naive forecast's mean error on training rows. */
  readonly mase: number | null
  /** In units of the naive forecast's root mean squared error on training rows. */
  readonly rmsse: number | null
  /** Why a measure is `null`. */
  readonly reasons: Readonly<Partial<Record<'mae' | 'rmse' | 'wape' | 'smape' | 'mase' | 'rmsse', string>>>
}

/**
 * All measures of point forecasts at once.
 *
 * @param scale - of `naiveScale`, from training rows alone
 * @example
 * pointErrors(actual, forecast, naiveScale(training)).wape
 */
export function pointErrors(actual: ArrayLike<number>, forecast: ArrayLike<number>, scale: NaiveScale): PointErrors {
  const count = eachPair(actual, forecast, () => {})
  const nothing = 'there is no known pair of actual value and forecast'
  const constant = 'the training values that scale it are constant or too few'
  const all = {
    mae: mae(actual, forecast),
    rmse: rmse(actual, forecast),
    wape: wape(actual, forecast),
    smape: smape(actual, forecast),
    mase: mase(actual, forecast, scale),
    rmsse: rmsse(actual, forecast, scale),
  }
  const reasonFor = (name: string): string =>
    count === 0 ? nothing : name === 'wape' ? 'all actual values are 0' : constant
  const undefinedOnes = Object.entries(all).filter(([, value]) => value === null)
  return { count, ...all, reasons: Object.fromEntries(undefinedOnes.map(([name]) => [name, reasonFor(name)])) }
}
