import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import type { BoundFigures } from './uniform-bound.ts'
import { weightedEst } from './weighted.ts'

/**
 * Bound for unrelated machines: every task at its fastest, shared evenly, for the time; every task at its cheapest for
 * the cost.
 */
export function dualBound(problem: Problem, timeWeight: number): BoundFigures {
  const { taskCount, vmCount, pricePerSecond } = problem
  const all = allVms(problem)
  let longestTask = 0
  let seconds = 0
  let cost = 0
  for (let i = 0; i < taskCount; i++) {
    let fastest = Infinity
    let cheapest = Infinity
    for (const vm of eligibleVms(problem, i, all)) {
      const time = executionSeconds(problem, i, vm)
      fastest = Math.min(fastest, time)
      cheapest = Math.min(cheapest, time * (pricePerSecond?.[vm] ?? 0))
    }
    longestTask = Math.max(longestTask, fastest)
    seconds += fastest
    cost += cheapest
  }
  const timeSeconds = Math.max(longestTask, seconds / vmCount)
  return { est: weightedEst(timeWeight, timeSeconds, cost), timeSeconds, cost }
}
