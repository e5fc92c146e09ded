import type { TimeSeries } from '../../model/forecaster.ts'
import { featureNames } from '../series/check-series.ts'

/** A list of a series by its name: `'value'` is the target, all others are features. */
export type SeriesColumn = readonly [name: string, values: ArrayLike<number>]

/** The target and the features, in the order of their names. */
export function columnsOf(series: TimeSeries): readonly SeriesColumn[] {
  return [['value', series.values], ...featureNames(series).map((name) => [name, series.features![name]!] as const)]
}

/** The series with other values in its columns, in the order of `columnsOf`. */
export function withColumns(series: TimeSeries, [values, ...features]: readonly Float64Array[]): TimeSeries {
  const names = featureNames(series)
  return {
    ...series,
    values: values!,
    ...(series.features && { features: Object.fromEntries(names.map((name, i) => [name, features[i]!])) }),
  }
}
