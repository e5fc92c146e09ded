import { allVms, eligibleVms, executionSeconds, isEligible, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { costOf, longest, vmSecondsOf } from '../objective/evaluate.ts'
import { weightedEst } from '../objective/weighted.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinish, earliestFinishOnUniform } from './earliest-finish.ts'
import { longestFirst, lptAssignment } from './lpt.ts'

/**
 * LPT on the k VMs that are cheapest per unit of work, for the k that gives the best est. On uniform machines the k are
 * tried in the order of the est that they would have if tasks could be cut at will, until that est is no better than
 * the best found; on unrelated machines all k are tried, O(n m^2).
 */
export function kCheapestLptAssignment(problem: Problem, timeWeight: number): Int32Array {
  if (timeWeight === 1) return lptAssignment(problem)
  const price = problem.pricePerSecond!
  const byCost = vmsByCost(problem)
  const lptOn = lptOnCheapest(problem, byCost)
  let best: Int32Array = new Int32Array(problem.taskCount)
  let bestEst = Infinity
  for (const { k, fractionalEst } of promisingFirst(problem, byCost, timeWeight)) {
    if (fractionalEst >= bestEst) break
    const assignment = lptOn(k)
    const vmSeconds = vmSecondsOf(problem, assignment)
    const est = weightedEst(timeWeight, longest(vmSeconds), costOf(vmSeconds, price))
    if (est < bestEst) {
      best = assignment
      bestEst = est
    }
  }
  return best
}

/**
 * LPT on the first k of the VMs in `byCost`, for any k >= 1. Where none of the k may take a task, it goes to the VM that
 * does it cheapest.
 */
export function lptOnCheapest(problem: Problem, byCost: Int32Array): (k: number) => Int32Array {
  const all = allVms(problem)
  const order = longestFirst(problem)
  return (k) => {
    const chosen = byCost.subarray(0, k)
    if (problem.etc === null && problem.eligibility === null) return earliestFinishOnUniform(problem, order, chosen)
    return earliestFinish(problem, order, (task) => {
      const vms = problem.eligibility ? chosen.filter((vm) => isEligible(problem, task, vm)) : chosen
      return vms.length > 0 ? vms : Int32Array.of(cheapestVm(problem, task, eligibleVms(problem, task, all)))
    })
  }
}

/** All VMs, cheapest per unit of work first; on unrelated machines by the cost of all tasks that they may take. */
export function vmsByCost(problem: Problem): Int32Array {
  return allVms(problem).sort((a, b) => costOfAll(problem, a) - costOfAll(problem, b) || a - b)
}

/** The VM of the list that does a task for the least money; of equal ones the fastest, then the first. */
export function cheapestVm(problem: Problem, task: number, vms: Int32Array): number {
  return vms.reduce((best, vm) => {
    const seconds = executionSeconds(problem, task, vm)
    const bestSeconds = executionSeconds(problem, task, best)
    const saved = bestSeconds * problem.pricePerSecond![best]! - seconds * problem.pricePerSecond![vm]!
    return saved > 0 || (saved === 0 && seconds < bestSeconds) ? vm : best
  })
}

/**
 * The k cheapest VMs + LPT: the constructive answer to time against cost; plain LPT at weight 1.
 *
 * @example
 * kCheapestLpt(problem, { timeWeight: 0.3 }).gap
 */
export function kCheapestLpt(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('k-cheapest-lpt', kCheapestLptAssignment, problem, options)
}

/** The numbers k of VMs, the best first by the est of tasks that can be cut: T = W / S_k, C = W A_k / S_k. */
function promisingFirst(
  problem: Problem,
  byCost: Int32Array,
  timeWeight: number,
): { k: number; fractionalEst: number }[] {
  if (problem.etc !== null) return Array.from(byCost, (_, index) => ({ k: index + 1, fractionalEst: -Infinity }))
  const work = problem.lengthMi.reduce((sum, length) => sum + length, 0)
  let speed = 0
  let pricePerSecond = 0
  const candidates = Array.from(byCost, (vm, index) => {
    speed += problem.speedMips[vm]!
    pricePerSecond += problem.pricePerSecond![vm]!
    const seconds = work / speed
    return { k: index + 1, fractionalEst: weightedEst(timeWeight, seconds, seconds * pricePerSecond) }
  })
  return candidates.sort((a, b) => a.fractionalEst - b.fractionalEst || a.k - b.k)
}

function costOfAll(problem: Problem, vm: number): number {
  if (problem.etc === null && problem.eligibility === null) return problem.pricePerSecond![vm]! / problem.speedMips[vm]!
  let cost = 0
  for (let task = 0; task < problem.taskCount; task++) {
    if (isEligible(problem, task, vm)) cost += executionSeconds(problem, task, vm) * problem.pricePerSecond![vm]!
  }
  return cost
}
