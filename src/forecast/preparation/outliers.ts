import { numberAbove, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { checkSeries } from '../series/check-series.ts'
import { median } from '../series/median.ts'

/** Options of `fitOutlierLimits`. */
export interface OutlierOptions {
  /** Robust standard deviations around the median beyond which a value is an outlier, > 0. @defaultValue 5 */
  readonly deviations?: number
}

/** Limits that were learnt from training rows: plain data. */
export interface OutlierLimits {
  readonly median: number
  /**
   * The robust standard deviation: from the median absolute deviation, or, where more than half of the values are equal
   * so that it is 0, from the mean absolute deviation.
   */
  readonly deviation: number
  readonly from: 'median absolute deviation' | 'mean absolute deviation'
  readonly deviations: number
  readonly low: number
  readonly high: number
}

/** A series whose outliers were brought back to the limits, and which they were. */
export interface ClippedSeries {
  readonly series: TimeSeries
  readonly clippedLow: number
  readonly clippedHigh: number
  /** One row for each value changed. */
  readonly changes: readonly { readonly step: number; readonly from: number; readonly to: number }[]
}

/** Standard deviation over median, and over mean, absolute deviation of a normal distribution. */
const medianToStandard = 1.4826022185056018
const meanToStandard = 1.2533141373155001

const entries: OptionEntries = { deviations: numberAbove(0) }

/**
 * Learns limits for outliers from training rows alone: median +- deviations x 1.4826 x median absolute deviation
 * (Iglewicz, Hoaglin 1993). A few spikes do not move them, as they move mean and standard deviation.
 *
 * @returns `null` for training values that are all equal: they show no spread to measure by
 * @throws CloudschedError `invalid-input` for broken series or none with a known value
 *
 * @example
 * const limits = fitOutlierLimits([training])
 * if (limits) clipOutliers(series, limits).changes
 */
export function fitOutlierLimits(training: readonly TimeSeries[], options: OutlierOptions = {}): OutlierLimits | null {
  const { deviations } = readOptions(entries, { deviations: 5 }, options)
  checkSeries(training, 'training')
  const known = Float64Array.from(training.flatMap(({ values }) => Array.from(values).filter((x) => !Number.isNaN(x))))
  if (known.length === 0) {
    const finding = { path: 'training', received: 'no known value', expected: 'series with at least one known value' }
    throw new CloudschedError('invalid-input', [finding])
  }
  const middle = median(known)
  const distances = known.map((value) => Math.abs(value - middle))
  const robust = medianToStandard * median(distances)
  const deviation =
    robust > 0 ? robust : (meanToStandard * distances.reduce((sum, distance) => sum + distance, 0)) / distances.length
  if (deviation === 0) return null
  return {
    median: middle,
    deviation,
    from: robust > 0 ? 'median absolute deviation' : 'mean absolute deviation',
    deviations,
    low: middle - deviations * deviation,
    high: middle + deviations * deviation,
  }
}

/**
 * Brings the outliers of a series' target back to the limits and lists each change; missing values stay missing. For
 * training rows: a forecast is judged by what happened, outliers included.
 *
 * @throws CloudschedError `invalid-input` for a broken series
 */
export function clipOutliers(series: TimeSeries, { low, high }: OutlierLimits): ClippedSeries {
  checkSeries([series])
  const changes: { step: number; from: number; to: number }[] = []
  const values = Float64Array.from({ length: series.values.length }, (_, step) => {
    const from = series.values[step]!
    const to = from < low ? low : from > high ? high : from
    // NaN differs from itself, and stays.
    if (to !== from && !Number.isNaN(from)) changes.push({ step, from, to })
    return to
  })
  const clippedLow = changes.filter(({ to }) => to === low).length
  return { series: { ...series, values }, clippedLow, clippedHigh: changes.length - clippedLow, changes }
}
