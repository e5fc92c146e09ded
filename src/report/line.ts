import { type OptionEntries, readOptions, requireOptions } from '../errors/read-options.ts'
import { chart, type JsonObject, seriesStyle, text, type VegaLiteSpec } from './vega-lite-spec.ts'

/** One point of a line: a figure of one solver at one size, say. */
export interface LinePoint {
  readonly series: string
  readonly x: number
  readonly y: number
  /** Ends of its confidence interval, where it has one. */
  readonly low?: number | null
  readonly high?: number | null
}

/** Options of `lineSpec`. */
export interface LineOptions {
  readonly title: string
  readonly subtitle?: string
  /** What the axes carry, with units. */
  readonly xTitle: string
  readonly yTitle: string
}

const entries: OptionEntries = { title: text, subtitle: text, xTitle: text, yTitle: text }

/** Line chart: a line per series through its points, with their intervals; for a sweep over sizes or weights. */
export function lineSpec(points: readonly LinePoint[], options: LineOptions): VegaLiteSpec {
  const read = readOptions(entries, {}, options)
  requireOptions(entries, read, ['title', 'xTitle', 'yTitle'])
  const { title, subtitle, xTitle, yTitle } = read
  const names = [...new Set(points.map(({ series }) => series))]
  const { colour, dash, shape } = seriesStyle(names)
  const legend = { title: null, symbolSize: 60, symbolStrokeWidth: 0 }
  const bySeries = (range: JsonObject[string]) => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: names, range },
    legend,
  })
  const position = {
    x: {
      field: 'x',
      type: 'quantitative',
      title: xTitle,
      scale: { zero: false, padding: 12 },
      axis: { grid: false, tickCount: 8 },
    },
    y: { field: 'y', type: 'quantitative', title: yTitle, scale: { zero: false } },
    color: bySeries(colour),
  }
  const hasInterval = ({ low, high }: LinePoint) => typeof low === 'number' && typeof high === 'number'
  return chart({
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    values: points.map(
      ({ series, x, y, low, high }): JsonObject => ({ series, x, y, low: low ?? null, high: high ?? null }),
    ),
    layer: [
      ...(points.some(hasInterval)
        ? [
            {
              transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
              mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6 },
              encoding: { ...position, y: { ...position.y, field: 'low' }, y2: { field: 'high' } },
            },
          ]
        : []),
      { mark: { type: 'line', strokeWidth: 2 }, encoding: { ...position, strokeDash: bySeries(dash) } },
      {
        mark: { type: 'point', filled: true, size: 45, opacity: 1 },
        encoding: {
          ...position,
          shape: bySeries(shape),
          tooltip: [
            { field: 'series', type: 'nominal' },
            { field: 'x', type: 'quantitative', title: xTitle },
            { field: 'y', type: 'quantitative', title: yTitle },
          ],
        },
      },
    ],
  })
}
