import { executionSeconds, isEligible, type Problem } from '../../../model/problem.ts'
import type { Rng } from '../../../random/rng.ts'
import { pickIndex } from '../../../random/sample.ts'
import type { Place } from './mutation.ts'

/** Tasks that are looked at as partners of the task that is to leave the critical VM. */
const partnersPerStep = 8

/**
 * Relief of the critical VM, a mutation that knows the loads: a task of the VM that runs longest is swapped with, or
 * moved beside, one of eight tasks drawn from all. Only changes that leave both VMs below the makespan count, and of
 * these the one with the least sum of squares of the two loads is taken: balance, and no longer running times than need
 * be. Est is not asked: that is the selection's part. Cost: O(m) for the critical VM, about n over its number of tasks
 * for a task of it.
 *
 * @param vmSeconds - the loads that go with `genes`; not written to
 * @returns whether there was such a change
 */
export function relieveCriticalVm(
  problem: Problem,
  genes: Int32Array,
  vmSeconds: Float64Array,
  place: Place,
  rng: Rng,
): boolean {
  const critical = indexOfLongest(vmSeconds)
  const makespan = vmSeconds[critical]!
  if (!(makespan > 0)) return false
  const task = taskOn(critical, genes, pickIndex(rng, genes.length))
  if (task < 0) return false
  const left = makespan - executionSeconds(problem, task, critical)

  let partner = -1
  let partnerStays = false
  let leastSquares = Infinity
  for (let draw = 0; draw < partnersPerStep; draw++) {
    const other = pickIndex(rng, genes.length)
    const vm = genes[other]!
    if (vm === critical || !isEligible(problem, task, vm)) continue
    const beside = vmSeconds[vm]! + executionSeconds(problem, task, vm)
    if (beside < makespan && left < makespan && beside * beside + left * left < leastSquares) {
      leastSquares = beside * beside + left * left
      partner = other
      partnerStays = true
    }
    if (!isEligible(problem, other, critical)) continue
    const instead = beside - executionSeconds(problem, other, vm)
    const gained = left + executionSeconds(problem, other, critical)
    if (instead < makespan && gained < makespan && instead * instead + gained * gained < leastSquares) {
      leastSquares = instead * instead + gained * gained
      partner = other
      partnerStays = false
    }
  }
  if (partner < 0) return false
  place(task, genes[partner]!)
  if (!partnerStays) place(partner, critical)
  return true
}

function indexOfLongest(vmSeconds: Float64Array): number {
  let longest = 0
  for (let vm = 1; vm < vmSeconds.length; vm++) if (vmSeconds[vm]! > vmSeconds[longest]!) longest = vm
  return longest
}

/** The first task from `start` on, going round, that is on the VM; -1 where all that is left of its load is rounding. */
function taskOn(vm: number, genes: Int32Array, start: number): number {
  const found = genes.indexOf(vm, start)
  return found < 0 ? genes.indexOf(vm) : found
}
