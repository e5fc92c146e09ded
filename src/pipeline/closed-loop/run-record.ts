import type { TimeSeries } from '../../model/forecaster.ts'
import type { ClusterState } from './cluster-state.ts'
import { demandAt, type TraceColumns } from './trace-columns.ts'

/** What a run showed of tasks and pools, step by step: the changing part of the features. */
export interface RunRecord {
  /** Pool of each task in a step, by step * taskCount + task; -1 = none. */
  readonly pool: Int32Array
  /** Work that was left when a step began, in million instructions; by step * taskCount + task. */
  readonly remainingMi: Float64Array
  /** What the tasks of a pool left of it when a step began, by (step * poolCount + pool) * resourceCount + resource. */
  readonly free: Float64Array
}

/** Room for a whole run; in the steps before it no task has a pool. */
export function createRunRecord({ trace, taskCount, poolCount, resourceCount }: TraceColumns): RunRecord {
  const { stepCount, tasks } = trace
  const lengths = Float64Array.from(tasks, ({ lengthMi = 0 }) => lengthMi)
  const remainingMi = new Float64Array(stepCount * taskCount)
  for (let step = 0; step < stepCount; step++) remainingMi.set(lengths, step * taskCount)
  return {
    pool: new Int32Array(stepCount * taskCount).fill(-1),
    remainingMi,
    free: new Float64Array(stepCount * poolCount * resourceCount),
  }
}

/** Writes down the step that is about to be run. */
export function recordStep({ pool, remainingMi, free }: RunRecord, state: ClusterState): void {
  const { columns, active } = state
  const { taskCount, poolCount, resourceCount, capacity, trace } = columns
  const step = state.step + 1
  const width = poolCount * resourceCount
  free.set(capacity, step * width)
  trace.tasks.forEach(({ lengthMi }, task) => {
    if (lengthMi !== undefined) remainingMi[step * taskCount + task] = state.remainingMi[task]!
  })
  for (const task of active) {
    const at = state.pool[task]!
    pool[step * taskCount + task] = at
    for (let resource = 0; resource < resourceCount; resource++) {
      free[step * width + at * resourceCount + resource]! -= demandAt(columns, task, resource, step)
    }
  }
}

/** Features of a task in the steps [start, end), as columns. */
export type FeatureReader = (task: number, start: number, end: number) => Record<string, Float64Array>

/**
 * The names of all features: the instance vector of the source (length, input, output, each resource) with the work that
 * is left, and the pool vector of the pool that the task is on: what is free of each resource, speed and bandwidth.
 */
export function featureNamesOf({ resources }: TraceColumns): string[] {
  const pool = [...resources, 'speedMips', 'bandwidthMbps'].map((name) => `pool/${name}`)
  return ['lengthMi', 'inputMegabytes', 'outputMegabytes', 'remainingMi', ...resources, ...pool]
}

/** Reads the features of the given names, which are some of `featureNamesOf`. */
export function featureReader(columns: TraceColumns, record: RunRecord, names: readonly string[]): FeatureReader {
  const readers = names.map((name) => [name, columnReader(columns, record, name)] as const)
  return (task, start, end) => Object.fromEntries(readers.map(([name, read]) => [name, read(task, start, end)]))
}

/** A task without pool has 0 of everything that pools have; one without length has 0 to do. */
function columnReader(
  columns: TraceColumns,
  { pool, remainingMi, free }: RunRecord,
  name: string,
): (task: number, start: number, end: number) => Float64Array {
  const { trace, demand, taskCount, poolCount, resourceCount, resources } = columns
  const constant = (value: number, length: number): Float64Array => new Float64Array(length).fill(value)
  const byStep = (read: (at: number, step: number) => number) => (task: number, start: number, end: number) => {
    const column = new Float64Array(end - start)
    for (let step = start; step < end; step++) column[step - start] = read(step * taskCount + task, step)
    return column
  }
  if (name === 'lengthMi' || name === 'inputMegabytes' || name === 'outputMegabytes') {
    return (task, start, end) => constant(trace.tasks[task]![name] ?? 0, end - start)
  }
  if (name === 'remainingMi') return byStep((at) => remainingMi[at]!)
  const own = resources.indexOf(name)
  if (own >= 0) {
    return (task, start, end) => {
      const series = demand[task * resourceCount + own]!
      return typeof series === 'number' ? constant(series, end - start) : series.subarray(start, end)
    }
  }
  const poolName = name.slice('pool/'.length)
  if (poolName === 'speedMips' || poolName === 'bandwidthMbps') {
    const values = trace.pools.map((one) => one[poolName])
    return byStep((at) => values[pool[at]!] ?? 0)
  }
  const resource = resources.indexOf(poolName)
  return byStep((at, step) => {
    const on = pool[at]!
    return on < 0 ? 0 : free[(step * poolCount + on) * resourceCount + resource]!
  })
}

/**
 * The series of these resources that a run showed, with all features: of each task that was placed from the first sample
 * to its last step on a pool.
 */
export function observedSeries(
  columns: TraceColumns,
  record: RunRecord,
  observed: readonly string[],
  lastStep: number,
): TimeSeries[] {
  if (observed.length === 0) return []
  const { trace, taskCount, resources, resourceCount, seriesIds } = columns
  const read = featureReader(columns, record, featureNamesOf(columns))
  return trace.tasks.flatMap((_, task) => {
    let last = lastStep
    while (last >= 0 && record.pool[last * taskCount + task]! < 0) last--
    if (last < 0) return []
    const features = read(task, 0, last + 1)
    return observed.map((name) => ({
      id: seriesIds[task * resourceCount + resources.indexOf(name)]!,
      values: features[name]!,
      features,
      stepSeconds: trace.stepSeconds,
    }))
  })
}
