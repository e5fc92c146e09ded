import { executionSeconds, isEligible } from '../model/problem.ts'
import { type LoadState, makespanOf, makespanWith, moveTask, swapTasks } from './load-state.ts'
import { weightedEst } from './weighted.ts'

/** Changes of a schedule that are made only when its est stays at or below a limit. */
export interface Trials {
  /**
   * Puts a task on a VM that may take it.
   *
   * @param est - est of the schedule as it is
   * @returns est after the change, or `est` when it was not made
   */
  move(task: number, vm: number, est: number, limit: number): number
  /** Lets two tasks change places, if the VMs may take them. */
  swap(a: number, b: number, est: number, limit: number): number
  /** Least rise of est when makespan and cost of `timeBefore` and `costBefore` become these; not a number at 0 over 0. */
  leastRise(timeBefore: number, costBefore: number, timeSeconds: number, cost: number): number
}

/** Slack for the rounding in the bound that spares logarithms. */
export const roundingSlack = 1e-9

/**
 * Trials of moves and swaps, O(1) each when turned down.
 *
 * Nearly all changes of a good schedule make it worse, and by much. Since ln x >= 1 - 1/x, est rises by at least
 * w (1 - Time/Time') + (1 - w)(1 - Cost/Cost'): most changes are seen off by two divisions, without a logarithm.
 */
export function createTrials(state: LoadState, timeWeight: number): Trials {
  const { problem, assignment, vmSeconds } = state
  const costWeight = 1 - timeWeight
  const price = problem.pricePerSecond ?? new Float64Array(problem.vmCount)

  function leastRise(timeBefore: number, costBefore: number, timeSeconds: number, cost: number): number {
    const rise = timeWeight === 0 ? 0 : timeWeight * (1 - timeBefore / timeSeconds)
    return costWeight === 0 ? rise : rise + costWeight * (1 - costBefore / cost)
  }

  /** est if makespan and cost were these; Infinity where it is surely above the limit. */
  function estWithin(limit: number, est: number, timeSeconds: number, cost: number): number {
    const isAbove = leastRise(makespanOf(state), state.cost, timeSeconds, cost) > limit - est + roundingSlack
    return isAbove ? Infinity : weightedEst(timeWeight, timeSeconds, cost)
  }

  return {
    leastRise,
    move(task, to, est, limit) {
      const from = assignment[task]!
      if (to === from) return est
      const secondsFrom = executionSeconds(problem, task, from)
      const secondsTo = executionSeconds(problem, task, to)
      const time = makespanWith(state, from, vmSeconds[from]! - secondsFrom, to, vmSeconds[to]! + secondsTo)
      const after = estWithin(limit, est, time, state.cost + secondsTo * price[to]! - secondsFrom * price[from]!)
      if (after > limit) return est
      moveTask(state, task, to)
      return after
    },
    swap(a, b, est, limit) {
      const vmA = assignment[a]!
      const vmB = assignment[b]!
      if (vmA === vmB || !isEligible(problem, a, vmB) || !isEligible(problem, b, vmA)) return est
      const changeA = executionSeconds(problem, b, vmA) - executionSeconds(problem, a, vmA)
      const changeB = executionSeconds(problem, a, vmB) - executionSeconds(problem, b, vmB)
      const time = makespanWith(state, vmA, vmSeconds[vmA]! + changeA, vmB, vmSeconds[vmB]! + changeB)
      const after = estWithin(limit, est, time, state.cost + changeA * price[vmA]! + changeB * price[vmB]!)
      if (after > limit) return est
      swapTasks(state, a, b)
      return after
    },
  }
}
