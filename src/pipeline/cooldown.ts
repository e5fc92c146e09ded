import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { PipelineRound } from './pipeline-round.ts'
import { copyPlacement, createCandidate, finishAt, homeOf, lift, type Placement, settle } from './placement.ts'
import { compareUrgency, urgencyKeys } from './task-order.ts'

/**
 * Decides the tasks in their cooldown: who changed the pool less than `cooldownSeconds` ago stays, also on a pool that
 * is overfull. Not when the pool computes nothing (any more), when no data comes through to it, or when a task that it
 * must be apart from is there. Of tasks that are together one is enough to keep them all, if they are on one pool.
 *
 * @returns a new placement
 */
export function keepInCooldown(
  round: PipelineRound,
  before: Placement,
  settings: Pick<ClusterSortMapSettings, 'nowSeconds' | 'cooldownSeconds' | 'deadlineBucketSeconds'>,
): Placement {
  const { tasks, pools, relations } = round
  const { nowSeconds, cooldownSeconds } = settings
  const placement = copyPlacement(before)
  const keys = urgencyKeys(round, settings)
  const byUrgency = (a: number, b: number): number => compareUrgency(keys, a, b)
  const cooling = Int32Array.from(tasks.ids.keys())
    .filter((task) => nowSeconds - tasks.movedAtSeconds[task]! < cooldownSeconds)
    .sort(byUrgency)
  for (const task of cooling) {
    if (placement.decided[task] === 1) continue
    const members = relations.groups.get(task)?.toSorted(byUrgency) ?? [task]
    const home = homeOf(tasks, members)
    if (home < 0 || pools.computes[home] === 0) continue
    const candidate = createCandidate(round, placement, members)
    if (candidate.forbidden.has(home) || finishAt(placement, candidate, home) === Infinity) continue
    for (const member of members) lift(round, placement, member)
    settle(placement, candidate, home)
  }
  return placement
}
