/** What runs on a pool: an instance of the source. All times are in seconds on the clock of `nowSeconds`. */
export interface PipelineTask {
  /** Unique among the tasks. */
  readonly id: string
  /** Work that is left, in million instructions, >= 0. */
  readonly lengthMi: number
  /**
   * What it uses now of each resource, >= 0: `cpu` (cores), `memoryMib`, `networkMbps`, and any other (`gpu`). Together
   * the tasks of a pool may not use more of a resource than the pool has.
   */
  readonly demand: Readonly<Record<string, number>>
  /** Data that is moved to the pool, >= 0. @defaultValue 0 */
  readonly inputMegabytes?: number
  /** Data that is moved from the pool, >= 0. @defaultValue 0 */
  readonly outputMegabytes?: number
  /** Memory that moves with it when it changes its pool, >= 0: counted as bytes moved, no part of the times. @defaultValue 0 */
  readonly memoryMegabytes?: number
  /** Traffic with other tasks by their id, in calls an interval, >= 0; of two given values the larger counts. */
  readonly affinity?: Readonly<Record<string, number>>
  /** Ids of the tasks that must be on the same pool; one side of a pair is enough. */
  readonly together?: readonly string[]
  /** Ids of the tasks that must be on other pools; one side of a pair is enough. */
  readonly apart?: readonly string[]
  /** When it may start, >= 0. @defaultValue 0 */
  readonly arrivalSeconds?: number
  /** When it should have finished. @defaultValue Infinity */
  readonly deadlineSeconds?: number
  /** Id of the pool it is on now; not given for a task that is placed for the first time. */
  readonly pool?: string
  /** When it last changed its pool, for the cooldown. */
  readonly movedAtSeconds?: number
}

/** A pool of resources: a machine, or a group of machines that is scheduled as one. */
export interface Pool {
  /** Unique among the pools. */
  readonly id: string
  /** What the tasks of the call may use together of each resource, >= 0: the pool without what others hold. */
  readonly capacity: Readonly<Record<string, number>>
  /** Million instructions a second that one task gets, >= 0; 0 = it computes nothing. */
  readonly speedMips: number
  /** Network speed in megabit per second, >= 0. */
  readonly bandwidthMbps: number
}

/** One value for the whole horizon, or one for each step of it. */
export type ForecastValue = number | ArrayLike<number>

/** What is expected of a task; what is absent stays as it is now. */
export interface TaskForecast {
  /** Expected use of each resource; a resource that is absent is used as now. */
  readonly demand?: Readonly<Record<string, ForecastValue>>
  /** Expected length in million instructions. */
  readonly lengthMi?: number
}

/** What is expected of a pool; what is absent stays as it is now. */
export interface PoolForecast {
  /** Expected capacity of each resource, at most that of the pool; a resource that is absent stays as now. */
  readonly capacity?: Readonly<Record<string, ForecastValue>>
  readonly speedMips?: number
  readonly bandwidthMbps?: number
}

/**
 * Expected values, x_i and y_j of the source, by id. Without `tasks` (or `pools`) all of them stay as they are now; an
 * id that is missing in a given record stays as it is now, with a warning. All paths have the same number of steps.
 */
export interface PipelineForecast {
  readonly tasks?: Readonly<Record<string, TaskForecast>>
  readonly pools?: Readonly<Record<string, PoolForecast>>
}
