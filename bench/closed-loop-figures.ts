/** Figures 2-4 of the source for any list of policies: what `bench/closed-loop.ts` and others after it draw. */
import { meanInterval } from 'cloudsched/experiment'
import {
  type DemandTrace,
  type Forecaster,
  type ForecastMethod,
  simulateScheduling,
  type SimulateSchedulingOptions,
  type SchedulingMetrics,
  type TimeSeries,
} from 'cloudsched/pipeline'
import { lineSpec, markdownTable } from 'cloudsched/report'
import { writeChart } from './evidence-page.ts'
import { remembered } from './remembered.ts'

/** A policy under its name in the tables. */
export interface Contender {
  readonly name: string
  readonly policy: (trace: DemandTrace, seed: number) => 'asq' | Forecaster
  readonly options?: SimulateSchedulingOptions
}

/** Traces of several sizes, a few of each. */
export interface Scenario {
  /** Start of the names of its charts. */
  readonly name: string
  /** End of the titles of its charts. */
  readonly subtitle: string
  readonly taskCounts: readonly number[]
  readonly seeds: readonly number[]
  readonly trace: (taskCount: number, seed: number) => DemandTrace
  /** Unit of the execution times. */
  readonly unit: { readonly name: string; readonly seconds: number }
}

/** One contender on one trace. */
export interface Run {
  readonly contender: string
  readonly taskCount: number
  readonly metrics: SchedulingMetrics
  /** Mean time of a decision. */
  readonly decisionMs: number
}

/** The past of each series that changes, under the id by which the loop asks for it: rows to fit a method on. */
export function trainingRows({ tasks, pastSteps, stepSeconds }: DemandTrace): TimeSeries[] {
  return tasks.flatMap(({ id, demand }) =>
    Object.entries(demand).flatMap(([resource, series]) =>
      typeof series === 'number'
        ? []
        : [{ id: `${id}/${resource}`, values: Float64Array.from(series).subarray(0, pastSteps + 1), stepSeconds }],
    ),
  )
}

/** A method fitted to each series alone, where by itself it makes one model of them all. */
export function eachSeriesAlone(method: ForecastMethod): ForecastMethod {
  return {
    name: method.name,
    fit(training) {
      const own = new Map(training.map((series) => [series.id, method.fit([series])]))
      return {
        name: method.name,
        contextSteps: Math.max(1, ...[...own.values()].map(({ contextSteps }) => contextSteps)),
        forecast: (request) => own.get(request.history.id)!.forecast(request),
      }
    },
  }
}

/** Runs every contender on every trace. */
export async function runAll(contenders: readonly Contender[], scenario: Scenario): Promise<Run[]> {
  const { taskCounts, seeds, trace, name } = scenario
  const runs: Run[] = []
  for (const taskCount of taskCounts) {
    for (const seed of seeds) {
      const given = trace(taskCount, seed)
      for (const contender of contenders) {
        const key = [name, scenario.subtitle, taskCount, seed, contender.name]
        const run = await remembered('closed-loop', key, () => ({
          contender: contender.name,
          taskCount,
          ...runOne(contender, given, seed),
        }))
        console.error(...key, run.metrics.reschedules)
        runs.push(run)
      }
    }
  }
  return runs
}

function runOne({ policy, options }: Contender, trace: DemandTrace, seed: number): Pick<Run, 'metrics' | 'decisionMs'> {
  let total = 0
  const { metrics, epochs } = simulateScheduling(trace, policy(trace, seed), {
    ...options,
    onDecision: ({ milliseconds }) => {
      total += milliseconds
    },
  })
  return { metrics, decisionMs: total / epochs }
}

type Figure = (run: Run) => number | null

const hours = 3600
const columns = ({ unit }: Scenario): [string, Figure][] => [
  ['placements', ({ metrics }) => metrics.placements],
  ['reschedules', ({ metrics }) => metrics.reschedules],
  ['useless, %', ({ metrics }) => percentOf(metrics.uselessReschedules, metrics.reschedules)],
  ['ping-pong, %', ({ metrics }) => percentOf(metrics.pingPongs, metrics.reschedules)],
  ['overload, %', ({ metrics }) => metrics.overloadPercent],
  ['deficit, core-steps', ({ metrics }) => metrics.deficitCoreSteps],
  ['hotspots', ({ metrics }) => metrics.hotspots],
  ['missed', ({ metrics }) => metrics.missedHotspots],
  [`makespan, ${unit.name}`, ({ metrics }) => perUnit(metrics.makespanSeconds, unit.seconds)],
  ['makespan / tasks, h', ({ metrics }) => perUnit(metrics.makespanPerTaskSeconds, hours)],
  [`mean execution, ${unit.name}`, ({ metrics }) => perUnit(metrics.execution.mean, unit.seconds)],
  ['mean wait, s', ({ metrics }) => metrics.waiting.mean],
  ['p95 wait, s', ({ metrics }) => metrics.waiting.p95],
  ['late, %', ({ metrics }) => metrics.deadlineMissPercent],
  ['moved, GB', ({ metrics }) => metrics.movedMegabytes / 1000],
  ['decision, ms', ({ decisionMs }) => decisionMs],
]

function percentOf(part: number, whole: number): number | null {
  return whole === 0 ? null : (100 * part) / whole
}

function perUnit(seconds: number | null, unit: number): number | null {
  return seconds === null ? null : seconds / unit
}

function valuesOf(runs: readonly Run[], figure: Figure): number[] {
  return runs.map(figure).filter((value) => value !== null)
}

/** Mean and half the width of its 95 % interval. */
function cell(runs: readonly Run[], figure: Figure): string {
  const interval = meanInterval(valuesOf(runs, figure))
  if (interval === null) return '-'
  const { mean, low } = interval
  const half = low === null ? 0 : mean - low
  return half === 0 ? format(mean) : `${format(mean)} ± ${format(half)}`
}

function format(value: number): string {
  if (value === 0) return '0'
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}

/** The runs of each size and contender, in the order in which they were run. */
function groupsOf(runs: readonly Run[], { taskCounts }: Scenario): Run[][] {
  const names = [...new Set(runs.map(({ contender }) => contender))]
  return taskCounts.flatMap((count) =>
    names.map((name) => runs.filter(({ taskCount, contender }) => taskCount === count && contender === name)),
  )
}

/** A table with a row per size and contender, some or all of the columns. */
export function tableOf(runs: readonly Run[], scenario: Scenario, titles?: readonly string[]): string {
  const groups = groupsOf(runs, scenario)
  const shown = columns(scenario).filter(([title]) => titles === undefined || titles.includes(title))
  return markdownTable(groups, [
    ...(scenario.taskCounts.length > 1 ? [{ title: 'tasks', value: (group: Run[]) => group[0]!.taskCount }] : []),
    { title: 'policy', value: (group: Run[]) => group[0]!.contender },
    ...shown.map(([title, figure]) => ({ title, value: (group: Run[]) => cell(group, figure) })),
  ])
}

/**
 * Figures 2-4 with overload and deficit beside them, over the sizes of a scenario: charts beside the results pages and
 * one section of markdown.
 */
export async function figures(contenders: readonly Contender[], scenario: Scenario): Promise<string> {
  const runs = await runAll(contenders, scenario)
  const { name, subtitle, unit } = scenario
  const charts: readonly [string, string, string, Figure][] = [
    [
      'execution',
      'Figure 2: execution time',
      `makespan, ${unit.name}`,
      ({ metrics }) => perUnit(metrics.makespanSeconds, unit.seconds),
    ],
    ['waiting', 'Figure 3: waiting time', 'mean wait, s', ({ metrics }) => metrics.waiting.mean],
    [
      'count',
      'Figure 4: scheduling count',
      'placements + reschedules',
      ({ metrics }) => metrics.placements + metrics.reschedules,
    ],
    ['overload', 'Beside them: overload', 'overloaded pool-steps, %', ({ metrics }) => metrics.overloadPercent],
    ['deficit', 'Beside them: deficit', 'core-steps above the capacity', ({ metrics }) => metrics.deficitCoreSteps],
  ]
  const lines: string[] = []
  for (const [chart, title, yTitle, figure] of charts) {
    const points = groupsOf(runs, scenario).flatMap((group) => {
      const interval = meanInterval(valuesOf(group, figure))
      if (interval === null) return []
      const { mean, low, high } = interval
      return [{ series: group[0]!.contender, x: group[0]!.taskCount, y: mean, low, high }]
    })
    if (points.length === 0) continue
    lines.push(
      await writeChart(`${name}-${chart}`, title, lineSpec(points, { title, subtitle, xTitle: 'tasks', yTitle })),
    )
  }
  const service = columns(scenario)
    .map(([title]) => title)
    .filter((title) => /makespan|execution|wait|late/.test(title))
  const moves = columns(scenario)
    .map(([title]) => title)
    .filter((title) => !service.includes(title))
  return `${lines.join('\n\n')}\n\n${tableOf(runs, scenario, moves)}\n\n${tableOf(runs, scenario, service)}`
}
