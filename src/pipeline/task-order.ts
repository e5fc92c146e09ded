import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { PipelineRound } from './pipeline-round.ts'

/** What decides which of two tasks comes first. */
export interface UrgencyKeys {
  /** Deadline in seconds, or the number of its bucket. */
  readonly deadline: Float64Array
  /** Largest share of all there is of a resource that the task is expected to need, over resources and steps. */
  readonly expectedShare: Float64Array
  /** The same of its needs now. */
  readonly currentShare: Float64Array
}

/** The keys of steps 4 (deadline), 5 and 6 (dominant shares of X_i and of x_i). */
export function urgencyKeys(
  { tasks, pools, resources, steps }: PipelineRound,
  { deadlineBucketSeconds }: Pick<ClusterSortMapSettings, 'deadlineBucketSeconds'>,
): UrgencyKeys {
  const count = resources.length
  const total = new Float64Array(count)
  pools.capacity.forEach((capacity, cell) => {
    total[cell % count]! += capacity
  })
  return {
    deadline: tasks.deadlineSeconds.map((deadline) => bucketOf(deadline, deadlineBucketSeconds)),
    expectedShare: dominantShares(tasks.ids.length, tasks.expectedDemand, total, steps),
    currentShare: dominantShares(tasks.ids.length, tasks.demand, total, 1),
  }
}

/**
 * Steps 4 to 6 as one lexicographic key: earliest deadline first (SortEarlyDeadlineFirst), then the larger expected and
 * the larger current dominant share (Sort(x_i), Sort(X_i)), then the lower id. Three stable sorts one after the other
 * would make the last of them the first key.
 *
 * @returns negative when task `a` comes first
 */
export function compareUrgency({ deadline, expectedShare, currentShare }: UrgencyKeys, a: number, b: number): number {
  return (
    ascending(deadline[a]!, deadline[b]!) ||
    ascending(expectedShare[b]!, expectedShare[a]!) ||
    ascending(currentShare[b]!, currentShare[a]!) ||
    a - b
  )
}

/** -1, 0 or 1; a difference would be NaN for two infinite values. */
export function ascending(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Times in one bucket of this width are equal; width 0 leaves them as they are. */
export function bucketOf(seconds: number, width: number): number {
  return width > 0 ? Math.floor(seconds / width) : seconds
}

/** For each task the largest of demand / total over its cells; Infinity where there is nothing of what it needs. */
function dominantShares(taskCount: number, demand: Float64Array, total: Float64Array, steps: number): Float64Array {
  const cells = total.length * steps
  const shares = new Float64Array(taskCount)
  for (let task = 0; task < shares.length; task++) {
    for (let cell = 0; cell < cells; cell++) {
      const need = demand[task * cells + cell]!
      if (need > 0) shares[task] = Math.max(shares[task]!, need / total[Math.floor(cell / steps)]!)
    }
  }
  return shares
}
