import { executionSeconds, type Problem } from '../model/problem.ts'
import { costOf, vmSecondsOf } from './evaluate.ts'
import { weightedEst } from './weighted.ts'

/**
 * A complete assignment under change: the loads, cost and makespan follow each move by differences. `assignment` and
 * `vmSeconds` are to be changed by `moveTask` and `swapTasks` only.
 */
export interface LoadState {
  readonly problem: Problem
  readonly assignment: Int32Array
  readonly vmSeconds: Float64Array
  cost: number
  /** The three VMs with the longest running times, longest first; -1 where there are fewer VMs. */
  first: number
  second: number
  third: number
  /** Changes since the loads were last summed afresh. */
  changes: number
}

/** Changes by differences leave rounding behind; after this many the loads are summed afresh. */
const changesPerRefresh = 1 << 16

/**
 * What is left of the cost when nearly all of it was taken off is rounding, and its logarithm is far from that of the
 * true cost, which may be 0 with free machines: then, too, everything is summed afresh.
 */
const cancellation = 1e-6

/** Starts from a complete assignment, which is copied. */
export function createLoadState(problem: Problem, assignment: ArrayLike<number>): LoadState {
  const state: LoadState = {
    problem,
    assignment: Int32Array.from(assignment),
    vmSeconds: new Float64Array(problem.vmCount),
    cost: 0,
    first: -1,
    second: -1,
    third: -1,
    changes: 0,
  }
  refresh(state)
  return state
}

/** Replaces the whole assignment. */
export function resetLoadState(state: LoadState, assignment: ArrayLike<number>): void {
  state.assignment.set(assignment)
  refresh(state)
}

/** Time(P) in seconds, equation (4). */
export function makespanOf(state: LoadState): number {
  return state.vmSeconds[state.first]!
}

/** est(P), equation (7). */
export function estOf(state: LoadState, timeWeight: number): number {
  return weightedEst(timeWeight, makespanOf(state), state.cost)
}

/** Time(P) if VM a ran `secondsA` and VM b `secondsB`, all others as they are. O(1). */
export function makespanWith(state: LoadState, a: number, secondsA: number, b: number, secondsB: number): number {
  const { first, second, third, vmSeconds } = state
  const other = first !== a && first !== b ? first : second !== a && second !== b ? second : third
  const longer = secondsA > secondsB ? secondsA : secondsB
  return other >= 0 && vmSeconds[other]! > longer ? vmSeconds[other]! : longer
}

/** Change of Cost(P) when a task goes to a VM; 0 without prices. */
export function costDeltaOfMove({ problem, assignment }: LoadState, task: number, vm: number): number {
  const price = problem.pricePerSecond
  if (price === null) return 0
  const from = assignment[task]!
  return executionSeconds(problem, task, vm) * price[vm]! - executionSeconds(problem, task, from) * price[from]!
}

/** Puts a task on another VM. */
export function moveTask(state: LoadState, task: number, vm: number): void {
  const { problem, assignment, vmSeconds } = state
  const from = assignment[task]!
  if (from === vm) return
  const costDelta = costDeltaOfMove(state, task, vm)
  changeSeconds(vmSeconds, from, -executionSeconds(problem, task, from))
  changeSeconds(vmSeconds, vm, executionSeconds(problem, task, vm))
  assignment[task] = vm
  settle(state, from, vm, costDelta)
}

/** Lets two tasks change places. */
export function swapTasks(state: LoadState, a: number, b: number): void {
  const { problem, assignment, vmSeconds } = state
  const vmA = assignment[a]!
  const vmB = assignment[b]!
  if (vmA === vmB) return
  const costDelta = costDeltaOfMove(state, a, vmB) + costDeltaOfMove(state, b, vmA)
  changeSeconds(vmSeconds, vmA, executionSeconds(problem, b, vmA) - executionSeconds(problem, a, vmA))
  changeSeconds(vmSeconds, vmB, executionSeconds(problem, a, vmB) - executionSeconds(problem, b, vmB))
  assignment[a] = vmB
  assignment[b] = vmA
  settle(state, vmA, vmB, costDelta)
}

/** Rounding must not leave a running time below 0. */
function changeSeconds(vmSeconds: Float64Array, vm: number, delta: number): void {
  const seconds = vmSeconds[vm]! + delta
  vmSeconds[vm] = seconds > 0 ? seconds : 0
}

/** Brings the cost and the three longest up to date after two VMs changed. */
function settle(state: LoadState, a: number, b: number, costDelta: number): void {
  state.cost += costDelta
  const isMostlyRounding = state.cost < -costDelta * cancellation
  if (++state.changes >= changesPerRefresh || isMostlyRounding) {
    refresh(state)
    return
  }
  const { first, second, third, vmSeconds } = state
  const touchesLongest = a === first || a === second || a === third || b === first || b === second || b === third
  const least = vmSeconds[third] ?? 0
  if (touchesLongest || vmSeconds[a]! > least || vmSeconds[b]! > least) findLongest(state)
}

/** Brings the three longest up to date after `assignment`, `vmSeconds` and `cost` were changed together elsewhere. */
export function settleLoadState(state: LoadState, changes: number): void {
  state.changes += changes
  if (state.changes >= changesPerRefresh) refresh(state)
  else findLongest(state)
}

function refresh(state: LoadState): void {
  const { problem, assignment, vmSeconds } = state
  vmSeconds.set(vmSecondsOf(problem, assignment))
  state.cost = problem.pricePerSecond ? costOf(vmSeconds, problem.pricePerSecond) : 0
  state.changes = 0
  findLongest(state)
}

function findLongest(state: LoadState): void {
  const { vmSeconds } = state
  let first = -1
  let second = -1
  let third = -1
  for (let j = 0; j < vmSeconds.length; j++) {
    const seconds = vmSeconds[j]!
    if (first < 0 || seconds > vmSeconds[first]!) {
      third = second
      second = first
      first = j
    } else if (second < 0 || seconds > vmSeconds[second]!) {
      third = second
      second = j
    } else if (third < 0 || seconds > vmSeconds[third]!) third = j
  }
  state.first = first
  state.second = second
  state.third = third
}
