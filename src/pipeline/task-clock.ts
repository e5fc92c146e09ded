import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import { type PipelineRound, resourceIndex } from './pipeline-round.ts'
import { type Need, type PoolLoads, ratioWith } from './pool-loads.ts'
import { computingSeconds, executionSeconds, transferSeconds } from './task-times.ts'

/** What the times of a round are computed from; arrays over tasks, or over pools where the name says so. */
export interface Clock {
  readonly formula: 'consistent' | 'literal'
  readonly secondsPerCall: number
  /** The later of now and the arrival. */
  readonly earliestSeconds: Float64Array
  readonly deadlineSeconds: Float64Array
  /** 0 for every task. */
  readonly originSeconds: Float64Array
  readonly lengthMi: Float64Array
  readonly megabytes: Float64Array
  /** Largest expected use of the network over the horizon. */
  readonly networkMbps: Float64Array
  /** Cores that multiply the speed, 1 without `perCore`. */
  readonly cores: Float64Array
  readonly poolCores: Float64Array
  readonly poolSpeedMips: Float64Array
  readonly poolBandwidthMbps: Float64Array
  /** Index of the resource `cpu`, or -1. */
  readonly cpu: number
}

export function createClock(
  round: PipelineRound,
  settings: Pick<ClusterSortMapSettings, 'nowSeconds' | 'formula' | 'secondsPerCall' | 'perCore'>,
): Clock {
  const { tasks, pools, resources, steps } = round
  const { nowSeconds, formula, secondsPerCall, perCore } = settings
  const cpu = resourceIndex(round, 'cpu')
  const network = resourceIndex(round, 'networkMbps')
  const byCores = perCore && cpu >= 0
  const networkPath = (task: number): Float64Array => {
    const from = (task * resources.length + network) * steps
    return tasks.expectedDemand.subarray(from, from + steps)
  }
  return {
    formula,
    secondsPerCall,
    earliestSeconds: tasks.arrivalSeconds.map((arrival) => Math.max(nowSeconds, arrival)),
    deadlineSeconds: tasks.deadlineSeconds,
    originSeconds: new Float64Array(tasks.ids.length),
    lengthMi: tasks.lengthMi,
    megabytes: tasks.megabytes,
    networkMbps: tasks.lengthMi.map((_, task) => (network < 0 ? 0 : Math.max(...networkPath(task)))),
    // A task that asks for no cores, or a pool that counts none, has the speed of one.
    cores: tasks.lengthMi.map((_, task) => (byCores && tasks.demand[task * resources.length + cpu]) || 1),
    poolCores: pools.speedMips.map((_, pool) => (byCores && pools.capacity[pool * resources.length + cpu]) || 1),
    poolSpeedMips: pools.expectedSpeedMips,
    poolBandwidthMbps: pools.expectedBandwidthMbps,
    cpu,
  }
}

/** Equation (8) for a task on a pool. */
export function computingAt({ lengthMi, poolSpeedMips, cores, poolCores }: Clock, task: number, pool: number): number {
  return computingSeconds(lengthMi[task]!, poolSpeedMips[pool]! * Math.min(cores[task]!, poolCores[pool]!))
}

/** Equation (9) for a task on a pool. */
export function transferAt({ megabytes, networkMbps, poolBandwidthMbps }: Clock, task: number, pool: number): number {
  return transferSeconds(megabytes[task]!, poolBandwidthMbps[pool]!, networkMbps[task]!)
}

/** By how much a task lengthens the queue of its pool: the sum in (10), which 'literal' takes without the load ratio. */
export function occupationAt(clock: Clock, task: number, pool: number, ratio: number): number {
  const computing = computingAt(clock, task, pool)
  return clock.formula === 'literal' ? computing : executionSeconds(computing, ratio, clock.formula)
}

/** Equation (7) for a pool with a further need on it: its largest value over the horizon. */
export function cpuRatioWith({ cpu }: Clock, loads: PoolLoads, pool: number, need: Need): number {
  return ratioWith(loads, pool, cpu, need.path, cpu * loads.steps)
}
