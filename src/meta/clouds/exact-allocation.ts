import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { Allocation } from './allocation.ts'
import { type CloudTask, latencyBound, type Resource } from './cloud.ts'
import type { TimeMatrix } from './effective-times.ts'

/** What is left of a task counts as nothing below this ratio. */
const tolerance = 1e-12

/**
 * The cheapest allocation that meets every bound under given times, each task on its own: a closed form. The cost of a
 * task is linear in its ratios and its latency only caps each of them at L / t_ij, so the cheapest resources are filled
 * first, each up to its cap. A task whose caps sum to less than 1 is infeasible and gets its least latency.
 *
 * @param times - true ones give the optimum, estimated ones a decision
 */
export function exactAllocation(
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  times: TimeMatrix,
): Allocation {
  return allocate(tasks, resources, times, null)
}

/**
 * As `exactAllocation`, with the storage of each resource respected: tasks are served in their order, each within the
 * room that those before it left. Where nothing is short it is the optimum; `coupledAllocation` is it always.
 *
 * @throws CloudschedError `infeasible` when the tasks ask for more storage than there is
 */
export function roomyAllocation(
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  times: TimeMatrix,
): Allocation {
  const room = Float64Array.from(resources, ({ storageGb }) => storageGb)
  return allocate(tasks, resources, times, room)
}

function allocate(
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  { seconds }: TimeMatrix,
  room: Float64Array | null,
): Allocation {
  const resourceCount = resources.length
  const prices = Float64Array.from(resources, ({ pricePerSecond }) => pricePerSecond)
  const ratios = new Float64Array(tasks.length * resourceCount)
  const most = new Float64Array(resourceCount).fill(1)
  const infeasible: number[] = []
  tasks.forEach((task, i) => {
    const times = seconds.subarray(i * resourceCount, (i + 1) * resourceCount)
    const row = ratios.subarray(i * resourceCount, (i + 1) * resourceCount)
    if (room) shareOfRoom(most, room, task.storageGb, i)
    if (!fillCheapest(row, times, prices, most, latencyBound(task))) {
      infeasible.push(i)
      row.fill(0)
      fillFastest(row, times, most)
    }
    if (room) for (let j = 0; j < resourceCount; j++) room[j]! -= row[j]! * task.storageGb
  })
  return { taskCount: tasks.length, resourceCount, ratios, infeasible }
}

/** The largest ratio of a task that still finds storage on each resource. */
export function shareOfRoom(most: Float64Array, room: Float64Array, storageGb: number, task: number): void {
  let sum = 0
  for (let j = 0; j < most.length; j++) {
    most[j] = storageGb > 0 ? Math.min(1, Math.max(0, room[j]!) / storageGb) : 1
    sum += most[j]!
  }
  if (sum < 1 - 1e-9) {
    const left = room.reduce((total, gigabytes) => total + Math.max(0, gigabytes), 0)
    throw new CloudschedError('infeasible', [
      {
        path: `tasks[${task}].storageGb`,
        received: storageGb,
        expected: `at most the storage that is left, ${left} GB`,
      },
    ])
  }
}

/**
 * Fills the cheapest resources first, each up to min(most, bound / time).
 *
 * @returns whether the whole task found its place
 */
function fillCheapest(
  row: Float64Array,
  times: Float64Array,
  prices: Float64Array,
  most: Float64Array,
  bound: number,
): boolean {
  let left = 1
  while (left > tolerance) {
    let cheapest = -1
    let leastCost = Infinity
    for (let j = 0; j < row.length; j++) {
      const cost = times[j]! * prices[j]!
      if (cost < leastCost && row[j] === 0 && most[j]! > 0) {
        leastCost = cost
        cheapest = j
      }
    }
    if (cheapest < 0) return false
    const part = Math.min(left, most[cheapest]!, bound / times[cheapest]!)
    if (!(part > 0)) return false
    row[cheapest] = part
    left -= part
  }
  return true
}

/** The least latency: all parts end together, but for those that `most` holds back. */
export function fillFastest(row: Float64Array, times: Float64Array, most: Float64Array): void {
  for (;;) {
    let left = 1
    let rate = 0
    for (let j = 0; j < row.length; j++) {
      if (row[j]! > 0) left -= row[j]!
      else if (most[j]! > 0) rate += 1 / times[j]!
    }
    // Everything is held back: what is left is rounding.
    if (rate === 0 || left <= tolerance) return
    const latency = left / rate
    let heldBack = false
    for (let j = 0; j < row.length; j++) {
      if (row[j]! > 0 || most[j]! <= 0 || latency / times[j]! <= most[j]!) continue
      row[j] = most[j]!
      heldBack = true
    }
    if (heldBack) continue
    for (let j = 0; j < row.length; j++) if (row[j] === 0 && most[j]! > 0) row[j] = latency / times[j]!
    return
  }
}
