import { type ClusterState, retireTask } from './cluster-state.ts'
import { cpu, demandAt, secondsAt } from './trace-columns.ts'

/**
 * Runs the next step: every task computes on its pool, and leaves it when its work is done.
 *
 * A task computes with the speed of its pool. Where the tasks of a pool use more processor than it has, each gets the
 * same part of what it uses, capacity / load, and computes as much slower: equation (7) as a factor on (8). The load of
 * a pool changes within a step only where a task leaves, so that going from one such moment to the next is exact.
 */
export function runStep(state: ClusterState): void {
  const { columns, pool, active } = state
  const begin = secondsAt(columns, state.step)
  const end = secondsAt(columns, ++state.step)
  const members = membersOf(pool, active)
  for (const [index, tasks] of members) runPool(state, index, tasks, begin, end)
}

/** The tasks of each pool that has any, ascending. */
function membersOf(pool: Int32Array, active: readonly number[]): Map<number, number[]> {
  const members = new Map<number, number[]>()
  for (const task of active) {
    const list = members.get(pool[task]!)
    if (list) list.push(task)
    else members.set(pool[task]!, [task])
  }
  return members
}

function runPool(state: ClusterState, pool: number, members: number[], begin: number, end: number): void {
  const { columns, step, remainingMi, readySeconds } = state
  const { speedMips } = columns.trace.pools[pool]!
  const cores = columns.capacity[pool * columns.resourceCount + cpu]!
  let tasks = members
  let now = begin
  for (;;) {
    let load = 0
    for (const task of tasks) load += demandAt(columns, task, cpu, step)
    const mips = speedMips / Math.max(1, load / cores)
    let next = Infinity
    for (const task of tasks) next = Math.min(next, Math.max(now, readySeconds[task]!) + remainingMi[task]! / mips)
    const until = Math.min(next, end)
    const staying: number[] = []
    for (const task of tasks) {
      const from = Math.max(now, readySeconds[task]!)
      if (from + remainingMi[task]! / mips <= until) {
        retireTask(state, task, until)
      } else {
        remainingMi[task]! -= mips * Math.max(0, until - from)
        staying.push(task)
      }
    }
    if (until === end || staying.length === 0) return
    tasks = staying
    now = until
  }
}
