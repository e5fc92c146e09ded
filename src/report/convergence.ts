import type { SolveResult } from '../model/solver.ts'
import {
  chart,
  ink,
  type Json,
  type JsonObject,
  logarithmicTicks,
  plotWidth,
  seriesStyle,
  type VegaLiteSpec,
} from './vega-lite-spec.ts'

export interface ConvergenceOptions {
  readonly title?: string
  /** What runs along the x axis: schedules evaluated, or the solver's own steps. @defaultValue 'evaluations' */
  readonly by?: 'evaluations' | 'iterations'
}

/** Solvers whose effort differs by more than this are shown on a logarithmic axis, or the short ones would be dots. */
const widestLinearRatio = 20

/**
 * Convergence chart: est of the best schedule seen, equation (7), and the mean of the schedules where a solver measures
 * it (thin), against the effort. A solver without a history, a rule of one pass, is a point; the lower bound is dashed.
 *
 * @param results - results by name, or a list that takes the names of its solvers
 */
export function convergenceSpec(
  results: Readonly<Record<string, SolveResult>> | readonly SolveResult[],
  options: ConvergenceOptions = {},
): VegaLiteSpec {
  const { by = 'evaluations' } = options
  const named = namedResults(results)
  const values = named.flatMap(([solver, result]) => curve(solver, result, by))
  const hasMeans = values.some(({ mean }) => mean !== null)
  const bound = highestBound(named.map(([, result]) => result))
  const names = named.map(([name]) => name)
  const { colour, dash, shape } = seriesStyle(names)
  const bySolver = (range: Json) => ({
    field: 'solver',
    type: 'nominal',
    scale: { domain: names, range },
    legend: { title: null, symbolSize: 60, symbolStrokeWidth: 0 },
  })
  const position = {
    x: effortAxis(
      values.map(({ effort }) => effort as number),
      named.map(([, result]) => Math.max(1, result[by])),
      by,
    ),
    y: { field: 'best', type: 'quantitative', title: 'est(P), smaller is better', scale: { zero: false } },
  }
  const line = { ...position, color: bySolver(colour), strokeDash: bySolver(dash) }
  const tooltip = ['solver', 'effort', 'best'].map((field) => ({
    field,
    type: field === 'solver' ? 'nominal' : 'quantitative',
  }))
  const means = {
    transform: [{ filter: 'isValid(datum.mean)' }],
    mark: { type: 'line', strokeWidth: 0.8, opacity: 0.5 },
    encoding: { ...line, y: { ...line.y, field: 'mean' } },
  }
  return chart({
    title: options.title ?? 'Convergence',
    subtitle: hasMeans
      ? 'best schedule seen; thin: mean of the schedules since the point before'
      : 'best schedule seen so far',
    values,
    layer: [
      ...(hasMeans ? [means] : []),
      { mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 }, encoding: line },
      {
        transform: [{ filter: 'datum.isEnd' }],
        mark: { type: 'point', filled: true, size: 50, opacity: 1 },
        encoding: { ...position, color: bySolver(colour), shape: bySolver(shape), tooltip },
      },
      ...(bound === null ? [] : boundRule(bound)),
    ],
  })
}

function effortAxis(efforts: readonly number[], ends: readonly number[], by: 'evaluations' | 'iterations'): JsonObject {
  const title = by === 'evaluations' ? 'schedules evaluated' : 'iterations (episodes, generations, ...)'
  const field = { field: 'effort', type: 'quantitative', title }
  const [least, most] = [Math.min(...ends), Math.max(...ends)]
  if (most / least <= widestLinearRatio) {
    return { ...field, scale: { nice: false }, axis: { tickCount: 8, grid: false } }
  }
  const ticks = logarithmicTicks(
    efforts.reduce((low, effort) => Math.min(low, effort), most),
    most,
  )
  return { ...field, scale: { type: 'log', nice: false }, axis: { values: ticks, format: '~s', grid: false } }
}

/** A bound holds for every solver of the problem, so the highest is the one to reach. */
function highestBound(results: readonly SolveResult[]): number | null {
  const bounds = results.flatMap(({ bound }) => bound ?? [])
  return bounds.length === 0 ? null : Math.max(...bounds)
}

function boundRule(bound: number): JsonObject[] {
  const data = { values: [{ bound }] }
  const y = { field: 'bound', type: 'quantitative' }
  return [
    { data, mark: { type: 'rule', strokeDash: [4, 3], color: ink }, encoding: { y } },
    {
      data,
      mark: { type: 'text', text: 'lower bound', align: 'right', dy: 9, fontSize: 10, color: ink },
      encoding: { y, x: { value: plotWidth } },
    },
  ]
}

function namedResults(
  results: Readonly<Record<string, SolveResult>> | readonly SolveResult[],
): [string, SolveResult][] {
  if (!Array.isArray(results)) return Object.entries(results as Readonly<Record<string, SolveResult>>)
  const seen = new Map<string, number>()
  return (results as readonly SolveResult[]).map((result) => {
    const times = (seen.get(result.solver) ?? 0) + 1
    seen.set(result.solver, times)
    return [times === 1 ? result.solver : `${result.solver} #${times}`, result]
  })
}

/** The history, and the end of the run where the history stops before it. */
function curve(solver: string, result: SolveResult, by: 'evaluations' | 'iterations'): JsonObject[] {
  const end = { effort: Math.max(1, result[by]), best: result.evaluation.est, mean: null }
  const points = result.history.map((point) => ({
    effort: Math.max(1, by === 'evaluations' ? point.evaluations : point.iteration),
    best: point.best,
    mean: point.mean ?? null,
  }))
  return [...points, end]
    .filter(({ best }) => best !== null)
    .map((point) => ({ solver, ...point, isEnd: point === end }))
}
