import { oneOf, type OptionEntries, readOptions } from '../errors/read-options.ts'
import type { ComparisonRow } from '../experiment/comparison-row.ts'
import { confidenceEntry, type Metric, summarise } from '../experiment/summarise.ts'
import { formatNumber } from './format-number.ts'
import { logarithmicTicks, lowerEdge, spread } from './logarithmic-axis.ts'
import { chart, colours, ink, type JsonObject, titleEntry, type VegaLiteSpec } from './vega-lite-spec.ts'

/** Options of `comparisonSpec`. */
export interface ComparisonOptions {
  readonly title?: string
  /** @defaultValue 'gap' */
  readonly metric?: Metric
  /** @defaultValue 0.95 */
  readonly confidence?: number
}

const axes: Readonly<Record<Metric, { readonly title: string; readonly factor: number; readonly unit: string }>> = {
  gap: { title: 'gap to the lower bound (%)', factor: 100, unit: ' %' },
  est: { title: 'est(P)', factor: 1, unit: '' },
  timeSeconds: { title: 'Time(P): makespan (s)', factor: 1, unit: ' s' },
  cost: { title: 'Cost(P)', factor: 1, unit: '' },
  load: { title: 'Load(P): shortest over longest VM time', factor: 1, unit: '' },
  milliseconds: { title: 'wall time of a run (ms)', factor: 1, unit: ' ms' },
  evaluations: { title: 'schedules evaluated', factor: 1, unit: '' },
}

const entries: OptionEntries = {
  ...titleEntry,
  metric: oneOf(...(Object.keys(axes) as Metric[])),
  confidence: confidenceEntry,
}
const defaults: Required<ComparisonOptions> = { title: 'Solvers compared', metric: 'gap', confidence: 0.95 }

/** Values that differ by more than this get a logarithmic axis. */
const widestLinearRatio = 30

/**
 * Comparison chart: for each solver the mean with its confidence interval, and every run as a faint tick, the best
 * solver on top. Where the values span decades the axis is logarithmic; what it cannot hold (a gap of 0) then stands
 * at its left edge, and the exact mean stands beside the row.
 *
 * @param rows - of `compare` or `compareAsync`
 */
export function comparisonSpec(rows: readonly ComparisonRow[], options: ComparisonOptions = {}): VegaLiteSpec {
  const { title, metric, confidence } = readOptions(entries, defaults, options)
  const { title: axisTitle, factor, unit } = axes[metric]
  const { solvers, unit: observation } = summarise(rows, { confidence })
  const shown = solvers.flatMap(({ solver, [metric]: figure }) => (figure ? [{ solver, figure }] : []))
  const order = shown
    .toSorted((a, b) => (metric === 'load' ? b.figure.mean - a.figure.mean : a.figure.mean - b.figure.mean))
    .map(({ solver }) => solver)
  const runs = rows.flatMap((row) =>
    row[metric] === null || row.status === 'failed' ? [] : [{ solver: row.solver, value: row[metric] * factor }],
  )
  const values = runs.map(({ value }) => value)
  const isLogarithmic = metric !== 'est' && spread(values) > widestLinearRatio
  const edge = isLogarithmic ? lowerEdge(values) : null
  const onAxis = (value: number) => (edge === null ? value : Math.max(edge, value))
  const means = shown.map(
    ({ solver, figure: { mean, low, high } }): JsonObject => ({
      solver,
      kind: 'mean',
      mean: onAxis(mean * factor),
      low: onAxis((low ?? mean) * factor),
      high: onAxis((high ?? mean) * factor),
      label: `${formatNumber(mean * factor, 3)}${unit}`,
    }),
  )
  const ticks = runs.map(({ solver, value }): JsonObject => ({ solver, kind: 'run', value: onAxis(value) }))
  const y = {
    field: 'solver',
    type: 'nominal',
    title: null,
    sort: order,
    axis: { ticks: false, domain: false, labelLimit: 340, labelFontSize: 12 },
  }
  const scale = isLogarithmic ? { type: 'log', domainMin: edge!, nice: false } : { zero: metric !== 'est', nice: true }
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title: isLogarithmic ? `${axisTitle}, logarithmic` : axisTitle,
    scale,
    axis: isLogarithmic ? { values: logarithmicTicks(edge!, Math.max(...values)), format: '~g' } : { tickCount: 6 },
  })
  return chart({
    title,
    subtitle: shown.some(({ figure }) => figure.low !== null)
      ? `mean with ${formatNumber(confidence * 100)} % interval over ${observation}s; a tick for each run`
      : 'one run each',
    values: [...means, ...ticks],
    width: 560,
    height: { step: 28, for: 'position' },
    layer: [
      {
        transform: [{ filter: "datum.kind === 'run'" }],
        mark: { type: 'tick', color: colours.sky, opacity: 0.5, height: 12, thickness: 1 },
        encoding: { y, x: x('value') },
      },
      {
        transform: [{ filter: "datum.kind === 'mean'" }],
        mark: { type: 'rule', color: colours.blue, strokeWidth: 3 },
        encoding: { y, x: x('low'), x2: { field: 'high' } },
      },
      {
        transform: [{ filter: "datum.kind === 'mean'" }],
        mark: { type: 'point', filled: true, color: colours.blue, size: 70, opacity: 1 },
        encoding: {
          y,
          x: x('mean'),
          tooltip: [
            { field: 'solver', type: 'nominal' },
            { field: 'label', type: 'nominal' },
          ],
        },
      },
      {
        transform: [{ filter: "datum.kind === 'mean'" }],
        mark: { type: 'text', align: 'left', fontSize: 11, color: ink },
        encoding: { y, x: { value: 574 }, text: { field: 'label', type: 'nominal' } },
      },
    ],
  })
}
