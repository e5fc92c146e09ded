/**
 * The series on which forecasters are judged, and how: NAB, PlanetLab, Bitbrains and aggregates of whole data centres,
 * split 80/10/10 in the order of time, 12 steps ahead from every origin of the last tenth. Every bench of forecasters runs
 * through here, so that its figures stand beside those of the others.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import {
  type BacktestRow,
  backtest,
  chronologicalSplit,
  type Forecaster,
  type ForecastMethod,
  forecastOrigins,
  needsScheduling,
  onsetScores,
  rowsOf,
  type Split,
  type TimeSeries,
} from 'cloudsched/forecast'
import { readBitbrainsVm, readPlanetlabCsv } from 'cloudsched/io'
import { csvParse } from 'd3-dsv'

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
const stepSeconds = 300

/** Every tenth VM of the PlanetLab day. */
const planetlabStride = 10

/** Steps ahead: an hour. */
export const horizon = 12

/** Says so and ends the process where the data is not there. */
export function requireData(): void {
  if (existsSync(data)) return
  console.log(`No data in ${data}: nothing measured.`)
  process.exit(0)
}

/** Series that are judged together. */
export interface SeriesSet {
  readonly name: 'NAB' | 'Bitbrains' | 'aggregates' | 'PlanetLab'
  /** Series that share one model: lists of one where each has its own. */
  readonly groups: readonly (readonly TimeSeries[])[]
}

/** All sets, in file order; holes in the time stamps are not seen, as in the published figures. */
export function loadSeriesSets(): SeriesSet[] {
  const alone = (series: readonly TimeSeries[]): TimeSeries[][] => series.map((one) => [one])
  return [
    { name: 'NAB', groups: alone(nabSeries()) },
    { name: 'Bitbrains', groups: alone(bitbrainsSeries()) },
    { name: 'aggregates', groups: alone(aggregateSeries()) },
    { name: 'PlanetLab', groups: [planetlabSeries()] },
  ]
}

/** The five NAB series of the acceptance bar: CPU use in percent. */
export const barSeries = ['825cc2', 'e47b3b', 'fe7f93', '5f5533', 'ac20cd'] as const

/** The nine NAB series by the end of their names; five of them are CPU series of the bar. */
export function nabSeries(): TimeSeries[] {
  return filesOf('nab-aws', '.csv').map((file) => ({
    id: /[^_]*$/.exec(file.replace('.csv', ''))![0],
    values: columnOf([join('nab-aws', file)], 'value'),
    stepSeconds,
  }))
}

function bitbrainsSeries(): TimeSeries[] {
  return filesOf('bitbrains-rnd/2013-7', '.csv.gz').map((file) => ({
    id: `vm ${file.replace('.csv.gz', '')}`,
    values: Float64Array.from(
      readBitbrainsVm(textOf(join('bitbrains-rnd/2013-7', file))),
      ({ cpuUsagePercent }) => cpuUsagePercent,
    ),
    stepSeconds,
  }))
}

function aggregateSeries(): TimeSeries[] {
  const columns = {
    alibaba2018: ['cpu_util_percent', 'mem_util_percent', 'net_in', 'net_out', 'disk_io_percent'],
    azure_v2: ['cpu_usage', 'assigned_mem'],
    google2019: ['avg_cpu', 'avg_mem', 'avg_assigned_mem', 'avg_cycles_per_instruction'],
  }
  return Object.entries(columns).flatMap(([cloud, titles]) => {
    const folder = join('dc-aggregate-5min', cloud)
    const files = filesOf(folder, '.csv').map((file) => join(folder, file))
    // Weeks are numbered week1 and week_2: the number decides, not the name.
    files.sort((a, b) => numberIn(a) - numberIn(b))
    return titles.map((title) => ({ id: `${cloud} ${title}`, values: columnOf(files, title), stepSeconds }))
  })
}

function numberIn(file: string): number {
  return Number(/(?:day_|week_?)(\d+)/.exec(file)![1])
}

function planetlabSeries(): TimeSeries[] {
  const [day] = filesOf('planetlab-cpu', '.csv.gz')
  return readPlanetlabCsv(textOf(join('planetlab-cpu', day!)))
    .filter((_, index) => index % planetlabStride === 0)
    .map(({ id, cpuPercent }) => ({ id, values: Float64Array.from(cpuPercent), stepSeconds }))
}

function filesOf(folder: string, ending: string): string[] {
  return readdirSync(join(data, folder))
    .filter((file) => file.endsWith(ending))
    .sort()
}

function columnOf(files: readonly string[], title: string): Float64Array {
  return Float64Array.from(
    files.flatMap((file) => csvParse(textOf(file)).map((row) => row[title])),
    Number,
  )
}

function textOf(file: string): string {
  const bytes = readFileSync(join(data, file))
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** What may be looked at before the hold-out: a series cut at its end, and where its training rows end. */
export interface SeenSeries {
  /** Training and validation rows. */
  readonly series: TimeSeries
  readonly split: Split
}

/**
 * Gives named forecasters for series that share a model. Methods are fitted on the training rows by the backtest;
 * who needs validation rows (early stopping) fits here, from `seen`, and gives a finished forecaster.
 */
export type ForecastersFor = (
  seen: readonly SeenSeries[],
  set: SeriesSet['name'],
) =>
  | Readonly<Record<string, ForecastMethod | Forecaster>>
  | Promise<Readonly<Record<string, ForecastMethod | Forecaster>>>

/** Backtests on the hold-out of every series of a set, by the protocol of the bar. */
export async function judge(
  set: SeriesSet,
  forecastersFor: ForecastersFor,
  levels: readonly number[] = [],
): Promise<BacktestRow[]> {
  const rows: BacktestRow[] = []
  for (const group of set.groups) {
    const forecasters = await forecastersFor(group.map(seenOf), set.name)
    const models = group.length > 1 ? 'shared' : 'per-series'
    rows.push(...backtest(group, forecasters, { on: 'test', horizon, levels, models }).rows)
    console.error(`${set.name} ${group.length > 1 ? `${group.length} series` : group[0]!.id}`)
  }
  return rows
}

function seenOf(series: TimeSeries): SeenSeries {
  const split = chronologicalSplit(series.values.length)
  return { series: rowsOf(series, { start: 0, end: split.validation.end }), split }
}

/** A question of the decision task: will the next hour reach a threshold? */
export interface DecisionTask {
  readonly name: string
  readonly thresholdOf: (training: Float64Array) => number
  readonly aggregate: 'max' | 'mean'
}

/** The four questions of the published table. */
export const decisionTasks: readonly DecisionTask[] = [
  { name: '80 % CPU', thresholdOf: () => 80, aggregate: 'max' },
  { name: '50 % CPU', thresholdOf: () => 50, aggregate: 'max' },
  { name: 'training q90, max', thresholdOf: (training) => quantileOf(training, 0.9), aggregate: 'max' },
  { name: 'training q90, mean', thresholdOf: (training) => quantileOf(training, 0.9), aggregate: 'mean' },
]

/** What a rule for decisions is given. */
export interface DecisionCase {
  readonly series: TimeSeries
  readonly split: Split
  /** Steps at which to decide; a rule looks at nothing later. */
  readonly origins: Int32Array
  readonly options: { readonly threshold: number; readonly horizon: number; readonly aggregate: 'max' | 'mean' }
}

/** Decides (1 or 0) at each origin. */
export type DecisionRule = (asked: DecisionCase) => ArrayLike<number> | Promise<ArrayLike<number>>

/** Labels and decisions of one rule on the hold-out of one series. */
export interface DecisionRow {
  readonly series: string
  readonly task: string
  readonly rule: string
  readonly threshold: number
  readonly labels: readonly number[]
  readonly decisions: readonly number[]
  /** F1 at the onset alone. */
  readonly onsetF1: number | null
}

/** Asks every rule every question at each origin of the hold-out. */
export async function judgeDecisions(
  series: readonly TimeSeries[],
  rules: Readonly<Record<string, DecisionRule>>,
): Promise<DecisionRow[]> {
  const rows: DecisionRow[] = []
  for (const one of series)
    for (const task of decisionTasks) {
      const values = Float64Array.from(one.values)
      const split = chronologicalSplit(values.length)
      const threshold = task.thresholdOf(values.subarray(0, split.training.end))
      const options = { threshold, horizon, aggregate: task.aggregate }
      const origins = forecastOrigins(split.test, { contextSteps: 1, horizon })
      const labels = needsScheduling(values, origins, options)
      const present = Array.from(origins, (origin) => values[origin]!)
      for (const [rule, decide] of Object.entries(rules)) {
        const decisions = await decide({ series: one, split, origins, options })
        rows.push({
          series: one.id!,
          task: task.name,
          rule,
          threshold,
          labels: [...labels],
          decisions: Array.from(decisions),
          onsetF1: onsetScores(labels, decisions, present, threshold).f1,
        })
      }
    }
  return rows
}

function quantileOf(values: Float64Array, level: number): number {
  const sorted = values.slice().sort()
  const at = level * (sorted.length - 1)
  const below = Math.floor(at)
  return sorted[below]! + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - sorted[below]!)
}
