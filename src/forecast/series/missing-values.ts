import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { oneOf, readOptions } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { checkSeries } from './check-series.ts'

/**
 * What becomes of missing values: `'error'` refuses them, `'forward-fill'` repeats the last value known, `'mask'` leaves
 * them NaN, so that windows that hold one are left out of fits and measures.
 */
export type MissingValues = 'error' | 'forward-fill' | 'mask'

/** Options of `treatMissing`. */
export interface TreatMissingOptions {
  /** @defaultValue 'error' */
  readonly missing?: MissingValues
}

/** A series after its missing values were treated, and what was done. */
export interface TreatedSeries {
  readonly series: TimeSeries
  /** Missing values of the target that were found. */
  readonly missing: number
  /** Of these, how many were filled; those before the first known value cannot be. */
  readonly filled: number
  /** Length of the longest run of missing values of the target, in steps. */
  readonly longestGap: number
}

/**
 * Treats the missing values (NaN) of a series, target and features alike, in the stated way and says what was done.
 *
 * @throws CloudschedError `invalid-input` for a missing value under `'error'`, and for a broken series
 * @example
 * treatMissing({ values: [1, NaN, 3], stepSeconds: 300 }, { missing: 'forward-fill' }).series.values // 1, 1, 3
 */
export function treatMissing(series: TimeSeries, options: TreatMissingOptions = {}): TreatedSeries {
  const defaults: Required<TreatMissingOptions> = { missing: 'error' }
  const { missing } = readOptions({ missing: oneOf('error', 'forward-fill', 'mask') }, defaults, options)
  checkSeries([series])
  if (missing === 'error') refuseMissing([series])
  const features = Object.entries(series.features ?? {})
  const fill = missing === 'forward-fill' ? forwardFilled : (values: ArrayLike<number>) => Float64Array.from(values)
  const values = fill(series.values)
  const found = countMissing(series.values)
  return {
    series: {
      ...series,
      values,
      ...(series.features && { features: Object.fromEntries(features.map(([name, list]) => [name, fill(list)])) }),
    },
    missing: found,
    filled: found - countMissing(values),
    longestGap: longestGap(series.values),
  }
}

/**
 * Refuses series with missing values in the target or in a feature.
 *
 * @throws CloudschedError `invalid-input` at the first missing value
 */
export function refuseMissing(series: readonly TimeSeries[], path: string = 'series'): void {
  series.forEach((one, index) => {
    const lists = [['values', one.values] as const, ...Object.entries(one.features ?? {})]
    for (const [name, values] of lists) {
      const at = Array.prototype.findIndex.call(values, Number.isNaN)
      if (at < 0) continue
      throw new CloudschedError('invalid-input', [
        {
          path: `${path}[${index}].${name === 'values' ? name : `features.${name}`}[${at}]`,
          received: Number.NaN,
          expected: 'a known value',
          hint: "Fill gaps with treatMissing(series, { missing: 'forward-fill' }), or leave them out with 'mask'.",
        },
      ])
    }
  })
}

/** Number of NaN. */
export function countMissing(values: ArrayLike<number>): number {
  let count = 0
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) count++
  return count
}

/** Length of the longest run of NaN. */
export function longestGap(values: ArrayLike<number>): number {
  let longest = 0
  let run = 0
  for (let i = 0; i < values.length; i++) {
    run = Number.isNaN(values[i]) ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

function forwardFilled(values: ArrayLike<number>): Float64Array {
  const filled = Float64Array.from(values)
  for (let i = 1; i < filled.length; i++) if (Number.isNaN(filled[i])) filled[i] = filled[i - 1]!
  return filled
}
