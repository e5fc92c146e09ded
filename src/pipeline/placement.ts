import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { UnscheduledReason } from './cluster-sort-map-result.ts'
import type { PipelineRound, TaskTable } from './pipeline-round.ts'
import { addNeed, copyLoads, emptyPools, type Need, needOf, type PoolLoads } from './pool-loads.ts'
import type { TaskPairs } from './relations.ts'
import { type Clock, computingAt, cpuRatioWith, createClock, occupationAt, transferAt } from './task-clock.ts'
import { stretchedSeconds, waitingSeconds } from './task-times.ts'

/** Where tasks are in the middle of a round: those that are decided, and those that stay where they are until then. */
export interface Placement {
  readonly clock: Clock
  readonly loads: PoolLoads
  /** For each pool the execution times of the tasks decided to run there, together. */
  readonly queueSeconds: Float64Array
  /** For each task its pool, or -1. */
  readonly pool: Int32Array
  readonly decided: Uint8Array
  /** The decided tasks in the order of their decisions. */
  readonly order: number[]
  readonly waitSeconds: Float64Array
  /** Equation (9), of each decided task. */
  readonly transferSeconds: Float64Array
  /** Equations (7) and (8), of each decided task. */
  readonly executionSeconds: Float64Array
  /** For the tasks that were decided and have no pool. */
  readonly reasons: Map<number, UnscheduledReason>
}

/** What is decided at once: a task, or tasks that must be together. */
export interface Candidate {
  readonly members: readonly number[]
  readonly need: Need
  /** For each member its calls to tasks that have a pool; `null` when there are none. */
  readonly calls: readonly (Calls | null)[]
  /** The pool that all members are on now, or -1. */
  readonly home: number
  /** Pools of the tasks that a member must be apart from. */
  readonly forbidden: ReadonlySet<number>
}

/** Calls of one task. */
export interface Calls {
  readonly total: number
  /** For each pool those to the tasks there. */
  readonly at: Float64Array
  /** The pools of these tasks, one for each. */
  readonly pools: readonly number[]
}

/** Every task on the pool it is on now, and nothing decided. */
export function initialPlacement(
  round: PipelineRound,
  settings: Pick<ClusterSortMapSettings, 'nowSeconds' | 'formula' | 'secondsPerCall' | 'perCore' | 'overcommit'>,
): Placement {
  const count = round.tasks.ids.length
  const placement: Placement = {
    clock: createClock(round, settings),
    loads: emptyPools(round, settings.overcommit),
    queueSeconds: new Float64Array(round.pools.ids.length),
    pool: round.tasks.home.slice(),
    decided: new Uint8Array(count),
    order: [],
    waitSeconds: new Float64Array(count),
    transferSeconds: new Float64Array(count),
    executionSeconds: new Float64Array(count),
    reasons: new Map(),
  }
  round.tasks.home.forEach((pool, task) => {
    if (pool >= 0) addNeed(placement.loads, pool, needOf(round, [task]), 1, 1)
  })
  return placement
}

/** The same placement, to be changed without changing this one. */
export function copyPlacement(placement: Placement): Placement {
  return {
    clock: placement.clock,
    loads: copyLoads(placement.loads),
    queueSeconds: placement.queueSeconds.slice(),
    pool: placement.pool.slice(),
    decided: placement.decided.slice(),
    order: [...placement.order],
    waitSeconds: placement.waitSeconds.slice(),
    transferSeconds: placement.transferSeconds.slice(),
    executionSeconds: placement.executionSeconds.slice(),
    reasons: new Map(placement.reasons),
  }
}

/** Takes a task off its pool, so that this is judged without it; returns the pool, or -1. */
export function lift(round: PipelineRound, { loads, pool }: Placement, task: number): number {
  const left = pool[task]!
  if (left >= 0) addNeed(loads, left, needOf(round, [task]), 1, -1)
  pool[task] = -1
  return left
}

/** Describes tasks that were lifted: what they need, and how they stand to the tasks that have a pool. */
export function createCandidate(round: PipelineRound, placement: Placement, members: readonly number[]): Candidate {
  const { relations, tasks, pools } = round
  return {
    members,
    need: needOf(round, members),
    calls: members.map((task) => callsOf(relations.affinity, placement, task, pools.ids.length)),
    home: homeOf(tasks, members),
    forbidden: new Set(members.flatMap((task) => poolsApart(relations.apart, placement, task))),
  }
}

/** The pool that all members are on now, or -1. */
export function homeOf({ home }: TaskTable, members: readonly number[]): number {
  const first = home[members[0]!]!
  return members.every((task) => home[task] === first) ? first : -1
}

/** Calls of a task to tasks that have a pool; `null` when there are none. */
export function callsOf(
  { start, other, calls }: TaskPairs,
  { pool }: Placement,
  task: number,
  poolCount: number,
): Calls | null {
  let at: Float64Array | null = null
  let total = 0
  const pools: number[] = []
  for (let k = start[task]!; k < start[task + 1]!; k++) {
    const there = pool[other[k]!]!
    if (there < 0 || calls[k] === 0) continue
    at ??= new Float64Array(poolCount)
    at[there]! += calls[k]!
    total += calls[k]!
    pools.push(there)
  }
  return at === null ? null : { total, at, pools }
}

/** Calls to tasks on other pools than this one. */
export function callsElsewhere(calls: Calls | null, pool: number): number {
  return calls === null ? 0 : calls.total - calls.at[pool]!
}

function poolsApart({ start, other }: TaskPairs, { pool }: Placement, task: number): number[] {
  return Array.from(other.subarray(start[task], start[task + 1]), (neighbour) => pool[neighbour]!)
}

/** Puts the candidate on a pool: its members run there one after the other, after those decided before. */
export function settle(placement: Placement, candidate: Candidate, pool: number): void {
  const { clock, loads, queueSeconds } = placement
  const ratio = cpuRatioWith(clock, loads, pool, candidate.need)
  addNeed(loads, pool, candidate.need, candidate.members.length, 1)
  candidate.members.forEach((task, k) => {
    const calls = callsElsewhere(candidate.calls[k]!, pool)
    placement.waitSeconds[task] = waitingSeconds(queueSeconds[pool]!, calls, clock.secondsPerCall)
    placement.transferSeconds[task] = transferAt(clock, task, pool)
    placement.executionSeconds[task] = stretchedSeconds(computingAt(clock, task, pool), ratio, clock.formula)
    queueSeconds[pool]! += occupationAt(clock, task, pool, ratio)
    placement.pool[task] = pool
    placement.decided[task] = 1
    placement.order.push(task)
  })
}

/** When the last member of a candidate would finish on a pool that has room for it; Infinity where it never does. */
export function finishAt(placement: Placement, candidate: Candidate, pool: number): number {
  return lastAfter(placement, candidate, pool, placement.clock.originSeconds)
}

/** The most by which a member would miss its deadline, negative when all are in time; Infinity where it never ends. */
export function latenessAt(placement: Placement, candidate: Candidate, pool: number): number {
  return lastAfter(placement, candidate, pool, placement.clock.deadlineSeconds)
}

/** The largest of finish - reference over the members, which run on the pool one after the other. */
function lastAfter(placement: Placement, candidate: Candidate, pool: number, reference: Float64Array): number {
  const { clock, loads } = placement
  const ratio = clock.isStretched ? cpuRatioWith(clock, loads, pool, candidate.need) : 0
  let queue = placement.queueSeconds[pool]!
  let largest = -Infinity
  for (let k = 0; k < candidate.members.length; k++) {
    const task = candidate.members[k]!
    const wait = waitingSeconds(queue, callsElsewhere(candidate.calls[k]!, pool), clock.secondsPerCall)
    const execution = stretchedSeconds(computingAt(clock, task, pool), ratio, clock.formula)
    const finish = clock.earliestSeconds[task]! + wait + transferAt(clock, task, pool) + execution
    if (finish === Infinity) return Infinity
    largest = Math.max(largest, finish - reference[task]!)
    queue += occupationAt(clock, task, pool, ratio)
  }
  return largest
}

/** Leaves the candidate without a pool. */
export function refuse(placement: Placement, { members }: Candidate, reason: UnscheduledReason): void {
  for (const task of members) {
    placement.reasons.set(task, reason)
    placement.decided[task] = 1
    placement.order.push(task)
  }
}
