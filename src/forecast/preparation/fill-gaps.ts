import { integerIn, oneOf, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { checkSeries } from '../series/check-series.ts'
import { rowsOf, type StepRange } from '../series/rows.ts'
import { columnsOf, withColumns } from './series-columns.ts'

/**
 * What becomes of a run of missing values: a straight line between its neighbours, the last value before it, or the
 * steps are left out, which cuts the series into pieces.
 */
export type GapMethod = 'interpolate' | 'forward-fill' | 'drop'

/** Options of `fillGaps`. */
export interface FillGapsOptions {
  /** @defaultValue 'interpolate' */
  readonly method?: GapMethod
  /** Longest run of missing values, in steps, that is filled; longer ones stay missing. Not for 'drop'. @defaultValue no limit */
  readonly longestGap?: number
}

/** Defaults of `fillGaps`. */
export const fillGapsDefaults: { readonly method: GapMethod } = Object.freeze({ method: 'interpolate' })

/** A run of missing values and what became of it. */
export interface Gap {
  /** `'value'` for the target, else the feature's name. */
  readonly column: string
  /** First step of the run. */
  readonly start: number
  readonly steps: number
  readonly action: 'filled' | 'left: too long' | 'left: nothing before it' | 'left: nothing after it' | 'dropped'
}

/** Series without gaps, as far as the method fills them, and what was done. */
export interface FilledSeries {
  /** One series; after 'drop' the pieces between the gaps, in the order of time. */
  readonly series: readonly TimeSeries[]
  /** Where each of them stood in the series given. */
  readonly ranges: readonly StepRange[]
  readonly method: GapMethod
  /** One row for each run of missing values, in the order of columns and steps. */
  readonly gaps: readonly Gap[]
  /** Values that were missing, over all columns. */
  readonly missing: number
  /** Of these, how many were filled. */
  readonly filled: number
  /** Steps that were left out by 'drop'. */
  readonly droppedSteps: number
}

const entries: OptionEntries = { method: oneOf('interpolate', 'forward-fill', 'drop'), longestGap: integerIn(1) }

/**
 * Fills the missing values (NaN) of a series, or leaves their steps out, and lists each run with what became of it.
 * 'interpolate' looks at the value after a gap: for training rows that is fine, for rows that a forecast is judged on it
 * is a look into the future, and 'forward-fill' is the honest one.
 *
 * @throws CloudschedError `invalid-input` for a broken series, `invalid-option`
 *
 * @example
 * fillGaps({ values: [1, NaN, NaN, 4], stepSeconds: 300 }).series[0].values // 1, 2, 3, 4
 */
export function fillGaps(series: TimeSeries, options: FillGapsOptions = {}): FilledSeries {
  const { method, longestGap = Infinity } = readOptions(entries, fillGapsDefaults, options)
  checkSeries([series])
  const gaps: Gap[] = []
  const columns = columnsOf(series).map(([column, given]) => {
    const values = Float64Array.from(given)
    for (const { start, end } of missingRuns(values)) {
      const action = method === 'drop' ? 'dropped' : fillRun(values, start, end, method, longestGap)
      gaps.push({ column, start, steps: end - start, action })
    }
    return values
  })
  const missing = gaps.reduce((sum, { steps }) => sum + steps, 0)
  const filled = gaps.reduce((sum, { steps, action }) => sum + (action === 'filled' ? steps : 0), 0)
  if (method === 'drop') {
    const ranges = completeRanges(columns, series.values.length)
    const keptSteps = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
    const pieces = ranges.map((range) => rowsOf(withColumns(series, columns), range))
    return { series: pieces, ranges, method, gaps, missing, filled, droppedSteps: series.values.length - keptSteps }
  }
  const ranges = [{ start: 0, end: series.values.length }]
  return { series: [withColumns(series, columns)], ranges, method, gaps, missing, filled, droppedSteps: 0 }
}

function missingRuns(values: Float64Array): StepRange[] {
  const runs: StepRange[] = []
  let start = -1
  for (let step = 0; step <= values.length; step++) {
    const isMissing = step < values.length && Number.isNaN(values[step])
    if (isMissing && start < 0) start = step
    if (isMissing || start < 0) continue
    runs.push({ start, end: step })
    start = -1
  }
  return runs
}

function fillRun(
  values: Float64Array,
  start: number,
  end: number,
  method: Exclude<GapMethod, 'drop'>,
  longestGap: number,
): Gap['action'] {
  if (end - start > longestGap) return 'left: too long'
  if (start === 0) return 'left: nothing before it'
  const before = values[start - 1]!
  if (method === 'forward-fill') {
    values.fill(before, start, end)
    return 'filled'
  }
  if (end === values.length) return 'left: nothing after it'
  const after = values[end]!
  for (let step = start; step < end; step++) {
    values[step] = before + ((after - before) * (step - start + 1)) / (end - start + 1)
  }
  return 'filled'
}

/** The runs of steps in which every column is known. */
function completeRanges(columns: readonly Float64Array[], length: number): StepRange[] {
  const known = Float64Array.from({ length }, (_, step) =>
    columns.some((values) => Number.isNaN(values[step])) ? Number.NaN : 1,
  )
  const missing = missingRuns(known)
  const starts = [0, ...missing.map(({ end }) => end)]
  const ends = [...missing.map(({ start }) => start), length]
  return starts.map((start, i) => ({ start, end: ends[i]! })).filter(({ start, end }) => end > start)
}
