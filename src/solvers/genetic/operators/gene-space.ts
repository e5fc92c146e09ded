import { allVms, eligibleVms, type Problem } from '../../../model/problem.ts'
import type { Rng } from '../../../random/rng.ts'
import { pickIndex } from '../../../random/sample.ts'

/** What a gene may be: the VMs that may take the task. */
export interface GeneSpace {
  readonly problem: Problem
  /** The indices of all VMs. */
  readonly vms: Int32Array
}

/** The gene space of a problem. */
export function createGeneSpace(problem: Problem): GeneSpace {
  return { problem, vms: allVms(problem) }
}

/** A VM drawn from all that may take the task, each with equal probability. */
export function drawVm(task: number, { problem, vms }: GeneSpace, rng: Rng): number {
  const eligible = eligibleVms(problem, task, vms)
  return eligible[pickIndex(rng, eligible.length)]!
}
