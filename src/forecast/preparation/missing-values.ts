import { CloudschedError, throwFindings } from '../../errors/cloudsched-error.ts'
import { integerIn, oneOf, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { checkSeries } from '../series/check-series.ts'
import { rowsOf, type StepRange } from '../series/rows.ts'
import { columnsOf, withColumns } from './series-columns.ts'

/**
 * What becomes of missing values: `'error'` refuses them, `'ffill'` repeats the last value before them, `'interpolate'`
 * draws a straight line between their neighbours, `'mask'` leaves them NaN, so that windows that hold one are left out of
 * fits and measures.
 */
export type MissingValues = 'error' | 'ffill' | 'interpolate' | 'mask'

/** Options of `treatMissing`. */
export interface TreatMissingOptions {
  /** @defaultValue 'error' */
  readonly missing?: MissingValues
  /** Longest run of missing values, in steps, that is filled; longer ones stay missing. For 'ffill' and 'interpolate' alone. @defaultValue no limit */
  readonly longestGap?: number
}

/** Defaults of `treatMissing`. */
export const treatMissingDefaults: { readonly missing: MissingValues } = Object.freeze({ missing: 'error' })

/** A run of missing values and what became of it. */
export interface Gap {
  /** `'value'` for the target, else the feature's name. */
  readonly column: string
  /** First step of the run. */
  readonly start: number
  readonly steps: number
  readonly action:
    | 'filled'
    | 'left: masked'
    | 'left: too long'
    | 'left: nothing before it'
    | 'left: nothing after it'
    | 'dropped'
}

/** A series whose missing values were treated, and what was done. */
export interface TreatedSeries {
  readonly series: TimeSeries
  /** One row for each run of missing values, in the order of columns and steps. */
  readonly gaps: readonly Gap[]
  /** Values that were missing, over all columns. */
  readonly missing: number
  /** Of these, how many were filled. */
  readonly filled: number
}

/** The pieces of a series between its gaps, and what was left out. */
export interface SeriesPieces {
  /** In the order of time. */
  readonly pieces: readonly TimeSeries[]
  /** Where each of them stood in the series given. */
  readonly ranges: readonly StepRange[]
  /** One row for each run of missing values, in the order of columns and steps. */
  readonly gaps: readonly Gap[]
  /** Values that were missing, over all columns. */
  readonly missing: number
  /** Steps that were left out. */
  readonly droppedSteps: number
}

const entries: OptionEntries = {
  missing: oneOf('error', 'ffill', 'interpolate', 'mask'),
  longestGap: integerIn(1),
}

/**
 * Treats the missing values (NaN) of a series, target and features alike, in the stated way, and lists each run of them
 * with what became of it. 'interpolate' looks at the value after a gap: for training rows that is fine, for rows that a
 * forecast is judged on it is a look into the future, and 'ffill' is the honest one.
 *
 * @throws CloudschedError `invalid-input` for missing values under 'error', every run at once, and for a broken series;
 * `invalid-option`
 *
 * @example
 * treatMissing({ values: [1, NaN, NaN, 4], stepSeconds: 300 }, { missing: 'interpolate' }).series.values // 1, 2, 3, 4
 */
export function treatMissing(series: TimeSeries, options: TreatMissingOptions = {}): TreatedSeries {
  const { missing: method, longestGap } = readOptions(entries, treatMissingDefaults, options)
  const fills = method === 'ffill' || method === 'interpolate'
  if (longestGap !== undefined && !fills) {
    const expected = `left out with missing '${method}', which fills no gap`
    throw new CloudschedError('invalid-option', [{ path: 'options.longestGap', received: longestGap, expected }])
  }
  checkSeries([series])
  const gaps: Gap[] = []
  const columns = columnsOf(series).map(([column, given]) => {
    const values = Float64Array.from(given)
    for (const { start, end } of missingRuns(values)) {
      const action = fills ? fillRun(values, start, end, method, longestGap ?? Infinity) : 'left: masked'
      gaps.push({ column, start, steps: end - start, action })
    }
    return values
  })
  if (method === 'error') refuse(gaps)
  const filled = stepsOf(gaps.filter(({ action }) => action === 'filled'))
  return { series: withColumns(series, columns), gaps, missing: stepsOf(gaps), filled }
}

/**
 * Leaves out the steps at which the target or a feature is missing (NaN). A regular grid has no holes, so that what is
 * left of one series is several: the pieces between the gaps.
 *
 * @throws CloudschedError `invalid-input` for a broken series
 *
 * @example
 * dropMissing({ values: [1, NaN, 3, 4], stepSeconds: 300 }).pieces.map(({ values }) => values) // [1] and [3, 4]
 */
export function dropMissing(series: TimeSeries): SeriesPieces {
  checkSeries([series])
  const columns = columnsOf(series).map(([column, values]) => ({ column, values: Float64Array.from(values) }))
  const gaps = columns.flatMap(({ column, values }) =>
    missingRuns(values).map(({ start, end }): Gap => ({ column, start, steps: end - start, action: 'dropped' })),
  )
  const copied = withColumns(
    series,
    columns.map(({ values }) => values),
  )
  const ranges = completeRanges(copied)
  const kept = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  return {
    pieces: ranges.map((range) => rowsOf(copied, range)),
    ranges,
    gaps,
    missing: stepsOf(gaps),
    droppedSteps: series.values.length - kept,
  }
}

function refuse(gaps: readonly Gap[]): void {
  const hint = "treatMissing(series, { missing: 'ffill' }) fills gaps, 'mask' leaves them out of fits and measures."
  throwFindings(
    'invalid-input',
    gaps.map(({ column, start, steps }, index) => ({
      path: `series[0].${column === 'value' ? 'values' : `features.${column}`}[${start}]`,
      received: Number.NaN,
      expected: `a known value${steps > 1 ? `, as the ${steps - 1} after it` : ''}`,
      ...(index === 0 && { hint }),
    })),
  )
}

function stepsOf(gaps: readonly Gap[]): number {
  return gaps.reduce((sum, { steps }) => sum + steps, 0)
}

function missingRuns(values: ArrayLike<number>): StepRange[] {
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
  method: 'ffill' | 'interpolate',
  longestGap: number,
): Gap['action'] {
  if (end - start > longestGap) return 'left: too long'
  if (start === 0) return 'left: nothing before it'
  const before = values[start - 1]!
  if (method === 'ffill') {
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
function completeRanges(series: TimeSeries): StepRange[] {
  const columns = columnsOf(series).map(([, values]) => values)
  const { length } = series.values
  const known = Float64Array.from({ length }, (_, step) =>
    columns.some((values) => Number.isNaN(values[step])) ? Number.NaN : 1,
  )
  const missing = missingRuns(known)
  const starts = [0, ...missing.map(({ end }) => end)]
  const ends = [...missing.map(({ start }) => start), length]
  return starts.map((start, i) => ({ start, end: ends[i]! })).filter(({ start, end }) => end > start)
}
