import { CloudschedError } from '../errors/cloudsched-error.ts'
import { oneOf, type OptionEntries, readOptions } from '../errors/read-options.ts'
import type { SolveResult } from '../model/solver.ts'
import { gapOf } from '../objective/weighted.ts'
import { logarithmicTicks, lowerEdge } from './logarithmic-axis.ts'
import {
  chart,
  ink,
  type Json,
  type JsonObject,
  plotWidth,
  seriesStyle,
  titleEntry,
  type VegaLiteSpec,
} from './vega-lite-spec.ts'

/** Options of `convergenceSpec`. */
export interface ConvergenceOptions {
  readonly title?: string
  /** What runs along the x axis: schedules evaluated, or the solver's own steps. @defaultValue 'evaluations' */
  readonly by?: 'evaluations' | 'iterations'
  /**
   * What runs along the y axis: est, equation (7), or the gap to the highest bound of the results, on a logarithmic
   * axis, which shows late progress too. @defaultValue 'est'
   */
  readonly measure?: 'est' | 'gap'
}

const entries: OptionEntries = { ...titleEntry, by: oneOf('evaluations', 'iterations'), measure: oneOf('est', 'gap') }
const defaults: Required<ConvergenceOptions> = { title: 'Convergence', by: 'evaluations', measure: 'est' }

/** Solvers whose effort differs by more than this are shown on a logarithmic axis, or the short ones would be dots. */
const widestLinearRatio = 20

/**
 * Convergence chart: est of the best schedule seen, equation (7), and the mean of the schedules where a solver measures
 * it (thin), against the effort. A solver without a history, a rule of one pass, is a point; the lower bound is dashed.
 *
 * @param results - results by name, or a list that takes the names of its solvers
 * @throws CloudschedError `invalid-input` where gaps are asked for and no result has a bound
 */
export function convergenceSpec(
  results: Readonly<Record<string, SolveResult>> | readonly SolveResult[],
  options: ConvergenceOptions = {},
): VegaLiteSpec {
  const { title, by, measure } = readOptions(entries, defaults, options)
  // Curves first: they get the colours and dashes that are told apart best.
  const named = namedResults(results).toSorted(
    ([, a], [, b]) => Number(b.history.length > 0) - Number(a.history.length > 0),
  )
  const curves = named.flatMap(([solver, result]) => curve(solver, result, by))
  const hasMeans = curves.some(({ mean }) => mean !== null)
  const bound = highestBound(named.map(([, result]) => result))
  const { values, y } = measure === 'est' ? estAxis(curves) : gapAxis(curves, bound)
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
      curves.map(({ effort }) => effort),
      named.map(([, result]) => Math.max(1, result[by])),
      by,
    ),
    y: { field: 'best', type: 'quantitative', ...y },
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
    title,
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
      ...(bound === null || measure === 'gap' ? [] : boundRule(bound)),
    ],
  })
}

interface Measured {
  readonly values: readonly JsonObject[]
  readonly y: JsonObject
}

function estAxis(curves: readonly CurvePoint[]): Measured {
  return {
    values: curves.map((point) => ({ ...point })),
    y: { title: 'est(P), smaller is better', scale: { zero: false } },
  }
}

function gapAxis(curves: readonly CurvePoint[], bound: number | null): Measured {
  if (bound === null && curves.length > 0) {
    throw new CloudschedError('invalid-input', [
      {
        path: 'results',
        received: 'results without a bound',
        expected: 'results with a bound',
        hint: "Use measure 'est'.",
      },
    ])
  }
  const percent = (est: number) => 100 * gapOf(est, bound!)
  const gaps = curves.map((point) => ({
    ...point,
    best: percent(point.best),
    mean: point.mean === null ? null : percent(point.mean),
  }))
  const all = gaps.flatMap(({ best, mean }) => (mean === null ? [best] : [best, mean]))
  const edge = lowerEdge(all) ?? 1
  const most = all.reduce((high, gap) => Math.max(high, gap), edge)
  return {
    values: gaps.map((point) => ({ ...point, best: Math.max(edge, point.best) })),
    y: {
      title: 'gap to the lower bound (%), logarithmic',
      scale: { type: 'log', domainMin: edge, nice: false },
      axis: { values: logarithmicTicks(edge, most), format: '~g' },
    },
  }
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

interface CurvePoint {
  readonly solver: string
  readonly effort: number
  readonly best: number
  readonly mean: number | null
  readonly isEnd: boolean
}

/** The history, and the end of the run where the history stops before it. */
function curve(solver: string, result: SolveResult, by: 'evaluations' | 'iterations'): CurvePoint[] {
  const end = { effort: result[by], best: result.evaluation.est, mean: null, isEnd: true }
  const points = result.history.map(({ iteration, evaluations, best, mean = null }) => ({
    effort: by === 'evaluations' ? evaluations : iteration,
    best,
    mean,
    isEnd: false,
  }))
  return [...points, end].flatMap(({ effort, best, mean, isEnd }) =>
    best === null ? [] : [{ solver, effort: Math.max(1, effort), best, mean, isEnd }],
  )
}
