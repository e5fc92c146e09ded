import type { PipelineWarning } from './cluster-sort-map-result.ts'
import type { Relations } from './relations.ts'

/**
 * One decision as columns: tasks and pools in ascending order of their ids, resources by name, so that no result depends
 * on the order of the input. Arrays of several dimensions are flat, the last one (steps of the horizon) varies fastest.
 */
export interface PipelineRound {
  readonly resources: readonly string[]
  /** Number of steps of the horizon, >= 1. */
  readonly steps: number
  readonly tasks: TaskTable
  readonly pools: PoolTable
  readonly relations: Relations
  /** Number of forecast values that were clamped. */
  readonly clampedForecasts: number
  readonly warnings: readonly PipelineWarning[]
}

/** The tasks of a round. */
export interface TaskTable {
  readonly ids: readonly string[]
  /** X_i: use of each resource now (tasks x resources). */
  readonly demand: Float64Array
  /** x_i: expected use (tasks x resources x steps). */
  readonly expectedDemand: Float64Array
  /** Expected length, MI. */
  readonly lengthMi: Float64Array
  /** Input and output. */
  readonly megabytes: Float64Array
  readonly arrivalSeconds: Float64Array
  /** Infinity where there is none. */
  readonly deadlineSeconds: Float64Array
  /** -Infinity where it never moved. */
  readonly movedAtSeconds: Float64Array
  /** Index of the pool it is on now, or -1. */
  readonly home: Int32Array
}

/** The pools of a round. */
export interface PoolTable {
  readonly ids: readonly string[]
  /** Y_j: capacity of each resource now (pools x resources). */
  readonly capacity: Float64Array
  /** y_j: expected capacity (pools x resources x steps). */
  readonly expectedCapacity: Float64Array
  /** Speed and bandwidth now, for the clustering. */
  readonly speedMips: Float64Array
  readonly bandwidthMbps: Float64Array
  readonly expectedSpeedMips: Float64Array
  readonly expectedBandwidthMbps: Float64Array
  /** 1 for a pool that has a speed and processors. */
  readonly computes: Uint8Array
}

/** Index of a resource by its name, -1 where nobody has or wants it. */
export function resourceIndex({ resources }: PipelineRound, name: string): number {
  return resources.indexOf(name)
}
