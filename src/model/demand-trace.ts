import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { isAmount, isList } from './columns.ts'

/** What a task uses of one resource: one value for all steps, or one for each step of the trace. */
export type DemandSeries = number | ArrayLike<number>

/** A task whose demand changes over time. Times are in seconds from the start of the run. */
export interface TracedTask {
  /** Unique among the tasks. */
  readonly id: string
  /** Work in million instructions, > 0; without it the task runs as long as the trace. */
  readonly lengthMi?: number
  /** When it becomes known, >= 0. @defaultValue 0 */
  readonly arrivalSeconds?: number
  /** When it should have finished. @defaultValue Infinity */
  readonly deadlineSeconds?: number
  /** Data moved to the pool before it computes, >= 0. @defaultValue 0 */
  readonly inputMegabytes?: number
  /** Data moved from the pool after its work, >= 0. @defaultValue 0 */
  readonly outputMegabytes?: number
  /** Memory that moves with it when it changes its pool, >= 0. @defaultValue 0 */
  readonly memoryMegabytes?: number
  /** What it uses of each resource, >= 0: `cpu` (cores), `memoryMib`, `networkMbps`, and any other. */
  readonly demand: Readonly<Record<string, DemandSeries>>
  /** The most it may use of a resource, such as the size of its instance: forecasts above are cut. @defaultValue none */
  readonly limit?: Readonly<Record<string, number>>
}

/** A pool of resources, the same all the time. */
export interface TracedPool {
  /** Unique among the pools. */
  readonly id: string
  /** What it has of each resource, >= 0; of `cpu` more than 0. */
  readonly capacity: Readonly<Record<string, number>>
  /** Million instructions a second that a task gets while the pool is not overloaded, > 0. */
  readonly speedMips: number
  /** Network speed in megabit per second, > 0. */
  readonly bandwidthMbps: number
}

/**
 * Demand over time on a regular grid of steps, and the pools that must carry it. A sample is the use in the step that
 * ends with it: who decides at a step knows its sample and all before it.
 */
export interface DemandTrace {
  /** Length of a step in seconds, > 0. */
  readonly stepSeconds: number
  /** Samples of each series, >= 1. */
  readonly stepCount: number
  /** How many steps lie before the run, in [0, stepCount): known history. The run starts, at 0 seconds, with the next one. */
  readonly pastSteps: number
  readonly tasks: readonly TracedTask[]
  readonly pools: readonly TracedPool[]
}

/**
 * Checks a trace: lengths, signs, limits, unique ids.
 *
 * @throws CloudschedError `invalid-input` with every finding at once
 */
export function checkDemandTrace(trace: DemandTrace): void {
  const findings: Finding[] = []
  const { stepSeconds, stepCount, pastSteps, tasks, pools } = trace
  require(stepSeconds > 0 && stepSeconds < Infinity, 'trace.stepSeconds', stepSeconds, 'a finite number > 0')
  require(Number.isInteger(stepCount) && stepCount >= 1, 'trace.stepCount', stepCount, 'a whole number >= 1')
  require(Number.isInteger(pastSteps) &&
    pastSteps >= 0 &&
    pastSteps < stepCount, 'trace.pastSteps', pastSteps, 'a whole number in [0, stepCount)')
  tasks.forEach((task, index) => checkTask(task, `tasks[${index}]`))
  pools.forEach((pool, index) => checkPool(pool, `pools[${index}]`))
  checkIds(tasks, 'tasks')
  checkIds(pools, 'pools')
  throwFindings('invalid-input', findings)

  function require(holds: boolean, path: string, received: unknown, expected: string): void {
    if (!holds) findings.push({ path, received, expected })
  }

  function checkTask(task: TracedTask, path: string): void {
    const { lengthMi, arrivalSeconds = 0, deadlineSeconds = Infinity, demand, limit = {} } = task
    require(lengthMi === undefined ||
      (lengthMi > 0 && lengthMi < Infinity), `${path}.lengthMi`, lengthMi, 'a finite number > 0')
    require(isAmount(arrivalSeconds), `${path}.arrivalSeconds`, arrivalSeconds, 'a finite number >= 0')
    require(deadlineSeconds >= 0, `${path}.deadlineSeconds`, deadlineSeconds, 'a number >= 0')
    for (const field of ['inputMegabytes', 'outputMegabytes', 'memoryMegabytes'] as const) {
      require(isAmount(task[field] ?? 0), `${path}.${field}`, task[field], 'a finite number >= 0')
    }
    for (const [resource, series] of Object.entries(demand)) {
      checkSeries(series, limit[resource] ?? Infinity, `${path}.demand.${resource}`)
    }
  }

  function checkSeries(series: DemandSeries, limit: number, path: string): void {
    const expected = limit === Infinity ? 'a finite number >= 0' : `a number in [0, ${limit}], its limit`
    const holds = (value: number): boolean => isAmount(value) && value <= limit
    if (typeof series === 'number') return require(holds(series), path, series, expected)
    if (!isList(series) || series.length !== stepCount) {
      return require(false, path, series, `a number, or a list of ${stepCount} numbers, one per step`)
    }
    for (let step = 0; step < stepCount; step++) {
      if (!holds(series[step]!)) return require(false, `${path}[${step}]`, series[step], expected)
    }
  }

  function checkPool({ capacity, speedMips, bandwidthMbps }: TracedPool, path: string): void {
    require(speedMips > 0 && speedMips < Infinity, `${path}.speedMips`, speedMips, 'a finite number > 0')
    require(bandwidthMbps > 0 &&
      bandwidthMbps < Infinity, `${path}.bandwidthMbps`, bandwidthMbps, 'a finite number > 0')
    for (const [resource, amount] of Object.entries(capacity)) {
      require(isAmount(amount), `${path}.capacity.${resource}`, amount, 'a finite number >= 0')
    }
    require((capacity['cpu'] ?? 0) > 0, `${path}.capacity.cpu`, capacity['cpu'], 'a number > 0')
  }

  function checkIds(entities: readonly { readonly id: string }[], name: string): void {
    const seen = new Set<string>()
    entities.forEach(({ id }, index) => {
      require(!seen.has(id), `${name}[${index}].id`, id, 'unique')
      seen.add(id)
    })
  }
}
