import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { PipelineRound } from './pipeline-round.ts'
import { type Calls, callsElsewhere, callsOf, type Placement } from './placement.ts'
import { ratioWith } from './pool-loads.ts'
import { computingAt, leastComputing, leastFinish, transferAt } from './task-clock.ts'
import { ascending, bucketOf, compareUrgency, urgencyKeys } from './task-order.ts'
import { stretchedSeconds, waitingSeconds } from './task-times.ts'

/**
 * Step 11, Sort(x_i, INS, Schedul, TRAN): the undecided tasks by the slack that they have at best, deadline - finish on
 * the pool where they finish first, the least slack first; among equals by steps 4 to 6. The loads are those of the
 * tasks that stay where they are: an order cannot depend on the mapping that follows it.
 *
 * @returns indices of the undecided tasks
 */
export function rankTasks(
  round: PipelineRound,
  placement: Placement,
  settings: Pick<ClusterSortMapSettings, 'deadlineBucketSeconds'>,
): Int32Array {
  const keys = urgencyKeys(round, settings)
  const fastestFirst = Int32Array.from(round.pools.ids.keys())
    .filter((pool) => round.pools.computes[pool] === 1)
    .sort((a, b) => placement.clock.poolSpeedMips[b]! - placement.clock.poolSpeedMips[a]!)
  const slack = new Float64Array(round.tasks.ids.length).fill(Infinity)
  for (let task = 0; task < slack.length; task++) {
    const deadline = round.tasks.deadlineSeconds[task]!
    if (placement.decided[task] === 1 || deadline === Infinity) continue
    slack[task] = bucketOf(
      deadline - earliestFinish(round, placement, task, fastestFirst),
      settings.deadlineBucketSeconds,
    )
  }
  return Int32Array.from(round.tasks.ids.keys())
    .filter((task) => placement.decided[task] === 0)
    .sort((a, b) => ascending(slack[a]!, slack[b]!) || compareUrgency(keys, a, b))
}

/**
 * The least finish over all pools that compute; Infinity where there is none.
 *
 * @param fastestFirst - the pools that compute, by their speed
 */
function earliestFinish(round: PipelineRound, placement: Placement, task: number, fastestFirst: Int32Array): number {
  const { clock } = placement
  const { pools, relations } = round
  const calls = callsOf(relations.affinity, placement, task, pools.ids.length)
  let least = Infinity
  // First the pools of its partners: on all others every call is to another pool.
  for (const pool of calls === null ? [] : calls.pools) {
    if (pools.computes[pool] === 1) least = Math.min(least, finishOn(round, placement, task, pool, calls, least))
  }
  const wait = waitingSeconds(0, calls === null ? 0 : calls.total, clock.secondsPerCall)
  for (let place = 0; place < fastestFirst.length; place++) {
    const pool = fastestFirst[place]!
    const computing = leastComputing(clock, task, clock.poolSpeedMips[pool]!)
    if (leastFinish(clock, task, wait, computing) >= least) break
    least = Math.min(least, finishOn(round, placement, task, pool, calls, least))
  }
  return least
}

/** When a task would finish on a pool among those that stay; where that is `enough` or more, a lower bound of it. */
function finishOn(
  { tasks, resources, steps }: PipelineRound,
  { clock, loads, queueSeconds, pool: where }: Placement,
  task: number,
  pool: number,
  calls: Calls | null,
  enough: number,
): number {
  const computing = computingAt(clock, task, pool)
  const before =
    clock.earliestSeconds[task]! +
    waitingSeconds(queueSeconds[pool]!, callsElsewhere(calls, pool), clock.secondsPerCall) +
    transferAt(clock, task, pool)
  // The load ratio can only add to this.
  if (before + computing >= enough) return before + computing
  const ownPath = (task * resources.length + clock.cpu) * steps
  const ratio =
    where[task] === pool
      ? ratioWith(loads, pool, clock.cpu, new Float64Array(steps), 0)
      : ratioWith(loads, pool, clock.cpu, tasks.expectedDemand, ownPath)
  return before + stretchedSeconds(computing, ratio, clock.formula)
}
