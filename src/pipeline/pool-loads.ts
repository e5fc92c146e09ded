import type { PipelineRound } from './pipeline-round.ts'

/** What tasks that go to one pool together are expected to need. */
export interface Need {
  /** resources x steps. */
  readonly path: Float64Array
  /** Largest and least value of each resource over the steps. */
  readonly most: Float64Array
  readonly least: Float64Array
}

/** How full the pools are. Arrays over pools x resources x steps, pools x resources, and pools. */
export interface PoolLoads {
  readonly resourceCount: number
  readonly steps: number
  readonly capacity: Float64Array
  /** Capacity times `overcommit`, and a part in 10^9 for the rounding of sums. */
  readonly limit: Float64Array
  readonly used: Float64Array
  /** Least of limit - used over the steps. */
  readonly spare: Float64Array
  /** Largest of used / capacity over the steps. */
  readonly fullest: Float64Array
  /** Largest capacity over the steps. */
  readonly largest: Float64Array
  /** Largest of used / capacity over resources and steps. */
  readonly peak: Float64Array
  readonly taskCount: Int32Array
}

/** Sums of what fits exactly may come out larger by this part. */
const roundingRoom = 1e-9

/** Empty pools. */
export function emptyPools({ pools, resources, steps }: PipelineRound, overcommit: number): PoolLoads {
  const limit = pools.expectedCapacity.map((capacity) => capacity * overcommit * (1 + roundingRoom))
  const loads: PoolLoads = {
    resourceCount: resources.length,
    steps,
    capacity: pools.expectedCapacity,
    limit,
    used: new Float64Array(limit.length),
    spare: new Float64Array(pools.ids.length * resources.length),
    fullest: new Float64Array(pools.ids.length * resources.length),
    largest: pools.capacity.map((_, r) => largestOf(pools.expectedCapacity.subarray(r * steps, (r + 1) * steps))),
    peak: new Float64Array(pools.ids.length),
    taskCount: new Int32Array(pools.ids.length),
  }
  for (let pool = 0; pool < pools.ids.length; pool++) summarise(loads, pool)
  return loads
}

/** The same loads, to be changed without changing these. */
export function copyLoads(loads: PoolLoads): PoolLoads {
  const { used, spare, fullest, peak, taskCount } = loads
  return {
    ...loads,
    used: used.slice(),
    spare: spare.slice(),
    fullest: fullest.slice(),
    peak: peak.slice(),
    taskCount: taskCount.slice(),
  }
}

/** What the tasks need together. */
export function needOf({ tasks, resources, steps }: PipelineRound, members: readonly number[]): Need {
  const cells = resources.length * steps
  const path = new Float64Array(cells)
  for (const task of members) {
    for (let cell = 0; cell < cells; cell++) path[cell]! += tasks.expectedDemand[task * cells + cell]!
  }
  const most = new Float64Array(resources.length)
  const least = new Float64Array(resources.length).fill(Infinity)
  for (let cell = 0; cell < cells; cell++) {
    const r = Math.floor(cell / steps)
    most[r] = Math.max(most[r]!, path[cell]!)
    least[r] = Math.min(least[r]!, path[cell]!)
  }
  return { path, most, least }
}

/** Adds the need of `taskCount` tasks to a pool, or takes it away with `sign` -1. */
export function addNeed(loads: PoolLoads, pool: number, need: Need, taskCount: number, sign: 1 | -1): void {
  const { used, resourceCount, steps } = loads
  const cells = resourceCount * steps
  loads.taskCount[pool]! += sign * taskCount
  for (let cell = 0; cell < cells; cell++) used[pool * cells + cell]! += sign * need.path[cell]!
  // Differences of sums leave a rest of rounding; an empty pool is empty.
  if (loads.taskCount[pool] === 0) used.fill(0, pool * cells, (pool + 1) * cells)
  summarise(loads, pool)
}

function summarise(loads: PoolLoads, pool: number): void {
  const { capacity, limit, used, spare, fullest, peak, resourceCount, steps } = loads
  peak[pool] = 0
  for (let r = pool * resourceCount; r < (pool + 1) * resourceCount; r++) {
    let least = Infinity
    let highest = 0
    for (let cell = r * steps; cell < (r + 1) * steps; cell++) {
      least = Math.min(least, limit[cell]! - used[cell]!)
      if (used[cell]! > 0) highest = Math.max(highest, used[cell]! / capacity[cell]!)
    }
    spare[r] = least
    fullest[r] = highest
    peak[pool] = Math.max(peak[pool]!, highest)
  }
}

function largestOf(values: Float64Array): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0)
}

/** True when the pool has room for the need at every step. */
export function hasRoom({ limit, used, spare, resourceCount, steps }: PoolLoads, pool: number, need: Need): boolean {
  for (let r = 0; r < resourceCount; r++) {
    const room = spare[pool * resourceCount + r]!
    if (need.most[r]! <= room) continue
    if (need.least[r]! > room) return false
    const offset = (pool * resourceCount + r) * steps
    for (let step = 0; step < steps; step++) {
      if (used[offset + step]! + need.path[r * steps + step]! > limit[offset + step]!) return false
    }
  }
  return true
}

/** True when a pool holds more than it may. */
export function isOverfull({ spare, resourceCount }: PoolLoads, pool: number): boolean {
  return spare.subarray(pool * resourceCount, (pool + 1) * resourceCount).some((room) => room < 0)
}

/**
 * The load a pool would have with the need: largest of used / capacity over resources and steps.
 *
 * @param enough - the exact value does not matter above this
 */
export function loadWith(loads: PoolLoads, pool: number, need: Need, enough: number): number {
  const { capacity, used, resourceCount, steps } = loads
  const cells = resourceCount * steps
  const offset = pool * cells
  let highest = 0
  for (let cell = 0; cell < cells; cell++) {
    const sum = used[offset + cell]! + need.path[cell]!
    if (sum > 0) {
      const load = sum / capacity[offset + cell]!
      if (load > highest) {
        if (load > enough) return load
        highest = load
      }
    }
  }
  return highest
}

/** A load that `loadWith` does not fall below, from one look at each resource. */
export function leastLoadWith({ fullest, largest, resourceCount }: PoolLoads, pool: number, need: Need): number {
  let highest = 0
  for (let r = 0; r < resourceCount; r++) {
    const least = need.least[r]!
    if (least > 0)
      highest = Math.max(highest, fullest[pool * resourceCount + r]! + least / largest[pool * resourceCount + r]!)
  }
  // Less the rounding in which the two ways of computing differ.
  return highest * (1 - 1e-12)
}

/**
 * Equation (7) with the need on the pool: the largest of used / capacity of one resource over the steps. What is above 1
 * by rounding alone is 1.
 */
export function ratioWith(loads: PoolLoads, pool: number, resource: number, path: Float64Array, from: number): number {
  if (resource < 0) return 0
  const { capacity, used, resourceCount, steps } = loads
  const offset = (pool * resourceCount + resource) * steps
  let highest = 0
  for (let step = 0; step < steps; step++) {
    const sum = used[offset + step]! + path[from + step]!
    if (sum > 0) highest = Math.max(highest, sum / capacity[offset + step]!)
  }
  return highest > 1 && highest <= 1 + 2 * roundingRoom ? 1 : highest
}
