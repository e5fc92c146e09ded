/**
 * V-TGRU, with and without a linear skip, beside the LAD autoregression on NAB, Bitbrains, data-centre aggregates and
 * PlanetLab. About an hour.
 *
 *   npx tsx bench/vtgru-sets.ts
 */
import { type BacktestRow, type Forecaster, ladAutoregression, rowsOf, summariseBacktest } from 'cloudsched/forecast'
import { networkForecaster, type NetworkOptions, trainVtgru } from 'cloudsched/forecast/neural'
import { markdownTable } from 'cloudsched/report'
import { writePage } from './evidence-page.ts'
import { remembered } from './remembered.ts'
import { horizon, judge, loadSeriesSets, requireData, type SeenSeries, type SeriesSet } from './forecast-series.ts'

/** A training ends after about so many steps of the optimiser, however long the series; one that serves many, later. */
const stepBudget = 600
const sharedStepBudget = 1500
const batch = 128
const seeds = [1, 2, 3]

const lad = 'LAD-AR(36)'
const variants: Readonly<Record<string, NetworkOptions>> = {
  'V-TGRU': {},
  'V-TGRU with a linear skip': { linearSkip: true, window: 36 },
}

requireData()
const sets = loadSeriesSets()
const rowsOfSet = new Map<SeriesSet['name'], BacktestRow[]>()
for (const { name, groups } of sets) {
  const rows: BacktestRow[] = []
  for (const group of groups) {
    const judged = (
      key: unknown,
      forecasters: (seen: readonly SeenSeries[]) => Promise<Record<string, Forecaster>>,
    ) => {
      const whole = [name, group.map(({ id }) => id), key]
      return remembered('vtgru-sets', whole, () => judge({ name, groups: [group] }, forecasters, [0.5, 0.85]))
    }
    rows.push(...(await judged(lad, async (seen) => ({ [lad]: autoregressionOf(seen) }))))
    for (const [variant, options] of Object.entries(variants)) {
      for (const seed of seeds) {
        const given = { ...options, batch, seed }
        const key = [variant, given, stepBudget, sharedStepBudget]
        rows.push(...(await judged(key, async (seen) => ({ [variant]: await networkOf(seen, given) }))))
      }
    }
  }
  rowsOfSet.set(name, middleRows(rows))
}

function autoregressionOf(seen: readonly SeenSeries[]): Forecaster {
  return ladAutoregression({ horizon }).fit(seen.map(({ series, split }) => rowsOf(series, split.training)))
}

async function networkOf(seen: readonly SeenSeries[], options: NetworkOptions): Promise<Forecaster> {
  const windows = seen.reduce((sum, { split }) => sum + Math.max(0, split.training.end - 36 - horizon), 0)
  const steps = seen.length > 1 ? sharedStepBudget : stepBudget
  const epochs = Math.max(2, Math.ceil((steps * batch) / windows))
  const validationShare = 1 - seen[0]!.split.training.end / seen[0]!.series.values.length
  const model = await trainVtgru(
    seen.map(({ series }) => series),
    { ...options, horizon, epochs, validationShare },
  )
  console.error(options.seed, options.linearSkip, model.report.bestEpoch, epochs, model.report.notes)
  return networkForecaster(model)
}

/** Of the runs of one method on one series the one in the middle, by the error of its path. */
function middleRows(rows: readonly BacktestRow[]): BacktestRow[] {
  const runs = new Map<string, BacktestRow[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.series, row.method])
    runs.set(key, [...(runs.get(key) ?? []), row])
  }
  return [...runs.values()].map((list) => {
    const ordered = [...list].sort((a, b) => (a.pathRatio ?? 0) - (b.pathRatio ?? 0))
    return ordered[Math.floor((ordered.length - 1) / 2)]!
  })
}

const all = [...rowsOfSet.values()].flat()
const ratio = (value: number | null): string => (value === null ? '-' : value.toFixed(3))
const summaryTable = (rows: readonly BacktestRow[]): string =>
  markdownTable(summariseBacktest(rows), [
    { title: 'method', value: ({ method }) => method },
    { title: 'series', value: (row) => String(row.series) },
    { title: 'h = 1', value: ({ firstStep }) => ratio(firstStep) },
    { title: `h = ${horizon}`, value: ({ lastStep }) => ratio(lastStep) },
    { title: 'path', value: ({ path }) => ratio(path) },
    { title: 'worst path', value: ({ worst }) => (worst ? `${worst.ratio.toFixed(2)} (${worst.series})` : '-') },
    { title: 'WQL of q50, q85', value: ({ weightedQuantileLoss: loss }) => ratio(loss) },
  ])
const seriesTable = (rows: readonly BacktestRow[]): string => {
  const names = [...new Set(rows.map(({ series }) => series))]
  return markdownTable(
    names.map((name) => ({ name })),
    [
      { title: 'series', value: ({ name }) => name },
      ...[lad, ...Object.keys(variants)].map((method) => ({
        title: method,
        value: ({ name }: { name: string }) =>
          ratio(rows.find((row) => row.series === name && row.method === method)!.pathRatio),
      })),
    ],
  )
}

/** On how many series, of those where both are defined, a method has the smaller path error. */
function wins(method: string): string {
  const own = all.filter((row) => row.method === method && row.pathRatio !== null)
  const better = own.filter((row) => {
    const other = all.find((one) => one.method === lad && one.series === row.series)!
    return row.pathRatio! < other.pathRatio!
  })
  return `${method}: ${better.length} of ${own.length}`
}

writePage({
  name: 'vtgru-sets',
  title: 'V-TGRU beside the LAD autoregression on four sets',
  command: 'npx tsx bench/vtgru-sets.ts',
  seeds: seeds.join(', '),
  body: `Protocol of [the bar](vtgru-bar.md): 80/10/10 in the order of time, ${horizon} steps ahead from every origin of the last tenth, error of the path over that of
naive, geometric means. One model for each series, on PlanetLab (every tenth VM of a day) one for all. Of the ${seeds.length} seeds of a network the one with the median path
error counts, series by series. A training takes at most about ${stepBudget} steps of ${batch} windows, ${sharedStepBudget} on PlanetLab, so that long series do not get more of it than short ones; all other
options are the defaults. The linear skip starts as the LAD autoregression and learns what it leaves.

## All series together

${summaryTable(all)}

Smaller path error than ${lad} on: ${Object.keys(variants).map(wins).join('; ')}.

${sets.map(({ name }) => `## ${name}\n\n${summaryTable(rowsOfSet.get(name)!)}${name === 'PlanetLab' ? '' : `\n\n${seriesTable(rowsOfSet.get(name)!)}`}`).join('\n\n')}`,
})
