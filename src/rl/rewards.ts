import { executionSeconds, isEligible, type Problem } from '../model/problem.ts'
import { lowerBound } from '../objective/bounds.ts'
import { weightedEst } from '../objective/weighted.ts'

/**
 * How a placement is rewarded.
 * - 'paper': equations (9)-(11), T_i the makespan of the partial schedule
 * - 'paper-vm-time': the same, T_i the running time of the chosen VM
 * - 'telescoping': the fall of w T / T_bound + (1 - w) C / C_bound, whose sum over an episode is its final value:
 *   free of units, and the schedule with the best return is the best schedule
 * - 'terminal': nothing until the last placement, then -est
 */
export type RewardName = 'paper' | 'paper-vm-time' | 'telescoping' | 'terminal'

export const rewardNames = ['paper', 'paper-vm-time', 'telescoping', 'terminal'] as const

/** Reward of a placement from makespan and cost before and after it, and the finish time of the chosen VM. */
export type Reward = (
  timeBefore: number,
  costBefore: number,
  timeAfter: number,
  costAfter: number,
  finish: number,
  isLast: boolean,
) => number

export function createReward(problem: Problem, timeWeight: number, name: RewardName): Reward {
  const costWeight = 1 - timeWeight
  if (name === 'terminal') {
    return (_timeBefore, _costBefore, timeAfter, costAfter, _finish, isLast) =>
      isLast ? -weightedEst(timeWeight, timeAfter, costAfter) : 0
  }
  if (name === 'telescoping') {
    const { timeSeconds, cost } = lowerBound(problem, { timeWeight })
    const perSecond = timeWeight / (timeSeconds || 1)
    const perMoney = costWeight / (cost || 1)
    return (timeBefore, costBefore, timeAfter, costAfter) =>
      perSecond * (timeBefore - timeAfter) + perMoney * (costBefore - costAfter)
  }
  const { seconds, cost } = totals(problem)
  if (name === 'paper-vm-time') {
    return (_timeBefore, _costBefore, _timeAfter, costAfter, finish) =>
      timeWeight * (seconds - finish) + costWeight * (cost - costAfter)
  }
  return (_timeBefore, _costBefore, timeAfter, costAfter) =>
    timeWeight * (seconds - timeAfter) + costWeight * (cost - costAfter)
}

/** Ect and Cst of equations (10) and (11): time and cost of all tasks on all VMs that may take them. */
function totals(problem: Problem): { seconds: number; cost: number } {
  let seconds = 0
  let cost = 0
  for (let i = 0; i < problem.taskCount; i++) {
    for (let j = 0; j < problem.vmCount; j++) {
      if (!isEligible(problem, i, j)) continue
      const time = executionSeconds(problem, i, j)
      seconds += time
      cost += time * (problem.pricePerSecond?.[j] ?? 0)
    }
  }
  return { seconds, cost }
}
