import { checkDemandTrace, type DemandTrace } from '../../model/demand-trace.ts'

/** A checked trace as columns; where a task and a resource meet, the index is task * resourceCount + resource. */
export interface TraceColumns {
  readonly trace: DemandTrace
  /** Names of all resources: `cpu` first, the others in the order in which they are met. */
  readonly resources: readonly string[]
  readonly taskCount: number
  readonly poolCount: number
  readonly resourceCount: number
  /** One value, or one per step; 0 for a resource that the task does not name. */
  readonly demand: readonly (number | Float64Array)[]
  /** Whether the use of a resource changes over time for some task; where it does not, nothing can be overloaded. */
  readonly varies: readonly boolean[]
  /** Names of the series, 'task/resource', as forecasters see them. */
  readonly seriesIds: readonly string[]
  /** The most a task may use. */
  readonly limit: Float64Array
  /** By pool * resourceCount + resource; 0 for a resource that the pool does not name. */
  readonly capacity: Float64Array
}

/** Index of the processor: it decides how fast the work gets on. */
export const cpu = 0

/** @throws CloudschedError `invalid-input` with every finding at once */
export function columnsOf(trace: DemandTrace): TraceColumns {
  checkDemandTrace(trace)
  const { tasks, pools } = trace
  const resources = [
    ...new Set([
      'cpu',
      ...tasks.flatMap(({ demand }) => Object.keys(demand)),
      ...pools.flatMap(({ capacity }) => Object.keys(capacity)),
    ]),
  ]
  return {
    trace,
    resources,
    taskCount: tasks.length,
    poolCount: pools.length,
    resourceCount: resources.length,
    demand: tasks.flatMap(({ demand }) =>
      resources.map((resource) => {
        const series = demand[resource] ?? 0
        return typeof series === 'number' || series instanceof Float64Array ? series : Float64Array.from(series)
      }),
    ),
    varies: resources.map((resource) => tasks.some(({ demand }) => typeof (demand[resource] ?? 0) !== 'number')),
    seriesIds: tasks.flatMap(({ id }) => resources.map((resource) => `${id}/${resource}`)),
    limit: Float64Array.from(tasks.flatMap(({ limit }) => resources.map((resource) => limit?.[resource] ?? Infinity))),
    capacity: Float64Array.from(pools.flatMap(({ capacity }) => resources.map((resource) => capacity[resource] ?? 0))),
  }
}

/** What a task uses of a resource in the step that ends with `step`. */
export function demandAt(
  { demand, resourceCount }: TraceColumns,
  task: number,
  resource: number,
  step: number,
): number {
  const series = demand[task * resourceCount + resource]!
  return typeof series === 'number' ? series : series[step]!
}

/** Seconds from the start of the run to a step. */
export function secondsAt({ trace }: TraceColumns, step: number): number {
  return (step - trace.pastSteps) * trace.stepSeconds
}

/** Sums of the same demands in another order differ in their last bits: that is no overload. */
const rounding = 1e-9

/**
 * Load above which a pool is overloaded: `part` of its capacity, or all of it for a resource whose use never changes,
 * such as graphics cards.
 */
export function threshold(
  { capacity, varies, resourceCount }: TraceColumns,
  pool: number,
  resource: number,
  part: number,
): number {
  return (varies[resource] ? part : 1) * capacity[pool * resourceCount + resource]! * (1 + rounding)
}
