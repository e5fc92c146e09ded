import { readOptions } from '../errors/read-options.ts'
import { type ParetoPoint, paretoFront } from '../objective/pareto.ts'
import { chart, type JsonObject, seriesStyle, titleEntry, type VegaLiteSpec } from './vega-lite-spec.ts'

/** Options of `paretoSpec`. */
export interface ParetoOptions {
  readonly title?: string
}

/** Sets of more points than this have small ones. */
const crowd = 60

/**
 * Pareto chart: time against cost, a staircase through the points of each set that no other of the set dominates
 * (below and left of it nothing was found), the dominated ones as rings.
 *
 * @param fronts - sets of schedules by name, e.g. `{ nsga2: result.front, lpt: [lptResult.evaluation] }`
 */
export function paretoSpec(
  fronts: Readonly<Record<string, readonly ParetoPoint[]>>,
  options: ParetoOptions = {},
): VegaLiteSpec {
  const { title } = readOptions(titleEntry, { title: 'Time against cost' }, options)
  // Fronts before single schedules: they get the colours that are told apart best.
  const sets = Object.entries(fronts).toSorted(([, a], [, b]) => Number(b.length > 1) - Number(a.length > 1))
  const names = sets.map(([name]) => name)
  const { colour, dash, shape } = seriesStyle(names)
  const values = sets.flatMap(([set, points]) => {
    const front = new Set(paretoFront(points))
    return points
      .toSorted((a, b) => a.timeSeconds - b.timeSeconds || b.cost - a.cost)
      .map(
        (point): JsonObject => ({
          set,
          timeSeconds: point.timeSeconds,
          cost: point.cost,
          isBest: front.has(point),
          area: points.length > crowd ? 16 : 42,
        }),
      )
  })
  const legend = { title: null, symbolSize: 60, symbolStrokeWidth: 0 }
  const encoding = {
    x: {
      field: 'timeSeconds',
      type: 'quantitative',
      title: 'Time(P): makespan (s)',
      scale: { zero: false, nice: true },
      axis: { tickCount: 8 },
    },
    y: { field: 'cost', type: 'quantitative', title: 'Cost(P)', scale: { zero: false, nice: true } },
    color: { field: 'set', type: 'nominal', scale: { domain: names, range: colour }, legend },
  }
  const points = {
    ...encoding,
    shape: { field: 'set', type: 'nominal', scale: { domain: names, range: shape }, legend },
    tooltip: [
      { field: 'set', type: 'nominal' },
      { field: 'timeSeconds', type: 'quantitative' },
      { field: 'cost', type: 'quantitative' },
    ],
  }
  const hasDominated = values.some(({ isBest }) => isBest === false)
  const rings = {
    transform: [{ filter: '!datum.isBest' }],
    mark: { type: 'point', filled: false, size: 30, strokeWidth: 1, opacity: 0.7 },
    encoding: points,
  }
  return chart({
    title,
    subtitle: `down and left is better${hasDominated ? '; rings are dominated by a point of their own set' : ''}`,
    values,
    width: 560,
    height: 400,
    layer: [
      {
        transform: [{ filter: 'datum.isBest' }],
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.4, opacity: 0.8 },
        encoding: {
          ...encoding,
          strokeDash: { field: 'set', type: 'nominal', scale: { domain: names, range: dash }, legend },
        },
      },
      ...(hasDominated ? [rings] : []),
      {
        transform: [{ filter: 'datum.isBest' }],
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: { ...points, size: { field: 'area', type: 'quantitative', scale: null, legend: null } },
      },
    ],
  })
}
