import { readOptions } from '../errors/read-options.ts'
import {
  clusterSortMapDefaults,
  clusterSortMapEntries,
  type ClusterSortMapOptions,
  type ClusterSortMapSettings,
} from './cluster-sort-map-options.ts'
import type { ClusterSortMapResult, PipelineWarning, TaskTiming } from './cluster-sort-map-result.ts'
import { keepInCooldown } from './cooldown.ts'
import { createRound } from './create-round.ts'
import { mapTasks } from './map.ts'
import type { PipelineRound } from './pipeline-round.ts'
import type { PipelineTask, Pool } from './pipeline-task.ts'
import { initialPlacement, type Placement } from './placement.ts'
import { clusterPools, type RankedCluster, sortClusters } from './pool-clusters.ts'
import { isOverfull } from './pool-loads.ts'
import { rankTasks } from './rank.ts'

/**
 * One round of the cluster-sort-map scheduler: groups the pools, orders the tasks, and gives each task a pool that is
 * expected to have room for it over the whole horizon. Source: Chang, Zhang: A resource scheduling algorithm based on
 * V-TGRU model, J. Zhejiang Univ. (Sci. Ed.) 49(4), 2022, steps 1 to 12.
 *
 * A task that is on a pool stays there unless it must leave or gains by it (`minGain`, `cooldownSeconds`). No pool is
 * given more than `overcommit` times its expected capacity; what has no room is listed with its reason.
 *
 * @param tasks - all tasks that share the pools, in any order
 * @param pools - in any order
 * @returns pools, order and times by id; the same for any order of tasks and pools, and for the same seed
 * @throws CloudschedError `invalid-input` for values that are not finite or negative, equal ids, and constraints that
 * contradict each other; `invalid-option` for unknown or broken options
 * @example
 * const { assignment } = clusterSortMap(
 *   [{ id: 'web', lengthMi: 9000, demand: { cpu: 2 }, deadlineSeconds: 30 }],
 *   [{ id: 'a', capacity: { cpu: 4 }, speedMips: 1000, bandwidthMbps: 100 }],
 * ) // { web: 'a' }
 */
export function clusterSortMap(
  tasks: readonly PipelineTask[],
  pools: readonly Pool[],
  options: ClusterSortMapOptions = {},
): ClusterSortMapResult {
  const settings: ClusterSortMapSettings = readOptions(clusterSortMapEntries, clusterSortMapDefaults, options)
  const round = createRound(tasks, pools, settings)
  const clusters = sortClusters(clusterPools(round, settings))
  const staying = keepInCooldown(round, initialPlacement(round, settings), settings)
  const ranked = rankTasks(round, staying, settings)
  return resultOf(round, clusters, mapTasks(round, clusters, staying, ranked, settings))
}

/** Options of `adaptiveScheduling`. */
export type AdaptiveSchedulingOptions = Omit<ClusterSortMapOptions, 'forecast' | 'beta' | 'outOfRange'>

/**
 * The adaptive policy (ASQ), the rival of the source: the same mapper, judging by what is now, without a forecast. The
 * source does not say more of it; that it shares the mapper is our reading.
 *
 * @throws CloudschedError as `clusterSortMap`
 * @example
 * const { assignment } = adaptiveScheduling(tasks, pools, { policy: 'best-first' })
 */
export function adaptiveScheduling(
  tasks: readonly PipelineTask[],
  pools: readonly Pool[],
  options: AdaptiveSchedulingOptions = {},
): ClusterSortMapResult {
  const { forecast: _forecast, beta: _beta, outOfRange: _outOfRange, ...entries } = clusterSortMapEntries
  return clusterSortMap(tasks, pools, readOptions(entries, {}, options))
}

function resultOf(
  round: PipelineRound,
  clusters: readonly RankedCluster[],
  placement: Placement,
): ClusterSortMapResult {
  const { tasks, pools } = round
  const placed = [...placement.pool.keys()].filter((task) => placement.pool[task]! >= 0)
  const timings = placed.map((task) => timingOf(placement, task))
  const overfull = pools.ids.filter((_, pool) => isOverfull(placement.loads, pool))
  const overCapacity: PipelineWarning[] = overfull.length > 0 ? [{ kind: 'over-capacity', ids: overfull }] : []
  return {
    assignment: Object.fromEntries(placed.map((task) => [tasks.ids[task]!, pools.ids[placement.pool[task]!]!])),
    order: placement.order.map((task) => tasks.ids[task]!),
    timings: Object.fromEntries(placed.map((task, k) => [tasks.ids[task]!, timings[k]!])),
    clusters: clusters.map(({ pools: members, score }) => ({
      pools: Array.from(members, (pool) => pools.ids[pool]!),
      score,
    })),
    unscheduled: [...placement.reasons]
      .sort(([a], [b]) => a - b)
      .map(([task, reason]) => ({ id: tasks.ids[task]!, reason })),
    deadlineMisses: placed.filter((_, k) => !timings[k]!.deadlineMet).map((task) => tasks.ids[task]!),
    clampedForecasts: round.clampedForecasts,
    warnings: [...round.warnings, ...overCapacity],
  }
}

function timingOf({ clock, waitSeconds, transferSeconds, executionSeconds }: Placement, task: number): TaskTiming {
  const startSeconds = clock.earliestSeconds[task]! + waitSeconds[task]!
  const finishSeconds = startSeconds + transferSeconds[task]! + executionSeconds[task]!
  const deadline = clock.deadlineSeconds[task]!
  return {
    waitSeconds: waitSeconds[task]!,
    transferSeconds: transferSeconds[task]!,
    executionSeconds: executionSeconds[task]!,
    startSeconds,
    finishSeconds,
    slackSeconds: deadline === Infinity ? null : deadline - finishSeconds,
    deadlineMet: finishSeconds <= deadline,
  }
}
