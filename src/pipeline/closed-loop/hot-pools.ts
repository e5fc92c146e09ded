import type { ClusterState } from './cluster-state.ts'
import type { Expectation } from './expectation.ts'
import { threshold, type TraceColumns } from './trace-columns.ts'

/** Pools that are expected to exceed their threshold, ascending; and the tasks that should leave them. */
export interface HotPools {
  readonly pools: ReadonlySet<number>
  readonly leaving: readonly number[]
}

/**
 * Finds the pools whose expected load exceeds theta times their capacity now or within the horizon, and on each as few
 * tasks as bring it back below. The choice is that of Beloglazov and Buyya (minimization of migrations): the task whose
 * leaving suffices with the least to spare, and where none suffices alone the largest one, then again. A task that need
 * not leave once the later ones do stays.
 *
 * @param stays - tasks that may not move: they moved a short while ago
 */
export function findHotPools(
  state: ClusterState,
  expectation: Expectation,
  theta: number,
  stays: (task: number) => boolean,
): HotPools {
  const { columns, pool, active } = state
  const pools = new Set<number>()
  const leaving: number[] = []
  for (let index = 0; index < columns.poolCount; index++) {
    const peak = worstExcess(columns, expectation, index, theta)
    if (peak === null) continue
    pools.add(index)
    const members = active.filter((task) => pool[task] === index && !stays(task))
    leaving.push(...relieve(columns, expectation, index, theta, members))
  }
  return { pools, leaving }
}

/** Where a pool is furthest above its threshold: a place on its path, and by how much there. */
interface Excess {
  /** resource * length + step ahead. */
  readonly place: number
  readonly amount: number
}

function relieve(
  columns: TraceColumns,
  expectation: Expectation,
  pool: number,
  theta: number,
  members: readonly number[],
): number[] {
  const { length, tasks } = expectation
  const width = columns.resourceCount * length
  const load = expectation.pools.slice(pool * width, (pool + 1) * width)
  const left = [...members]
  const leaving: number[] = []
  for (;;) {
    const excess = excessOf(columns, load, pool, length, theta)
    if (excess === null || left.length === 0) break
    const share = (task: number): number => tasks[task * width + excess.place]!
    const enough = left.filter((task) => share(task) >= excess.amount)
    const chosen = enough.length > 0 ? leastBy(enough, share) : leastBy(left, (task) => -share(task))
    if (share(chosen) === 0) break
    leaving.push(chosen)
    left.splice(left.indexOf(chosen), 1)
    add(chosen, -1)
  }
  if (excessOf(columns, load, pool, length, theta) !== null) return leaving
  return leaving.filter((task) => {
    add(task, 1)
    const isNeeded = excessOf(columns, load, pool, length, theta) !== null
    if (isNeeded) add(task, -1)
    return isNeeded
  })

  function add(task: number, sign: 1 | -1): void {
    for (let k = 0; k < width; k++) load[k]! += sign * tasks[task * width + k]!
  }
}

/** The first task with the smallest key. */
function leastBy(tasks: readonly number[], key: (task: number) => number): number {
  return tasks.reduce((best, task) => (key(task) < key(best) ? task : best))
}

function worstExcess(
  columns: TraceColumns,
  { length, pools }: Expectation,
  pool: number,
  theta: number,
): Excess | null {
  const width = columns.resourceCount * length
  return excessOf(columns, pools.subarray(pool * width, (pool + 1) * width), pool, length, theta)
}

/** The place of the largest load in parts of its threshold, where that is above 1. */
function excessOf(
  columns: TraceColumns,
  load: Float64Array,
  pool: number,
  length: number,
  theta: number,
): Excess | null {
  let worst: Excess | null = null
  let worstPart = 0
  for (let resource = 0; resource < columns.resourceCount; resource++) {
    const allowed = threshold(columns, pool, resource, theta)
    for (let ahead = 0; ahead < length; ahead++) {
      const place = resource * length + ahead
      const amount = load[place]! - allowed
      if (!(amount > 0)) continue
      const part = amount / allowed
      if (worst !== null && part <= worstPart) continue
      worst = { place, amount }
      worstPart = part
    }
  }
  return worst
}
