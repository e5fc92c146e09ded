import { clusterSortMap } from '../cluster-sort-map.ts'
import type { ClusterSortMapOptions } from '../cluster-sort-map-options.ts'
import type { PipelineTask, Pool, PoolForecast, TaskForecast } from '../pipeline-task.ts'
import { type ClusterState, moveTask } from './cluster-state.ts'
import type { Expectation } from './expectation.ts'
import { findHotPools } from './hot-pools.ts'
import { demandAt, secondsAt, type TraceColumns } from './trace-columns.ts'

/** What decides who moves, beside the mapper. */
export interface DecisionRule {
  /** A pool is hot above this part of its capacity. */
  readonly theta: number
  /** Pools take tasks up to theta - minGain of their capacity. */
  readonly minGain: number
  /** Steps in which a task stays after a change of pool. */
  readonly cooldownSteps: number
  readonly mapper: ClusterSortMapOptions
}

/** What one decision looked at and did. */
export interface DecisionCounts {
  readonly hotPools: number
  /** Tasks that waited or should leave a hot pool. */
  readonly candidates: number
  /** Tasks that came to another pool. */
  readonly moved: number
}

/**
 * One decision: tasks that wait, and as few as needed from the pools that are expected to be hot, go through the
 * cluster-sort-map round to the pools that are not; everybody else stays. A task that no pool has room for stays where
 * it is, or goes on waiting.
 */
export function decide(state: ClusterState, expectation: Expectation, rule: DecisionRule): DecisionCounts {
  const { columns, step, movedStep } = state
  const isCooling = (task: number): boolean => step - movedStep[task]! < rule.cooldownSteps
  const hot = findHotPools(state, expectation, rule.theta, isCooling)
  const candidates = [...state.waiting, ...hot.leaving]
  const open = columns.trace.pools.map((_, pool) => pool).filter((pool) => !hot.pools.has(pool))
  if (candidates.length === 0 || open.length === 0) {
    return { hotPools: hot.pools.size, candidates: candidates.length, moved: 0 }
  }
  const room = columns.varies.map((varies) => (varies ? rule.theta - rule.minGain : 1))
  const { assignment } = clusterSortMap(
    candidates.map((task) => pipelineTask(state, task)),
    open.map((pool) => poolWithin(columns, pool, room)),
    {
      ...rule.mapper,
      nowSeconds: secondsAt(columns, step),
      forecast: {
        tasks: recordOf(
          candidates,
          (task) => columns.trace.tasks[task]!.id,
          (task) => taskForecast(columns, expectation, task),
        ),
        pools: recordOf(
          open,
          (pool) => columns.trace.pools[pool]!.id,
          (pool) => freePaths(columns, expectation, pool, room),
        ),
      },
    },
  )
  const indexOf = new Map(open.map((pool) => [columns.trace.pools[pool]!.id, pool]))
  let moved = 0
  for (const task of candidates) {
    const to = assignment[columns.trace.tasks[task]!.id]
    if (to === undefined) continue
    moveTask(state, task, indexOf.get(to)!)
    moved++
  }
  return { hotPools: hot.pools.size, candidates: candidates.length, moved }
}

function pipelineTask(state: ClusterState, task: number): PipelineTask {
  const { columns, step, remainingMi, pool } = state
  const { id, arrivalSeconds = 0, deadlineSeconds, outputMegabytes = 0, ...given } = columns.trace.tasks[task]!
  const left = remainingMi[task]!
  return {
    id,
    // A task without length has no end that could be late.
    lengthMi: left === Infinity ? 0 : left,
    demand: recordOf(
      columns.resources,
      (name) => name,
      (_, resource) => demandAt(columns, task, resource, step),
    ),
    arrivalSeconds,
    ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }),
    inputMegabytes: (pool[task]! < 0 ? given.inputMegabytes : given.memoryMegabytes) ?? 0,
    outputMegabytes,
  }
}

/** The part of a pool that may be used. */
function poolWithin(columns: TraceColumns, pool: number, room: readonly number[]): Pool {
  const { id, speedMips, bandwidthMbps } = columns.trace.pools[pool]!
  const at = pool * columns.resourceCount
  const capacity = recordOf(
    columns.resources,
    (name) => name,
    (_, resource) => room[resource]! * columns.capacity[at + resource]!,
  )
  return { id, capacity, speedMips, bandwidthMbps }
}

function taskForecast(columns: TraceColumns, { length, tasks }: Expectation, task: number): TaskForecast {
  const at = task * columns.resourceCount
  const path = (resource: number): Float64Array => tasks.slice((at + resource) * length, (at + resource + 1) * length)
  return {
    demand: recordOf(
      columns.resources,
      (name) => name,
      (_, resource) => path(resource),
    ),
  }
}

/** What the tasks on a pool leave of it, step by step. */
function freePaths(
  columns: TraceColumns,
  { length, pools }: Expectation,
  pool: number,
  room: readonly number[],
): PoolForecast {
  const at = pool * columns.resourceCount
  const path = (resource: number): Float64Array => {
    const free = pools.slice((at + resource) * length, (at + resource + 1) * length)
    const has = room[resource]! * columns.capacity[at + resource]!
    for (let ahead = 0; ahead < length; ahead++) free[ahead] = Math.max(0, has - free[ahead]!)
    return free
  }
  return {
    capacity: recordOf(
      columns.resources,
      (name) => name,
      (_, resource) => path(resource),
    ),
  }
}

function recordOf<K, V>(
  keys: readonly K[],
  name: (key: K) => string,
  value: (key: K, index: number) => V,
): Record<string, V> {
  return Object.fromEntries(keys.map((key, index) => [name(key), value(key, index)]))
}
