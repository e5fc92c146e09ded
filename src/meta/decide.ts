import type { Allocation } from './clouds/allocation.ts'
import type { CloudTask, Resource } from './clouds/cloud.ts'
import { fillFastest, shareOfRoom } from './clouds/exact-allocation.ts'

/**
 * Makes proposed ratios an allocation: each task's sum to 1 and the storage of every resource is kept. Tasks are served in
 * their order; what finds no room goes to the other resources in proportion to their ratios, then wherever there is room.
 *
 * @param ratios - entry [task * resources + resource], >= 0
 * @throws CloudschedError `infeasible` when the tasks ask for more storage than there is
 */
export function feasibleAllocation(
  ratios: ArrayLike<number>,
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
): Allocation {
  const resourceCount = resources.length
  const result = new Float64Array(tasks.length * resourceCount)
  const room = Float64Array.from(resources, ({ storageGb }) => storageGb)
  const most = new Float64Array(resourceCount)
  tasks.forEach(({ storageGb }, i) => {
    const row = result.subarray(i * resourceCount, (i + 1) * resourceCount)
    shareOfRoom(most, room, storageGb, i)
    // A ratio r goes to min(most, r / scale): parts with times 1 / r that end together, within the room.
    const times = row.map((_, j) => 1 / Math.max(1e-12, ratios[i * resourceCount + j]!))
    fillFastest(row, times, most)
    for (let j = 0; j < resourceCount; j++) room[j]! -= row[j]! * storageGb
  })
  return { taskCount: tasks.length, resourceCount, ratios: result, infeasible: [] }
}

/**
 * Rounds an allocation to whole tasks: each on the resource with its largest ratio that has room for all of it. A task that
 * finds no such resource keeps its parts, and is listed.
 */
export function wholeTasks(
  allocation: Allocation,
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
): { readonly allocation: Allocation; readonly stillSplit: readonly number[] } {
  const { resourceCount } = allocation
  const ratios = new Float64Array(allocation.ratios.length)
  const room = Float64Array.from(resources, ({ storageGb }) => storageGb)
  const stillSplit: number[] = []
  // Those that fit nowhere whole come last: their parts take what the others left.
  tasks.forEach(({ storageGb }, i) => {
    let best = -1
    for (let j = 0; j < resourceCount; j++) {
      const ratio = allocation.ratios[i * resourceCount + j]!
      if (room[j]! >= storageGb && (best < 0 || ratio > allocation.ratios[i * resourceCount + best]!)) best = j
    }
    if (best < 0) stillSplit.push(i)
    else {
      ratios[i * resourceCount + best] = 1
      room[best]! -= storageGb
    }
  })
  const most = new Float64Array(resourceCount)
  for (const i of stillSplit) {
    const row = ratios.subarray(i * resourceCount, (i + 1) * resourceCount)
    shareOfRoom(most, room, tasks[i]!.storageGb, i)
    const times = row.map((_, j) => 1 / Math.max(1e-12, allocation.ratios[i * resourceCount + j]!))
    fillFastest(row, times, most)
    for (let j = 0; j < resourceCount; j++) room[j]! -= row[j]! * tasks[i]!.storageGb
  }
  return { allocation: { ...allocation, ratios }, stillSplit }
}
