import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { costOf, longest, vmSecondsOf } from '../objective/evaluate.ts'
import { weightedEst } from '../objective/weighted.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinish, earliestFinishOnUniform } from './earliest-finish.ts'
import { longestFirst } from './task-order.ts'

/**
 * LPT on the k cheapest VMs, for the k that gives the best est. At weight 1, and without prices, fastest stands for
 * cheapest.
 *
 * On uniform machines that take every task, the VMs stand in order of price per unit of work, and the best of all k is
 * found. On others each task has its own order of VMs, by what it costs there, and only k = 1, 2, ..., 16, 18, 20, 22,
 * 24, 27, ... (steps of an eighth) and k = m are tried.
 */
export function kCheapestLptAssignment(problem: Problem, timeWeight: number): Int32Array {
  const prices = (timeWeight < 1 && problem.pricePerSecond) || new Float64Array(problem.vmCount).fill(1)
  const plans = lptPlans(problem, timeWeight, prices).sort((a, b) => a.floor - b.floor)
  let best: Int32Array = new Int32Array(problem.taskCount)
  let bestEst = Infinity
  for (const { floor, place } of plans) {
    if (floor >= bestEst) break
    const assignment = place()
    const vmSeconds = vmSecondsOf(problem, assignment)
    const est = weightedEst(timeWeight, longest(vmSeconds), costOf(vmSeconds, prices))
    if (est < bestEst) {
      best = assignment
      bestEst = est
    }
  }
  return best
}

/**
 * The k cheapest VMs + LPT: the constructive answer to time against cost.
 *
 * @example
 * kCheapestLpt(problem, { timeWeight: 0.3 }).gap
 */
export function kCheapestLpt(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('k-cheapest-lpt', kCheapestLptAssignment, problem, options)
}

/** LPT on the k cheapest VMs: how to place the tasks so, and what its est cannot fall below. */
export interface LptPlan {
  readonly k: number
  readonly floor: number
  readonly place: () => Int32Array
}

/** A plan for each k that is tried, by rising k; the first puts every task where it costs least. */
export function lptPlans(problem: Problem, timeWeight: number, prices: Float64Array): LptPlan[] {
  const isUniform = problem.etc === null && problem.eligibility === null
  return isUniform ? uniformPlans(problem, timeWeight, prices) : ownOrderPlans(problem, prices)
}

/**
 * One plan for each k. With work W, and speed S of the k VMs, LPT ends within
 * [W / S, (W + (k - 1) longest) / S], because the VM that ends last takes its last task no later than any other would;
 * and no schedule that ends by then is cheaper than filling the VMs up to it in order of price.
 */
function uniformPlans(problem: Problem & { readonly etc: null }, timeWeight: number, prices: Float64Array): LptPlan[] {
  const { lengthMi, speedMips } = problem
  const order = longestFirst(problem)
  const work = lengthMi.reduce((sum, length) => sum + length, 0)
  const longestLength = problem.taskCount > 0 ? lengthMi[order[0]!]! : 0
  const pricePerMi = prices.map((price, vm) => price / speedMips[vm]!)
  const byCost = allVms(problem).sort(
    (a, b) => pricePerMi[a]! - pricePerMi[b]! || speedMips[b]! - speedMips[a]! || a - b,
  )
  let speed = 0
  return Array.from(byCost, (vm, index): LptPlan => {
    speed += speedMips[vm]!
    const latest = (work + index * longestLength) / speed
    const floor = weightedEst(timeWeight, work / speed, costOfFilling(latest, work, byCost, speedMips, pricePerMi))
    return { k: index + 1, floor, place: () => earliestFinishOnUniform(problem, order, byCost.subarray(0, index + 1)) }
  })
}

/** Cost of `work` when the VMs, in order, may each run `seconds`. */
function costOfFilling(
  seconds: number,
  work: number,
  vms: Int32Array,
  speedMips: Float64Array,
  pricePerMi: Float64Array,
): number {
  let left = work
  let cost = 0
  for (let k = 0; k < vms.length && left > 0; k++) {
    const done = Math.min(left, seconds * speedMips[vms[k]!]!)
    cost += done * pricePerMi[vms[k]!]!
    left -= done
  }
  return cost
}

/** Plans in which each task may go to the k VMs where it costs least; ties of finish go to the cheaper one. */
function ownOrderPlans(problem: Problem, prices: Float64Array): LptPlan[] {
  const order = longestFirst(problem)
  const all = allVms(problem)
  const cost = new Float64Array(problem.vmCount)
  const byCost = Array.from(order.keys(), (task) => {
    const vms = eligibleVms(problem, task, all)
    for (const vm of vms) cost[vm] = prices[vm]! * executionSeconds(problem, task, vm)
    return vms.toSorted((a, b) => cost[a]! - cost[b]! || a - b)
  })
  const counts: number[] = []
  for (let k = 1; k < problem.vmCount; k += Math.max(1, k >> 3)) counts.push(k)
  return [...counts, problem.vmCount].map((k) => ({
    k,
    floor: -Infinity,
    place: () => earliestFinish(problem, order, (task) => byCost[task]!.subarray(0, k)),
  }))
}
