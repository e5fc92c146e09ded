import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import { type PipelineRound, resourceIndex } from './pipeline-round.ts'
import { type Need, type PoolLoads, ratioWith } from './pool-loads.ts'
import { computingSeconds, stretchedSeconds, transferSeconds } from './task-times.ts'

/** What the times of a round are computed from; arrays over tasks, or over pools where the name says so. */
export interface Clock {
  readonly formula: 'consistent' | 'literal'
  readonly secondsPerCall: number
  /** False when the load ratio changes no time of a task on a pool that has room for it. */
  readonly isStretched: boolean
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
  /** The most of all pools. */
  readonly bestCores: number
  /** Transfer takes no less on any pool. */
  readonly leastTransferSeconds: Float64Array
}

export function createClock(
  round: PipelineRound,
  settings: Pick<ClusterSortMapSettings, 'nowSeconds' | 'formula' | 'secondsPerCall' | 'perCore' | 'overcommit'>,
): Clock {
  const { tasks, pools, resources, steps } = round
  const { nowSeconds, formula, secondsPerCall, perCore, overcommit } = settings
  const cpu = resourceIndex(round, 'cpu')
  const network = resourceIndex(round, 'networkMbps')
  const byCores = perCore && cpu >= 0
  const networkPath = (task: number): Float64Array => {
    const from = (task * resources.length + network) * steps
    return tasks.expectedDemand.subarray(from, from + steps)
  }
  const clock = {
    formula,
    secondsPerCall,
    isStretched: formula === 'literal' || overcommit > 1,
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
  const bandwidth = largestOf(clock.poolBandwidthMbps)
  return {
    ...clock,
    bestCores: largestOf(clock.poolCores),
    leastTransferSeconds: clock.megabytes.map((megabytes, task) =>
      transferSeconds(megabytes, bandwidth, clock.networkMbps[task]!),
    ),
  }
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0)
}

/** Equation (8) for a task on a pool. */
export function computingAt({ lengthMi, poolSpeedMips, cores, poolCores }: Clock, task: number, pool: number): number {
  return computingSeconds(lengthMi[task]!, poolSpeedMips[pool]! * Math.min(cores[task]!, poolCores[pool]!))
}

/** Equation (8) at a speed, with as many cores as a pool can give at best. */
export function leastComputing({ lengthMi, cores, bestCores }: Clock, task: number, speedMips: number): number {
  return computingSeconds(lengthMi[task]!, speedMips * Math.min(cores[task]!, bestCores))
}

/**
 * A task finishes no earlier behind a queue, whatever its transfer, its calls and the load: added up in the order in
 * which a finish is, so that this holds to the last bit.
 *
 * @param computing - what it computes at least, in seconds
 */
export function leastFinish(clock: Clock, task: number, queueSeconds: number, computing: number): number {
  return clock.earliestSeconds[task]! + queueSeconds + clock.leastTransferSeconds[task]! + computing
}

/** Equation (9) for a task on a pool. */
export function transferAt({ megabytes, networkMbps, poolBandwidthMbps }: Clock, task: number, pool: number): number {
  return transferSeconds(megabytes[task]!, poolBandwidthMbps[pool]!, networkMbps[task]!)
}

/** By how much a task lengthens the queue of its pool: the sum in (10), which 'literal' takes without the load ratio. */
export function occupationAt(clock: Clock, task: number, pool: number, ratio: number): number {
  const computing = computingAt(clock, task, pool)
  return clock.formula === 'literal' ? computing : stretchedSeconds(computing, ratio, clock.formula)
}

/** Equation (7) for a pool with a further need on it: its largest value over the horizon. */
export function cpuRatioWith({ cpu }: Clock, loads: PoolLoads, pool: number, need: Need): number {
  return ratioWith(loads, pool, cpu, need.path, cpu * loads.steps)
}
