import type { SchedulingHistory } from './history.ts'
import { replay, type ReplayedStep } from './replay.ts'
import { cpu, demandAt, secondsAt, threshold, type TraceColumns } from './trace-columns.ts'

/** How well the pools carried their load. */
export interface OverloadMetrics {
  /** Pools times steps that were run. */
  readonly poolSteps: number
  /** Share of the pool-steps, in percent, with a load above theta times the capacity of some resource; `null` without any. */
  readonly overloadPercent: number | null
  /** The same above the capacity itself. */
  readonly saturationPercent: number | null
  /** Processor that was asked for above the capacity, in cores times steps. */
  readonly deficitCoreSteps: number
  /** Unbroken runs of overloaded steps of a pool. */
  readonly hotspots: number
  /** Those in which, from one horizon before to its end, no task was moved off the pool. */
  readonly missedHotspots: number
}

/** Counts overload on the true demand: the resource loads of each pool in each step against its capacity. */
export function overloadOf(
  columns: TraceColumns,
  history: SchedulingHistory,
  theta: number,
  horizon: number,
): OverloadMetrics {
  const { poolCount } = columns
  const lastDeparture = new Float64Array(poolCount).fill(-Infinity)
  const isHot = new Uint8Array(poolCount)
  const isMissed = new Uint8Array(poolCount)
  let poolSteps = 0
  let overloaded = 0
  let saturated = 0
  let deficitCoreSteps = 0
  let hotspots = 0
  let missedHotspots = 0
  // A run of hot steps that began at `onset` is acted on by a departure decided in [onset - horizon, its end].
  const close = (pool: number): void => {
    if (isHot[pool] === 1 && isMissed[pool] === 1) missedHotspots++
    isHot[pool] = 0
  }
  for (const current of replay(columns, history)) {
    // A decision at the end of the last hot step comes in time: it is in the moves of the step after it.
    for (const { from, step } of current.moves) {
      if (from === null) continue
      lastDeparture[from] = step
      isMissed[from] = 0
    }
    for (let pool = 0; pool < poolCount; pool++) {
      poolSteps++
      if (exceeds(columns, current.load, pool, 1)) {
        saturated++
        deficitCoreSteps += deficitIn(columns, history, current, pool)
      }
      if (!exceeds(columns, current.load, pool, theta)) {
        close(pool)
        continue
      }
      overloaded++
      if (isHot[pool] === 1) continue
      isHot[pool] = 1
      isMissed[pool] = lastDeparture[pool]! >= current.step - horizon ? 0 : 1
      hotspots++
    }
  }
  for (let pool = 0; pool < poolCount; pool++) close(pool)
  const percent = (count: number): number | null => (poolSteps === 0 ? null : (100 * count) / poolSteps)
  return {
    poolSteps,
    overloadPercent: percent(overloaded),
    saturationPercent: percent(saturated),
    deficitCoreSteps,
    hotspots,
    missedHotspots,
  }
}

function exceeds(columns: TraceColumns, load: Float64Array, pool: number, part: number): boolean {
  const { resourceCount } = columns
  for (let resource = 0; resource < resourceCount; resource++) {
    if (load[pool * resourceCount + resource]! > threshold(columns, pool, resource, part)) return true
  }
  return false
}

/** Integral of the load above the cores of a pool over one step, in core-steps: it falls where a task leaves. */
function deficitIn(columns: TraceColumns, history: SchedulingHistory, current: ReplayedStep, pool: number): number {
  const { stepSeconds } = columns.trace
  const cores = columns.capacity[pool * columns.resourceCount + cpu]!
  const end = secondsAt(columns, current.step)
  const leaving: { readonly at: number; readonly cores: number }[] = []
  for (let task = 0; task < columns.taskCount; task++) {
    const at = history.tasks[task]!.workEndSeconds
    if (current.pool[task] !== pool || at === null || at >= end) continue
    leaving.push({ at, cores: demandAt(columns, task, cpu, current.step) })
  }
  leaving.sort((a, b) => a.at - b.at)
  let load = current.load[pool * columns.resourceCount + cpu]!
  let now = end - stepSeconds
  let deficit = 0
  for (const { at, cores: freed } of [...leaving, { at: end, cores: 0 }]) {
    deficit += Math.max(0, load - cores) * ((at - now) / stepSeconds)
    load -= freed
    now = at
  }
  return deficit
}
