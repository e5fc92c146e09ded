import { CloudschedError, throwFindings } from '../../errors/cloudsched-error.ts'
import { integerIn, oneOf, readOptions, satisfying } from '../../errors/read-options.ts'
import type { Forecaster, ForecastMethod, TimeSeries } from '../../model/forecaster.ts'
import { naive } from '../baselines/naive.ts'
import { naiveScale } from '../metrics/point-errors.ts'
import { checkSeries, seriesName } from '../series/check-series.ts'
import { asFloat64, rowsOf } from '../series/rows.ts'
import { chronologicalSplit, defaultShares, type SplitShares } from '../series/split.ts'
import { type BacktestRow, backtestRow } from './backtest-row.ts'
import { rollingEntries, type RollingForecasts, rollingForecasts } from './rolling-forecasts.ts'
import { type BacktestSummary, summariseBacktest } from './summarise-backtest.ts'

/** Forecasters under the names they have in the table. A method is fitted on training rows; a forecaster is taken as it is. */
export type NamedForecasters = Readonly<Record<string, ForecastMethod | Forecaster>>

/** Options of `backtest`. */
export interface BacktestOptions {
  /** Shares of training, validation and test rows. @defaultValue [0.8, 0.1, 0.1] */
  readonly split?: SplitShares
  /** Which rows are forecast. 'validation' never looks at the hold-out; 'test' is for the last figure. @defaultValue 'validation' */
  readonly on?: 'validation' | 'test'
  /** Steps ahead, >= 1. @defaultValue 12 */
  readonly horizon?: number
  /** Distance between two origins, >= 1. @defaultValue 1 */
  readonly stride?: number
  /** Levels of the quantiles that are judged, ascending. @defaultValue [] */
  readonly levels?: readonly number[]
  /** Season of the scale of MASE and RMSSE, in steps. @defaultValue 1 */
  readonly scaleSeason?: number
  /** Whether each series has a model of its own, or all training rows share one. @defaultValue 'per-series' */
  readonly models?: 'per-series' | 'shared'
}

/** Defaults of `backtest`. */
export const backtestDefaults: Required<BacktestOptions> = Object.freeze({
  split: defaultShares,
  on: 'validation',
  horizon: 12,
  stride: 1,
  levels: [],
  scaleSeason: 1,
  models: 'per-series',
})

/** A table of all methods on all series, and its summary per method. */
export interface Backtest {
  readonly rows: readonly BacktestRow[]
  readonly summary: readonly BacktestSummary[]
  readonly options: Required<BacktestOptions>
}

/**
 * Rolling-origin backtest: fits each method on the training rows, then forecasts from each origin of the validation (or
 * test) rows, without refitting. Every error is compared with that of the naive forecast on the same targets.
 *
 * @param methods - the same names on every series
 * @throws CloudschedError `invalid-input`, `invalid-option`
 * @example
 * const { summary } = backtest([series], { lad: ladAutoregression(), hour: seasonalNaive({ season: 12 }) })
 * summary[0].path // geometric mean over the series of error / naive error
 */
export function backtest(
  series: readonly TimeSeries[],
  methods: NamedForecasters,
  options: BacktestOptions = {},
): Backtest {
  const read = readBacktest(options)
  checkSeries(series)
  checkMethods(methods)
  const parts = series.map((whole, index) => cutForBacktest(whole, index, read))
  const rows = Object.entries(methods).flatMap(([name, method]) => {
    const shared = read.models === 'shared' ? ready(method, parts) : null
    return parts.map((part) => rowOf(name, shared ?? ready(method, [part]), part, read))
  })
  return { rows, summary: summariseBacktest(rows), options: read }
}

/** One series as the backtest may see it: nothing of the rows after those that are forecast. */
interface Part {
  readonly name: string
  readonly series: TimeSeries
  readonly training: TimeSeries
  readonly range: { readonly start: number; readonly end: number }
  readonly naive: RollingForecasts
}

function cutForBacktest(
  whole: TimeSeries,
  index: number,
  { split, on, horizon, stride }: Required<BacktestOptions>,
): Part {
  const { training, [on]: range } = chronologicalSplit(whole.values.length, split)
  const name = seriesName(whole, index)
  if (training.end < 1 || range.end - range.start < horizon)
    throw new CloudschedError('invalid-input', [
      {
        path: `series[${index}].values`,
        received: `${whole.values.length} values`,
        expected: `long enough for a training row and ${horizon} ${on} rows`,
        hint: `The shares ${split.join(', ')} leave ${training.end} and ${range.end - range.start}.`,
      },
    ])
  const series = rowsOf(whole, { start: 0, end: range.end })
  const trainingRows = rowsOf(series, training)
  const benchmark = naive({ horizon }).fit([trainingRows])
  return {
    name,
    series,
    training: trainingRows,
    range,
    naive: rollingForecasts(benchmark, series, range, { horizon, stride }),
  }
}

function checkMethods(methods: NamedForecasters): void {
  throwFindings(
    'invalid-input',
    Object.entries(methods)
      .filter(([, method]) => !('fit' in Object(method) || 'forecast' in Object(method)))
      .map(([name, method]) => ({
        path: `methods.${name}`,
        received: method,
        expected: 'a method such as naive(), or a forecaster',
      })),
  )
}

function ready(method: ForecastMethod | Forecaster, parts: readonly Part[]): Forecaster {
  return 'fit' in method ? method.fit(parts.map(({ training }) => training)) : method
}

function rowOf(method: string, forecaster: Forecaster, part: Part, options: Required<BacktestOptions>): BacktestRow {
  const { horizon, stride, levels } = options
  return backtestRow({
    series: part.name,
    method,
    rolled: rollingForecasts(forecaster, part.series, part.range, { horizon, stride, levels }),
    naive: part.naive,
    levels,
    scale: naiveScale(asFloat64(part.training.values), options.scaleSeason),
  })
}

function readBacktest(options: BacktestOptions): Required<BacktestOptions> {
  const entries = {
    split: satisfying<SplitShares>(Array.isArray, 'three shares'),
    on: oneOf('validation', 'test'),
    ...rollingEntries,
    scaleSeason: integerIn(1, 100_000),
    models: oneOf('per-series', 'shared'),
  }
  return readOptions(entries, backtestDefaults, options)
}
