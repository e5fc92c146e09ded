import { isEligible } from '../../../model/problem.ts'
import type { Rng } from '../../../random/rng.ts'
import { drawVm, type GeneSpace } from './gene-space.ts'

/** The VM itself where it may take the task, else one drawn from those that may. */
export function eligibleVm(task: number, vm: number, space: GeneSpace, rng: Rng): number {
  const isVm = vm >= 0 && vm < space.problem.vmCount
  return isVm && isEligible(space.problem, task, vm) ? vm : drawVm(task, space, rng)
}

/** Repair: draws every gene anew, in place, that names no VM or one that may not take the task. */
export function repairIn(genes: Int32Array, space: GeneSpace, rng: Rng): void {
  for (let task = 0; task < genes.length; task++) genes[task] = eligibleVm(task, genes[task]!, space, rng)
}
