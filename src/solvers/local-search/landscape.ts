import { isEligible, executionSeconds, type Problem } from '../../model/problem.ts'
import { proveByDual } from '../../objective/dual-bound.ts'
import { leastEst } from '../../objective/frontier.ts'

/**
 * A smooth stand-in for est around its bound. The line of the dual bound that passes through the corner of least est,
 *
 *   Time + mu Cost >= sum_j merit_j vmt_j,   merit_j = lambda_j + mu c_j,
 *
 * says what a second on each VM is worth; a schedule is near the bound when this sum is small and no VM runs much
 * longer than the corner's time. est itself says nothing about a change that does not touch the longest VM.
 */
export interface Landscape {
  /** Worth of a second on each VM. */
  readonly merits: Float64Array
  /** What the sum comes to at the bound, in seconds. */
  readonly value: number
  /** The corner's time: no VM should run longer. */
  readonly timeSeconds: number
}

export function createLandscape(problem: Problem, timeWeight: number): Landscape {
  const { cuts, timeSeconds, cost } = proveByDual(problem, timeWeight)
  const sloped = cuts.slice(1)
  const corner = sloped.length > 0 ? leastEst(sloped, timeSeconds, cost, timeWeight) : { timeSeconds, cost }
  const shortfall = (cut: (typeof cuts)[number]) => corner.timeSeconds + cut.costWeight * corner.cost - cut.value
  const active = sloped.reduce((best, cut) => (shortfall(cut) < shortfall(best) ? cut : best), sloped[0] ?? cuts[0]!)
  return { merits: active.merits, value: active.value, timeSeconds: corner.timeSeconds }
}

/** Moves (task on VM) from the one that costs least beside the task's best VM; the first ones are those worth trying. */
export interface CandidateMoves {
  /** task * vmCount + vm. */
  readonly moves: Int32Array
  /** How much more the move costs than the task's best VM, in the landscape's seconds; rising. */
  readonly reducedCosts: Float64Array
}

/**
 * All moves by their reduced cost merit_j p_ij - min_k merit_k p_ik, or null on uniform machines that take every task,
 * where all VMs are about equally good for a task and sorting tells nothing.
 */
export function candidateMoves(problem: Problem, { merits }: Landscape): CandidateMoves | null {
  if (problem.etc === null && problem.eligibility === null) return null
  const { taskCount, vmCount } = problem
  const reduced = new Float64Array(taskCount * vmCount).fill(Infinity)
  for (let task = 0; task < taskCount; task++) {
    let least = Infinity
    for (let vm = 0; vm < vmCount; vm++) {
      if (!isEligible(problem, task, vm)) continue
      const worth = merits[vm]! * executionSeconds(problem, task, vm)
      reduced[task * vmCount + vm] = worth
      if (worth < least) least = worth
    }
    for (let vm = 0; vm < vmCount; vm++) reduced[task * vmCount + vm]! -= least
  }
  const eligible = Int32Array.from(reduced.keys()).filter((move) => reduced[move]! < Infinity)
  const moves = eligible.sort((a, b) => reduced[a]! - reduced[b]! || a - b)
  return { moves, reducedCosts: Float64Array.from(moves, (move) => reduced[move]!) }
}
