import { type Assignment, checkAssignment, unplaced } from '../model/assignment.ts'
import { executionSeconds, type Problem } from '../model/problem.ts'
import type { Evaluation } from '../model/solver.ts'
import { readTimeWeight, weightedEst, type WeightOptions } from './weighted.ts'

/**
 * Evaluates an assignment by equations (1)-(8) of the WHAQL paper. Unplaced tasks take no time and cost nothing.
 *
 * @param assignment - VM index of each task, -1 = unplaced
 * @param options - `timeWeight`, omega in [0, 1]; 0.5 with prices and 1 without
 * @throws CloudschedError `invalid-input` for an assignment that does not belong to the problem, `invalid-option` for
 * a weight outside [0, 1], or one below 1 without prices
 * @example
 * evaluate(problem, [0, 1]).timeSeconds
 */
export function evaluate(
  problem: Problem,
  assignment: Assignment | Int32Array,
  options: WeightOptions = {},
): Evaluation {
  const timeWeight = readTimeWeight(problem, options)
  checkAssignment(problem, assignment)
  return evaluateUnchecked(problem, assignment, timeWeight)
}

/** `evaluate` for an assignment that a solver of ours has made. */
export function evaluateUnchecked(problem: Problem, assignment: ArrayLike<number>, timeWeight: number): Evaluation {
  const vmSeconds = vmSecondsOf(problem, assignment)
  const timeSeconds = longest(vmSeconds)
  const cost = problem.pricePerSecond ? costOf(vmSeconds, problem.pricePerSecond) : null
  const reasons: { cost?: string; load?: string; est?: string } = {}
  if (cost === null) reasons.cost = 'the problem has no prices'
  if (timeSeconds === 0) reasons.load = 'no VM runs for any time'
  const zeroTerm = timeWeight > 0 && timeSeconds === 0 ? 'time' : timeWeight < 1 && cost === 0 ? 'cost' : null
  if (zeroTerm) reasons.est = `${zeroTerm} is 0, and its logarithm is not defined`
  return {
    timeSeconds,
    cost,
    load: timeSeconds === 0 ? null : shortest(vmSeconds) / timeSeconds,
    est: zeroTerm ? null : weightedEst(timeWeight, timeSeconds, cost ?? 0),
    vmSeconds: Array.from(vmSeconds),
    unplacedCount: countUnplaced(assignment),
    reasons,
  }
}

/** Running time of each VM, equation (3): vmt_j = sum over the tasks i on j of ect_ij. */
export function vmSecondsOf(problem: Problem, assignment: ArrayLike<number>): Float64Array {
  const vmSeconds = new Float64Array(problem.vmCount)
  for (let i = 0; i < problem.taskCount; i++) {
    const vm = assignment[i]!
    if (vm !== unplaced) vmSeconds[vm]! += executionSeconds(problem, i, vm)
  }
  return vmSeconds
}

/** Cost(P), equation (5): sum over j of cst_j vmt_j. */
export function costOf(vmSeconds: Float64Array, pricePerSecond: Float64Array): number {
  let cost = 0
  for (let j = 0; j < vmSeconds.length; j++) cost += pricePerSecond[j]! * vmSeconds[j]!
  return cost
}

/** Time(P), equation (4): max over j of vmt_j. */
export function longest(vmSeconds: Float64Array): number {
  let most = 0
  for (let j = 0; j < vmSeconds.length; j++) if (vmSeconds[j]! > most) most = vmSeconds[j]!
  return most
}

function shortest(vmSeconds: Float64Array): number {
  return vmSeconds.reduce((least, seconds) => Math.min(least, seconds), Infinity)
}

function countUnplaced(assignment: ArrayLike<number>): number {
  let count = 0
  for (let i = 0; i < assignment.length; i++) if (assignment[i] === unplaced) count++
  return count
}
