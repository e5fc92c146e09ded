import type { TimeSeries } from '../../model/forecaster.ts'

/** A half-open range of steps: `start` belongs to it, `end` does not. */
export interface StepRange {
  readonly start: number
  readonly end: number
}

/**
 * The steps of a series that lie in a range, features too, without a copy where the values are typed.
 *
 * @example
 * rowsOf(series, chronologicalSplit(series.values.length).training)
 */
export function rowsOf(series: TimeSeries, { start, end }: StepRange): TimeSeries {
  return {
    ...series,
    values: cut(series.values, start, end),
    ...(series.features && {
      features: Object.fromEntries(
        Object.entries(series.features).map(([name, values]) => [name, cut(values, start, end)]),
      ),
    }),
  }
}

/** The values as doubles: the same array where it is one already. */
export function asFloat64(values: ArrayLike<number>): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values)
}

function cut(values: ArrayLike<number>, start: number, end: number): Float64Array {
  return asFloat64(values).subarray(start, end)
}
