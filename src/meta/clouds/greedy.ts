import type { Allocation } from './allocation.ts'
import { type CloudTask, latencyBound, type Resource } from './cloud.ts'
import type { TimeMatrix } from './effective-times.ts'
import { fillFastest, roomyAllocation, shareOfRoom } from './exact-allocation.ts'

/** Whether a greedy places whole tasks, as list schedulers do, or may split each over several resources. */
export type GreedyForm = 'whole' | 'split'

/** A scheduler without a memory: it decides by the times it is given. */
export type GreedyScheduler = (
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  times: TimeMatrix,
  form: GreedyForm,
) => Allocation

/**
 * Greedy (a), cheapest first: each task in turn on the cheapest resource that meets its bound; where none does, on the
 * fastest. Split: the cheapest resources are filled first, each up to the bound, as the exact allocation does.
 *
 * @throws CloudschedError `infeasible` when a task finds no storage
 */
export const cheapestFirst: GreedyScheduler = (tasks, resources, times, form) => {
  if (form === 'split') return roomyAllocation(tasks, resources, times)
  return placeInTurn(tasks, resources, times, tasks.keys(), (i, row, most, seconds) => {
    const bound = latencyBound(tasks[i]!)
    const meets = seconds.some((t, j) => t <= bound && most[j]! >= 1)
    placeWhole(row, seconds, most, (t, j) => {
      if (!meets) return t
      return t <= bound ? t * resources[j]!.pricePerSecond : Infinity
    })
  })
}

/**
 * Greedy (b), earliest finish: each task in turn where it ends first, after the tasks that were placed there before it.
 * Split: over all resources, so that its parts end together, each task as if alone.
 *
 * @throws CloudschedError `infeasible` when a task finds no storage
 */
export const earliestFinish: GreedyScheduler = (tasks, resources, times, form) => {
  if (form === 'split')
    return placeInTurn(tasks, resources, times, tasks.keys(), (_, row, most, seconds) =>
      fillFastest(row, seconds, most),
    )
  const ready = new Float64Array(resources.length)
  return placeInTurn(tasks, resources, times, tasks.keys(), (_, row, most, seconds) => {
    placeWhole(row, seconds, most, (t, j) => ready[j]! + t)
    addWork(ready, row, seconds)
  })
}

/**
 * Greedy (c), min-min: of all tasks that wait, the one that would end first is placed where it ends first, and all
 * others are scored again after every placement (Ibarra and Kim 1977). Split: a task goes over all resources, so that
 * its parts end together after the work that is already there.
 *
 * @throws CloudschedError `infeasible` when a task finds no storage
 */
export const minMinAllocation: GreedyScheduler = (tasks, resources, times, form) => {
  const ready = new Float64Array(resources.length)
  const end = form === 'whole' ? earliestEnd : commonEnd
  return placeInTurn(tasks, resources, times, leastEndFirst(times, ready, end), (_, row, most, seconds) => {
    if (form === 'whole') placeWhole(row, seconds, most, (t, j) => ready[j]! + t)
    else fillUntil(commonEnd(seconds, ready), row, seconds, most, ready)
    addWork(ready, row, seconds)
  })
}

/** Yields the waiting task with the least end, by the work that stands in `ready` at that moment. */
function* leastEndFirst(
  { taskCount, resourceCount, seconds }: TimeMatrix,
  ready: Float64Array,
  end: (times: Float64Array, ready: Float64Array) => number,
): Generator<number> {
  const waiting = new Set(Array.from({ length: taskCount }, (_, i) => i))
  while (waiting.size > 0) {
    let first = -1
    let least = Infinity
    for (const i of waiting) {
      const at = end(seconds.subarray(i * resourceCount, (i + 1) * resourceCount), ready)
      if (first >= 0 && at >= least) continue
      first = i
      least = at
    }
    waiting.delete(first)
    yield first
  }
}

function earliestEnd(times: Float64Array, ready: Float64Array): number {
  return times.reduce((least, t, j) => Math.min(least, ready[j]! + t), Infinity)
}

/** The moment at which all parts of a task end, when each resource starts on it once it is ready. */
function commonEnd(times: Float64Array, ready: Float64Array): number {
  let rate = 0
  let done = 0
  let end = Infinity
  for (const j of Array.from(times.keys()).sort((a, b) => ready[a]! - ready[b]!)) {
    if (ready[j]! >= end) break
    // The sum over the resources in use of (end - ready_j) / t_j is 1.
    rate += 1 / times[j]!
    done += ready[j]! / times[j]!
    end = (1 + done) / rate
  }
  return end
}

/** Parts that end at `end`; what storage holds back there goes wherever there is room. */
function fillUntil(end: number, row: Float64Array, times: Float64Array, most: Float64Array, ready: Float64Array): void {
  let left = 1
  for (let j = 0; j < row.length; j++) {
    row[j] = Math.min(most[j]!, Math.max(0, end - ready[j]!) / times[j]!)
    left -= row[j]!
  }
  for (let j = 0; j < row.length && left > 0; j++) {
    const more = Math.min(left, most[j]! - row[j]!)
    row[j]! += more
    left -= more
  }
}

/** The whole task where the score is least; over all the room there is when no resource has room for all of it. */
function placeWhole(
  row: Float64Array,
  times: Float64Array,
  most: Float64Array,
  score: (seconds: number, resource: number) => number,
): void {
  let best = -1
  let least = Infinity
  for (let j = 0; j < row.length; j++) {
    if (most[j]! < 1) continue
    const found = score(times[j]!, j)
    if (found >= least) continue
    best = j
    least = found
  }
  if (best < 0) fillFastest(row, times, most)
  else row[best] = 1
}

function addWork(ready: Float64Array, row: Float64Array, times: Float64Array): void {
  for (let j = 0; j < row.length; j++) ready[j]! += row[j]! * times[j]!
}

/** Places the tasks in the given order, each within the storage that those before it left. */
function placeInTurn(
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  { seconds }: TimeMatrix,
  order: Iterable<number>,
  place: (task: number, row: Float64Array, most: Float64Array, times: Float64Array) => void,
): Allocation {
  const resourceCount = resources.length
  const ratios = new Float64Array(tasks.length * resourceCount)
  const room = Float64Array.from(resources, ({ storageGb }) => storageGb)
  const most = new Float64Array(resourceCount)
  for (const i of order) {
    const [from, to] = [i * resourceCount, (i + 1) * resourceCount]
    const row = ratios.subarray(from, to)
    const { storageGb } = tasks[i]!
    shareOfRoom(most, room, storageGb, i)
    place(i, row, most, seconds.subarray(from, to))
    for (let j = 0; j < resourceCount; j++) room[j]! -= row[j]! * storageGb
  }
  return { taskCount: tasks.length, resourceCount, ratios, infeasible: [] }
}
