import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { columnsOf, withColumns } from './series-columns.ts'

/** Options of `cleanSeries`. */
export interface CleanSeriesOptions {
  /** Smallest value of the target that can be. @defaultValue none */
  readonly minimum?: number
  /** Largest value of the target that can be, e.g. 100 for per cent. @defaultValue none */
  readonly maximum?: number
  /** Number of equal values of the target in a row from which on the sensor counts as stuck, >= 2. @defaultValue none */
  readonly stuckSteps?: number
}

/** Why a value was taken for missing. */
export type UncleanReason = 'not a number' | 'infinite' | 'below the minimum' | 'above the maximum' | 'stuck'

/** A value that was taken for missing. */
export interface UncleanValue {
  /** `'value'` for the target, else the feature's name. */
  readonly column: string
  readonly step: number
  /** As it was given. */
  readonly received: unknown
  readonly reason: UncleanReason
}

/** A cleaned series and all that was changed in it. */
export interface CleanedSeries {
  /** What cannot be is missing (NaN) in it, all else as it was. */
  readonly series: TimeSeries
  /** One row for each value changed, in the order of columns and steps. */
  readonly changes: readonly UncleanValue[]
  /** Values of the target that were missing (NaN) before. */
  readonly missingBefore: number
  /** The same afterwards. */
  readonly missingAfter: number
}

const entries: OptionEntries = {
  minimum: numberIn(-Infinity),
  maximum: numberIn(-Infinity),
  stuckSteps: integerIn(2, Number.MAX_SAFE_INTEGER),
}

/**
 * Marks what cannot be as missing (NaN) and lists every change: entries that are no numbers, infinite ones, and in the
 * target those outside the given limits and those of a stuck sensor, of which the first stays.
 *
 * @throws CloudschedError `invalid-option` for a minimum above the maximum, `invalid-input` for what is no series
 *
 * @example
 * cleanSeries({ values: [30, -1, 250, 31], stepSeconds: 300 }, { minimum: 0, maximum: 100 }).changes.length // 2
 */
export function cleanSeries(series: TimeSeries, options: CleanSeriesOptions = {}): CleanedSeries {
  const { minimum = -Infinity, maximum = Infinity, stuckSteps = Infinity } = readOptions(entries, {}, options)
  if (minimum > maximum) {
    const finding = { path: 'options.minimum', received: minimum, expected: `at most options.maximum (${maximum})` }
    throw new CloudschedError('invalid-option', [finding])
  }
  const changes: UncleanValue[] = []
  const columns = columnsOf(series).map(([column, given]) => {
    const stuck = column === 'value' ? stuckFrom(given, stuckSteps) : new Set<number>()
    return Float64Array.from({ length: given.length }, (_, step) => {
      const received: unknown = given[step]
      const reason = reasonFor(
        received,
        column === 'value' ? minimum : -Infinity,
        column === 'value' ? maximum : Infinity,
      )
      if (reason === null && !stuck.has(step)) return received as number
      changes.push({ column, step, received, reason: reason ?? 'stuck' })
      return Number.NaN
    })
  })
  const cleaned = withColumns(series, columns)
  return {
    series: cleaned,
    changes,
    missingBefore: Array.from(series.values).filter((value) => Number.isNaN(value)).length,
    missingAfter: Array.from(cleaned.values).filter((value) => Number.isNaN(value)).length,
  }
}

/** NaN is missing already: no reason to change it. */
function reasonFor(value: unknown, minimum: number, maximum: number): UncleanReason | null {
  if (typeof value !== 'number') return 'not a number'
  if (Math.abs(value) === Infinity) return 'infinite'
  if (value < minimum) return 'below the minimum'
  return value > maximum ? 'above the maximum' : null
}

/** The steps of all runs of equal values that are long enough, but for the first step of each. */
function stuckFrom(values: ArrayLike<number>, stuckSteps: number): Set<number> {
  const stuck = new Set<number>()
  let start = 0
  for (let step = 1; step <= values.length; step++) {
    if (step < values.length && values[step] === values[start]) continue
    if (step - start >= stuckSteps) for (let k = start + 1; k < step; k++) stuck.add(k)
    start = step
  }
  return stuck
}
