import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { PipelineRound } from './pipeline-round.ts'
import { callsElsewhere, callsOf, type Placement } from './placement.ts'
import { ratioWith } from './pool-loads.ts'
import { computingAt, leastComputing, leastFinish, transferAt } from './task-clock.ts'
import { ascending, bucketOf, compareUrgency, urgencyKeys } from './task-order.ts'
import { executionSeconds, waitingSeconds } from './task-times.ts'

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
  const { clock, loads, queueSeconds } = placement
  const { tasks, pools, resources, steps, relations } = round
  const calls = callsOf(relations.affinity, placement, task, pools.ids.length)
  const nothing = new Float64Array(steps)
  const ownPath = (task * resources.length + clock.cpu) * steps
  let least = Infinity
  for (let place = 0; place < fastestFirst.length; place++) {
    const pool = fastestFirst[place]!
    const atBest = leastComputing(clock, task, clock.poolSpeedMips[pool]!)
    if (leastFinish(clock, task, 0, atBest) >= least) break
    const computing = computingAt(clock, task, pool)
    const before =
      clock.earliestSeconds[task]! +
      waitingSeconds(queueSeconds[pool]!, callsElsewhere(calls, pool), clock.secondsPerCall) +
      transferAt(clock, task, pool)
    // The load ratio can only add to this.
    if (before + computing >= least) continue
    const isHere = placement.pool[task] === pool
    const ratio = isHere
      ? ratioWith(loads, pool, clock.cpu, nothing, 0)
      : ratioWith(loads, pool, clock.cpu, tasks.expectedDemand, ownPath)
    least = Math.min(least, before + executionSeconds(computing, ratio, clock.formula))
  }
  return least
}
