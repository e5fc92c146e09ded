import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { UnscheduledReason } from './cluster-sort-map-result.ts'
import { createLoadOrder, type LoadOrder, reposition } from './load-order.ts'
import type { PipelineRound } from './pipeline-round.ts'
import {
  type Candidate,
  copyPlacement,
  createCandidate,
  finishAt,
  latenessAt,
  lift,
  type Placement,
  refuse,
  settle,
} from './placement.ts'
import type { RankedCluster } from './pool-clusters.ts'
import { hasRoom, leastLoadWith, loadWith } from './pool-loads.ts'
import { leastComputing, leastFinish } from './task-clock.ts'

/** The options that mapping asks for. */
export type MapSettings = Pick<ClusterSortMapSettings, 'nowSeconds' | 'policy' | 'minGain' | 'onMiss'>

/**
 * Step 12, C_ij <- GetClusterType(Deadline, Schedul_time): gives each task its pool, one after the other, judged against
 * the tasks mapped before it and those that stay where they are until their turn.
 *
 * A pool is feasible when it has room at every step of the horizon and the task meets its deadline there. The cluster is
 * the worst ('deadline-fit') or the best ('best-first') with a feasible pool; in it the pool with the least predicted
 * load comes first, then the smallest finish, then the lowest id. Tasks that must be together are mapped as one.
 *
 * @param clusters - best first
 * @param ranked - indices of the undecided tasks in the order of step 11
 * @returns a new placement
 */
export function mapTasks(
  round: PipelineRound,
  clusters: readonly RankedCluster[],
  before: Placement,
  ranked: Int32Array,
  settings: MapSettings,
): Placement {
  const placement = copyPlacement(before)
  const orders = clusters.map(({ pools }) => ({
    byLoad: createLoadOrder(pools, placement.loads.peak),
    byQueue: createLoadOrder(pools, placement.queueSeconds),
    bestSpeedMips: pools.reduce((best, pool) => Math.max(best, placement.clock.poolSpeedMips[pool]!), 0),
  }))
  if (settings.policy === 'deadline-fit') orders.reverse()
  const clusterOf = new Int32Array(round.pools.ids.length).fill(-1)
  orders.forEach(({ byLoad }, cluster) => {
    for (const pool of byLoad.sequence) clusterOf[pool] = cluster
  })
  // To be called after every change of a single pool.
  const poolChanged = (pool: number): void => {
    const order = orders[clusterOf[pool]!]
    if (order === undefined) return
    reposition(order.byLoad, pool)
    reposition(order.byQueue, pool)
  }
  const rankOf = new Int32Array(placement.pool.length)
  ranked.forEach((task, rank) => {
    rankOf[task] = rank
  })
  for (const task of ranked) {
    if (placement.decided[task] === 1) continue
    const group = round.relations.groups.get(task)
    const members = group === undefined ? [task] : group.toSorted((a, b) => rankOf[a]! - rankOf[b]!)
    for (const member of members) {
      const left = lift(round, placement, member)
      if (left >= 0) poolChanged(left)
    }
    const candidate = createCandidate(round, placement, members)
    const chosen = choosePool(round, orders, placement, candidate, settings)
    if (typeof chosen === 'string') {
      refuse(placement, candidate, chosen)
    } else {
      settle(placement, candidate, chosen)
      poolChanged(chosen)
    }
  }
  return placement
}

/** The pools of a cluster by their load, and by the length of their queues. */
interface ClusterOrder {
  readonly byLoad: LoadOrder
  readonly byQueue: LoadOrder
  /** Of its fastest pool. */
  readonly bestSpeedMips: number
}

/** A pool for a candidate, and how good it is. */
interface Choice {
  readonly pool: number
  readonly load: number
  readonly finishSeconds: number
}

function choosePool(
  round: PipelineRound,
  orders: readonly ClusterOrder[],
  placement: Placement,
  candidate: Candidate,
  { nowSeconds, minGain, onMiss }: MapSettings,
): number | UnscheduledReason {
  const home = choiceAt(round, placement, candidate, candidate.home)
  const keepsHome = home !== null && home.lateSeconds <= 0
  if (keepsHome && minGain === Infinity) return home.pool
  for (const order of orders) {
    const best = leastLoaded(order, placement, candidate)
    if (best === null) continue
    return keepsHome && home.load - best.load < minGain ? home.pool : best.pool
  }
  const earliest = earliestOf(orders, placement, candidate)
  if (earliest === null) return reasonOf(round, orders, placement, candidate)
  if (onMiss === 'reject') return 'deadline'
  if (home === null) return earliest.pool
  const gain = (home.finishSeconds - earliest.finishSeconds) / (home.finishSeconds - nowSeconds)
  return gain > 0 && gain >= minGain ? earliest.pool : home.pool
}

/** The feasible pool of a cluster with the least load, then the smallest finish, then the lowest id. */
function leastLoaded(
  { byLoad: { sequence, key }, bestSpeedMips }: ClusterOrder,
  placement: Placement,
  candidate: Candidate,
): Choice | null {
  const { clock, loads, queueSeconds } = placement
  const first = candidate.members[0]!
  const deadline = clock.deadlineSeconds[first]!
  const computing = leastComputing(clock, first, bestSpeedMips)
  let best: Choice | null = null
  for (let place = 0; place < sequence.length; place++) {
    const pool = sequence[place]!
    // With the candidate on it a pool is no less loaded than without; those that follow are fuller still.
    if (best !== null && key[pool]! > best.load) break
    if (leastFinish(clock, first, queueSeconds[pool]!, computing) > deadline) continue
    if (best !== null && leastLoadWith(loads, pool, candidate.need) > best.load) continue
    if (candidate.forbidden.has(pool) || !hasRoom(loads, pool, candidate.need)) continue
    if (latenessAt(placement, candidate, pool) > 0) continue
    const load = loadWith(loads, pool, candidate.need, best === null ? Infinity : best.load)
    if (best !== null && load > best.load) continue
    const finishSeconds = finishAt(placement, candidate, pool)
    if (best !== null && load === best.load && !finishesFirst(finishSeconds, pool, best)) continue
    best = { pool, load, finishSeconds }
  }
  return best
}

function finishesFirst(finishSeconds: number, pool: number, best: Choice): boolean {
  return finishSeconds < best.finishSeconds || (finishSeconds === best.finishSeconds && pool < best.pool)
}

/** The pool with room where the candidate finishes first, then the least load, then the lowest id. */
function earliestOf(orders: readonly ClusterOrder[], placement: Placement, candidate: Candidate): Choice | null {
  const { clock, loads } = placement
  const first = candidate.members[0]!
  let best: Choice | null = null
  for (const { byQueue, bestSpeedMips } of orders) {
    const { sequence, key } = byQueue
    const computing = leastComputing(clock, first, bestSpeedMips)
    for (let place = 0; place < sequence.length; place++) {
      const pool = sequence[place]!
      if (best !== null && leastFinish(clock, first, key[pool]!, computing) > best.finishSeconds) break
      if (candidate.forbidden.has(pool) || !hasRoom(loads, pool, candidate.need)) continue
      const finishSeconds = finishAt(placement, candidate, pool)
      if (finishSeconds === Infinity || (best !== null && finishSeconds > best.finishSeconds)) continue
      const load = loadWith(loads, pool, candidate.need, Infinity)
      const isTie = best !== null && finishSeconds === best.finishSeconds
      if (best !== null && isTie && (load > best.load || (load === best.load && pool > best.pool))) continue
      best = { pool, load, finishSeconds }
    }
  }
  return best
}

/** The candidate on the pool it is on now; `null` when that cannot have it. */
function choiceAt(
  { pools }: PipelineRound,
  placement: Placement,
  candidate: Candidate,
  pool: number,
): (Choice & { readonly lateSeconds: number }) | null {
  if (pool < 0 || pools.computes[pool] === 0 || candidate.forbidden.has(pool)) return null
  if (!hasRoom(placement.loads, pool, candidate.need)) return null
  const finishSeconds = finishAt(placement, candidate, pool)
  if (finishSeconds === Infinity) return null
  const load = loadWith(placement.loads, pool, candidate.need, Infinity)
  return { pool, load, finishSeconds, lateSeconds: latenessAt(placement, candidate, pool) }
}

/** What every pool lacks: the first requirement that none fulfils together with those before it. */
function reasonOf(
  { pools }: PipelineRound,
  orders: readonly ClusterOrder[],
  { loads }: Placement,
  { forbidden, need }: Candidate,
): UnscheduledReason {
  if (pools.ids.length === 0) return 'no-pools'
  const computing = orders.flatMap(({ byLoad }) => [...byLoad.sequence])
  if (computing.length === 0) return 'no-compute'
  const allowed = computing.filter((pool) => !forbidden.has(pool))
  if (allowed.length === 0) return 'apart'
  return allowed.some((pool) => hasRoom(loads, pool, need)) ? 'bandwidth' : 'capacity'
}
