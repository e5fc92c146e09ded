/**
 * Forecasters without a network beside each other: the acceptance bar on NAB, the same on Bitbrains, data-centre
 * aggregates and PlanetLab, and the decision "will the next hour reach a threshold?".
 *
 *   npx tsx bench/forecast-nab.ts
 */
import {
  alwaysPositive,
  autoregression,
  type BacktestRow,
  decisionScores,
  type Forecaster,
  type ForecastMethod,
  holtWinters,
  ladAutoregression,
  naive,
  needsScheduling,
  persistence,
  rollingMedian,
  rowsOf,
  sameTimeLastSeason,
  seasonalNaive,
  simpleExponentialSmoothing,
  summariseBacktest,
  windowPersistence,
} from 'cloudsched/forecast'
import { markdownTable, type VegaLiteSpec } from 'cloudsched/report'
import { mean, writeChart, writePage } from './evidence-page.ts'
import {
  barSeries,
  type DecisionCase,
  type DecisionRow,
  type DecisionRule,
  decisionTasks,
  horizon,
  judge,
  judgeDecisions,
  loadSeriesSets,
  nabSeries,
  requireData,
  type SeriesSet,
} from './forecast-series.ts'

const levels = [0.1, 0.5, 0.85, 0.9]
const best = 'LAD-AR(36), centred'

const methods: Readonly<Record<string, ForecastMethod>> = {
  naive: naive({ horizon }),
  'seasonal naive 12': seasonalNaive({ season: 12, horizon }),
  'seasonal naive 288': seasonalNaive({ season: 288, horizon }),
  'rolling median 12': rollingMedian({ window: 12, horizon }),
  SES: simpleExponentialSmoothing({ horizon }),
  'Holt-Winters 12': holtWinters({ season: 12, horizon }),
  'Holt-Winters 288': holtWinters({ season: 288, contextSeasons: 3, horizon }),
  'AR(12)': autoregression({ lags: 12, horizon }),
  'AR(36)': autoregression({ lags: 36, horizon }),
  'AR(36), centred': autoregression({ lags: 36, centre: 'median', horizon }),
  'LAD-AR(36)': ladAutoregression({ lags: 36, centre: 'none', horizon }),
  [best]: ladAutoregression({ horizon }),
  'LAD-AR(36), centred, 288': ladAutoregression({ season: 288, horizon }),
}

/** Path error over naive's that the published run of the same protocol reports for the bar's method. */
const published: Readonly<Record<(typeof barSeries)[number], number>> = {
  '825cc2': 0.82,
  e47b3b: 0.57,
  fe7f93: 0.6,
  '5f5533': 0.68,
  ac20cd: 0.84,
}

const ladForecasters = new Map<string, Forecaster>()

requireData()
const sets = loadSeriesSets()
const fitSeconds = new Map<string, number[]>()
const rowsOfSet = new Map<SeriesSet['name'], BacktestRow[]>()
for (const set of sets) {
  const timed = Object.entries(methods).map(([name, method]) => [name, timedMethod(set, name, method)] as const)
  rowsOfSet.set(set.name, await judge(set, () => Object.fromEntries(timed), levels))
}
const decisions = await judgeDecisions(
  nabSeries().filter(({ id }) => (barSeries as readonly string[]).includes(id!)),
  decisionRules(),
)

const nab = rowsOfSet.get('NAB')!
const chart = await writeChart('forecast-nab', 'Path error over that of naive, for each method and series', ratioSpec())
writePage({
  name: 'forecast-nab',
  title: 'Forecasters without a network',
  command: 'npx tsx bench/forecast-nab.ts',
  seeds: 'none, nothing is drawn at random',
  body: `Split 80/10/10 in the order of time; methods fitted once on the first 80 %, the middle 10 % unused, ${horizon} steps of 5
minutes ahead from every origin of the last 10 %. "Path" is the mean error of all ${horizon} steps. Series are indexed by step, in the order
of their files. Ratios are to the error of naive on the same targets; means of ratios are geometric. "Centred" windows are those less their median; "288" has
three values of the day before as inputs, too. Averages of MASE are not shown: its scale
is that of the training rows, which may be far noisier than the last ones. "-" is a figure that is not defined.

NAB: CPU use, network input and requests of machines at AWS (Numenta Anomaly Benchmark, MIT). Bitbrains: CPU use of VMs in per cent, July 2013 (GWA-T-12 of
the Grid Workloads Archive; Shen, van Beek, Iosup, CCGrid 2015). Aggregates: means or sums over whole data centres of Alibaba, Azure and Google
(DataCenter Traces Datasets, CC BY 4.0). PlanetLab: CPU use of every tenth VM on 2011-03-03 (CoMon; Park and Pai, 2006); a day has 288 steps,
so that nothing can look a day back and stand-ins answer.

## The bar

${barTable()}

## All sets, error of the path over naive's

${allSetsTable()}

## NAB, error of the path over naive's

${perSeriesTable(nab, ({ pathRatio }) => ratioText(pathRatio))}

${chart}

## NAB, one step ahead: MAE and MASE

${perSeriesTable(nab, (row) => errorText(row, 0))}

## NAB, ${horizon} steps ahead: MAE and MASE

${perSeriesTable(nab, (row) => errorText(row, horizon - 1))}

${sets.map(setSection).join('\n\n')}

## Will the next hour reach a threshold?

The five CPU series together, ${decisions[0]!.labels.length} origins each; accuracy / F1 in per cent. The rules see what is before the
origin, and the majority is that of the training rows. "LAD-AR path" says yes when its forecast reaches the threshold, "LAD-AR q85" when its
85 % quantile does. Logistic regression and trees: [decisions](forecast-decision.md).

${decisionTable()}

Per series at the 90 % quantile of training, and F1 at the onset alone (the present below the threshold; persistence finds none by
construction):

${decisionSeriesTable()}

## Processor time

${timeTable()}`,
})

/** A method whose fits are timed, all threads of the process counted. */
function timedMethod(set: SeriesSet, name: string, method: ForecastMethod): ForecastMethod {
  const key = `${set.name} ${name}`
  return {
    name: method.name,
    fit(training): Forecaster {
      const start = process.cpuUsage()
      const forecaster = method.fit(training)
      const { user, system } = process.cpuUsage(start)
      fitSeconds.set(key, [...(fitSeconds.get(key) ?? []), (user + system) / 1e6])
      return forecaster
    },
  }
}

function barTable(): string {
  const ratios = barSeries.map((series) => ({
    series,
    measured: nab.find((row) => row.series === series && row.method === best)!.pathRatio!,
  }))
  const geometric = Math.exp(mean(ratios.map(({ measured }) => Math.log(measured))))
  const verdict = geometric <= 0.7 && ratios.every(({ measured }) => measured <= 1) ? 'met' : 'missed'
  const table = markdownTable(ratios, [
    { title: 'series', value: (row) => row.series },
    { title: `${best}, path over naive`, value: (row) => row.measured.toFixed(3) },
    { title: 'published for the same protocol', value: (row) => published[row.series].toFixed(2) },
  ])
  return `${table}

Geometric mean ${geometric.toFixed(3)} (bar: at most 0.70, and never above 1): ${verdict}. The published mean over ten series, 0.64, cannot be
measured here: five of them are not in the data.`
}

/** Path ratios per set, and over all series of all sets, each series alike. */
function allSetsTable(): string {
  const pathOf = (rows: readonly BacktestRow[], method: string): number | null =>
    summariseBacktest(rows).find((row) => row.method === method)!.path
  const all = [...rowsOfSet.values()].flat()
  return markdownTable(named(Object.keys(methods)), [
    { title: 'method', value: ({ name }) => name },
    ...sets.map((set) => ({
      title: set.name,
      value: ({ name }: Named) => ratioText(pathOf(rowsOfSet.get(set.name)!, name)),
    })),
    { title: 'all series', value: ({ name }: Named) => ratioText(pathOf(all, name)) },
  ])
}

function perSeriesTable(rows: readonly BacktestRow[], cell: (row: BacktestRow) => string): string {
  const series = [...new Set(rows.map((row) => row.series))]
  const at = (method: string, name: string): BacktestRow =>
    rows.find((row) => row.series === name && row.method === method)!
  return markdownTable(named(Object.keys(methods)), [
    { title: 'method', value: ({ name }) => name },
    ...series.map((one) => ({ title: one, value: ({ name }: Named) => cell(at(name, one)) })),
  ])
}

/** A row of a table that has a name alone. */
interface Named {
  readonly name: string
}

function named(names: readonly string[]): Named[] {
  return names.map((name) => ({ name }))
}

function errorText(row: BacktestRow, step: number): string {
  const error = row.maeByStep[step]!
  const { mae, mase } = row.path
  return `${Number(error!.toPrecision(3))} / ${mase === null ? '-' : ((error! * mase) / mae!).toPrecision(3)}`
}

function ratioText(ratio: number | null): string {
  return ratio === null ? '-' : ratio.toFixed(2)
}

function setSection(set: SeriesSet): string {
  const rows = rowsOfSet.get(set.name)!
  const count = set.groups.reduce((sum, group) => sum + group.length, 0)
  const shared = set.groups.some((group) => group.length > 1)
  const share = (method: string, level: number): number =>
    mean(
      rows
        .filter((row) => row.method === method)
        .map(({ quantiles }) => quantiles.find((one) => one.level === level)!.coverage!),
    )
  const standIns = (method: string): number => {
    const own = rows.filter((row) => row.method === method)
    const told = own.reduce((sum, row) => sum + Math.max(0, ...Object.values(row.fallbacks)), 0)
    return told / own.reduce((sum, row) => sum + row.origins, 0)
  }
  return `## ${set.name}: ${count} series, ${shared ? 'one model for all' : 'one model each'}

${markdownTable(summariseBacktest(rows), [
  { title: 'method', value: (row) => row.method },
  { title: 'h = 1', value: (row) => ratioText(row.firstStep) },
  { title: `h = ${horizon}`, value: (row) => ratioText(row.lastStep) },
  { title: 'path', value: (row) => ratioText(row.path) },
  { title: 'worst path', value: (row) => (row.worst ? `${row.worst.ratio.toFixed(2)} (${row.worst.series})` : '-') },
  { title: 'left out', value: (row) => String(row.excluded.length) },
  { title: 'WQL', value: (row) => row.weightedQuantileLoss?.toFixed(3) ?? '-' },
  ...levels.map((level) => ({
    title: `at or below q${100 * level}, %`,
    value: (row: { readonly method: string }) => (100 * share(row.method, level)).toFixed(0),
  })),
  { title: 'stand-ins, %', value: (row) => (100 * standIns(row.method)).toFixed(0) },
])}`
}

function decisionRules(): Record<string, DecisionRule> {
  return {
    'majority of training': majority,
    'always positive': ({ origins }) => alwaysPositive(origins),
    persistence: ({ series, origins, options }) => persistence(series.values, origins, options),
    'window persistence': ({ series, origins, options }) => windowPersistence(series.values, origins, options),
    'same hour yesterday': ({ series, origins, options }) => sameTimeLastSeason(series.values, origins, 288, options),
    'LAD-AR path': (asked) => decideByForecast(asked, 0.5),
    'LAD-AR q85': (asked) => decideByForecast(asked, 0.85),
  }
}

function majority({ series, split, origins, options }: DecisionCase): ArrayLike<number> {
  const known = Array.from({ length: split.training.end - horizon }, (_, origin) => origin)
  const positives = mean([...needsScheduling(series.values, known, options)])
  return origins.map(() => (positives > 0.5 ? 1 : 0))
}

function decideByForecast({ series, split, origins, options }: DecisionCase, level: number): ArrayLike<number> {
  const forecaster = ladForecasterOf(series.id!, () => methods[best]!.fit([rowsOf(series, split.training)]))
  return Array.from(origins, (origin) => {
    const history = rowsOf(series, { start: 0, end: origin + 1 })
    const answer = forecaster.forecast({ history, horizon, levels: [level] })
    const path = Array.from(level === 0.5 ? answer.values : answer.quantiles[0]!)
    return (options.aggregate === 'max' ? Math.max(...path) : mean(path)) >= options.threshold ? 1 : 0
  })
}

/** The forecaster of a series is fitted once for all questions. */
function ladForecasterOf(id: string, fit: () => Forecaster): Forecaster {
  const known = ladForecasters.get(id) ?? fit()
  ladForecasters.set(id, known)
  return known
}

function percent(value: number | null): string {
  return value === null ? '-' : (100 * value).toFixed(1)
}

function decisionTable(): string {
  const rules = Object.keys(decisionRules())
  const pooled = (task: string, rule: string): ReturnType<typeof decisionScores> => {
    const own = decisions.filter((row) => row.task === task && row.rule === rule)
    return decisionScores(
      own.flatMap(({ labels }) => labels),
      own.flatMap((row) => row.decisions),
    )
  }
  return markdownTable(decisionTasks, [
    { title: 'threshold', value: ({ name }) => name },
    { title: 'positives', value: ({ name }) => percent(pooled(name, rules[0]!).baseRate) },
    ...rules.map((rule) => ({
      title: rule,
      value: ({ name }: Named) => {
        const { accuracy, f1 } = pooled(name, rule)
        return `${percent(accuracy)} / ${percent(f1)}`
      },
    })),
  ])
}

function decisionSeriesTable(): string {
  const task = decisionTasks[2]!.name
  const at = (series: string, rule: string): DecisionRow =>
    decisions.find((row) => row.series === series && row.rule === rule && row.task === task)!
  return markdownTable(named(barSeries), [
    { title: 'series', value: ({ name }) => name },
    { title: 'positives', value: ({ name }) => percent(mean([...at(name, 'persistence').labels])) },
    ...Object.keys(decisionRules()).map((rule) => ({
      title: rule,
      value: ({ name }: Named) => {
        const row = at(name, rule)
        const { accuracy, f1 } = decisionScores(row.labels, row.decisions)
        return `${percent(accuracy)} / ${percent(f1)} (${percent(row.onsetF1)})`
      },
    })),
  ])
}

function timeTable(): string {
  return `Mean seconds to fit one model, error quantiles and stand-ins included, all threads counted.

${markdownTable(named(Object.keys(methods)), [
  { title: 'method', value: ({ name }) => name },
  ...sets.map((set) => ({
    title: set.name,
    value: ({ name }: Named) => mean(fitSeconds.get(`${set.name} ${name}`)!).toFixed(3),
  })),
])}`
}

function ratioSpec(): VegaLiteSpec {
  const values = nab.map(({ series, method, pathRatio }) => ({ series, method, ratio: pathRatio }))
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Path error over that of naive on the NAB series, logarithmic',
    data: { values },
    width: 480,
    height: 280,
    layer: [
      {
        mark: { type: 'point', filled: true, size: 45, opacity: 0.7 },
        encoding: {
          x: {
            field: 'ratio',
            type: 'quantitative',
            scale: { type: 'log', domain: [0.4, 120], nice: false },
            title: 'error / naive error',
            axis: { values: [0.5, 1, 2, 5, 10, 50, 100] },
          },
          y: { field: 'method', type: 'nominal', sort: Object.keys(methods), title: null, axis: { labelLimit: 260 } },
          color: { field: 'series', type: 'nominal', title: 'series' },
        },
      },
      {
        data: { values: [{ ratio: 1 }] },
        mark: { type: 'rule', strokeDash: [4, 4] },
        encoding: { x: { field: 'ratio', type: 'quantitative' } },
      },
    ],
    config: {},
    background: 'white',
    padding: 5,
  }
}
