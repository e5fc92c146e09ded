import { allVms, eligibleVms, executionSeconds, isEligible, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { costOf, longest, vmSecondsOf } from '../objective/evaluate.ts'
import { weightedEst } from '../objective/weighted.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinish, longestFirst, lptAssignment } from './lpt.ts'

/**
 * LPT on the k VMs that are cheapest per unit of work, for the k that gives the best est. Where none of the k VMs may
 * take a task, it goes to the one that does it cheapest.
 */
export function kCheapestLptAssignment(problem: Problem, timeWeight: number): Int32Array {
  if (timeWeight === 1) return lptAssignment(problem)
  const price = problem.pricePerSecond!
  const all = allVms(problem)
  const byCost = all.toSorted((a, b) => costOfAll(problem, a) - costOfAll(problem, b) || a - b)
  const order = longestFirst(problem)
  let best = new Int32Array(problem.taskCount)
  let bestEst = Infinity
  for (let k = 1; k <= problem.vmCount; k++) {
    const chosen = byCost.subarray(0, k)
    const assignment = earliestFinish(problem, order, (task) => {
      const vms = problem.eligibility ? chosen.filter((vm) => isEligible(problem, task, vm)) : chosen
      return vms.length > 0 ? vms : cheapest(problem, task, eligibleVms(problem, task, all))
    })
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
 * The k cheapest VMs + LPT: the constructive answer to time against cost; plain LPT at weight 1.
 *
 * @example
 * kCheapestLpt(problem, { timeWeight: 0.3 }).gap
 */
export function kCheapestLpt(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('k-cheapest-lpt', kCheapestLptAssignment, problem, options)
}

function costOfAll(problem: Problem, vm: number): number {
  let cost = 0
  for (let task = 0; task < problem.taskCount; task++) {
    if (isEligible(problem, task, vm)) cost += executionSeconds(problem, task, vm) * problem.pricePerSecond![vm]!
  }
  return cost
}

function cheapest(problem: Problem, task: number, vms: Int32Array): Int32Array {
  const cost = (vm: number) => executionSeconds(problem, task, vm) * problem.pricePerSecond![vm]!
  return vms.toSorted((a, b) => cost(a) - cost(b)).subarray(0, 1)
}
