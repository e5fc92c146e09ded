import { isEligible } from '../../../model/problem.ts'
import { ln } from '../../../random/portable-math.ts'
import type { Rng } from '../../../random/rng.ts'
import { pickIndex } from '../../../random/sample.ts'
import { drawVm, type GeneSpace } from './gene-space.ts'

/** Carries out a change of one gene: the task goes to the VM. */
export type Place = (task: number, vm: number) => void

/**
 * Changes genes through `place`, and never by its own hand: so whoever owns the genes can let loads follow.
 *
 * @param rate - probability that a gene is changed, in [0, 1]
 */
export type Mutation = (genes: Int32Array, space: GeneSpace, rate: number, place: Place, rng: Rng) => void

/** Random resetting: a task goes to a VM drawn from all that may take it, its own included. */
export const moveMutation: Mutation = (genes, space, rate, place, rng) => {
  for (let task = nextGene(-1, rate, rng); task < genes.length; task = nextGene(task, rate, rng)) {
    place(task, drawVm(task, space, rng))
  }
}

/** A task changes places with a task drawn from all; nothing happens where a VM may not take the other's task. */
export const swapMutation: Mutation = (genes, space, rate, place, rng) => {
  for (let task = nextGene(-1, rate, rng); task < genes.length; task = nextGene(task, rate, rng)) {
    swap(genes, task, space, place, rng)
  }
}

/** Each changed gene is moved or swapped, with equal probability. */
export const moveOrSwapMutation: Mutation = (genes, space, rate, place, rng) => {
  for (let task = nextGene(-1, rate, rng); task < genes.length; task = nextGene(task, rate, rng)) {
    if (rng() < 0.5) place(task, drawVm(task, space, rng))
    else swap(genes, task, space, place, rng)
  }
}

function swap(genes: Int32Array, task: number, { problem }: GeneSpace, place: Place, rng: Rng): void {
  const other = pickIndex(rng, genes.length)
  const vm = genes[task]!
  const otherVm = genes[other]!
  if (vm === otherVm || !isEligible(problem, task, otherVm) || !isEligible(problem, other, vm)) return
  place(task, otherVm)
  place(other, vm)
}

/** The next gene that is changed when each is with probability `rate`: a geometric skip, so one draw per change. */
function nextGene(gene: number, rate: number, rng: Rng): number {
  if (rate <= 0) return Infinity
  return rate >= 1 ? gene + 1 : gene + 1 + Math.floor(ln(1 - rng()) / ln(1 - rate))
}
