/** When a task runs on its pool; times are seconds on the clock of `nowSeconds`. */
export interface TaskTiming {
  /** Equation (10): what runs before it, and its calls to tasks on other pools. */
  readonly waitSeconds: number
  /** Equation (9): its input and output. */
  readonly transferSeconds: number
  /** Equations (7) and (8): its work, stretched by the load where that is above 1. */
  readonly executionSeconds: number
  /** The later of the decision and the arrival, and the wait. */
  readonly startSeconds: number
  /** The start, the transfer and the execution. */
  readonly finishSeconds: number
  /** Deadline - finish; `null` without a deadline. */
  readonly slackSeconds: number | null
  readonly deadlineMet: boolean
}

/** Pools that are alike. */
export interface PoolCluster {
  /** Ids of its pools, ascending. */
  readonly pools: readonly string[]
  /** Mean of the standardised attributes over its pools, in [0, 1]; the best cluster has the largest. */
  readonly score: number
}

/**
 * Why a task has no pool: there is none; none computes; its `apart` tasks are everywhere; none has room; no data comes
 * through to those that have; it would miss its deadline (`onMiss: 'reject'`).
 */
export type UnscheduledReason = 'no-pools' | 'no-compute' | 'apart' | 'capacity' | 'bandwidth' | 'deadline'

/** A task without a pool, and why. One that is on a pool now holds no place there in this result. */
export interface UnscheduledTask {
  readonly id: string
  readonly reason: UnscheduledReason
}

/** Something in the input that a reader should know of; the result holds all the same. */
export interface PipelineWarning {
  /**
   * 'no-forecast': the ids stay as they are now. 'no-compute': pools without speed or processors. 'unknown-id': named in
   * `affinity`, `together`, `apart`, `pool` or the forecast, but not given. 'over-capacity': pools whose tasks in their
   * cooldown need more than there is.
   */
  readonly kind: 'no-forecast' | 'no-compute' | 'unknown-id' | 'over-capacity'
  /** The ids concerned, ascending. */
  readonly ids: readonly string[]
}

/** What `clusterSortMap` decides: plain data. */
export interface ClusterSortMapResult {
  /** Id of the pool of each scheduled task. */
  readonly assignment: Readonly<Record<string, string>>
  /** Ids of all tasks in the order in which they were decided. */
  readonly order: readonly string[]
  /** Of each scheduled task. */
  readonly timings: Readonly<Record<string, TaskTiming>>
  /** The pools that compute, best cluster first. */
  readonly clusters: readonly PoolCluster[]
  readonly unscheduled: readonly UnscheduledTask[]
  /** Ids of the scheduled tasks that finish after their deadline, ascending. */
  readonly deadlineMisses: readonly string[]
  /** Number of forecast values below 0 or above the capacity, which were clamped. */
  readonly clampedForecasts: number
  readonly warnings: readonly PipelineWarning[]
}
