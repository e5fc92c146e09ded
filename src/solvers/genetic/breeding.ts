import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import {
  type Crossover,
  onePointCrossoverInto,
  twoPointCrossoverInto,
  uniformCrossoverInto,
} from './operators/crossover.ts'
import type { GeneSpace } from './operators/gene-space.ts'
import { type Mutation, moveMutation, moveOrSwapMutation, swapMutation } from './operators/mutation.ts'
import { relieveCriticalVm } from './operators/relief.ts'
import { eligibleVm, repairIn } from './operators/repair.ts'
import type { Draw } from './operators/selection.ts'
import { copyIndividual, followNearerParent, measure, placeTask, type Population } from './population.ts'

/** The crossovers by the names that options have for them. */
export const crossovers: Readonly<Record<'one-point' | 'two-point' | 'uniform', Crossover>> = {
  'one-point': onePointCrossoverInto,
  'two-point': twoPointCrossoverInto,
  uniform: uniformCrossoverInto,
}

/** The mutations by the names that options have for them. */
export const mutations: Readonly<Record<'move' | 'swap' | 'move-or-swap', Mutation>> = {
  move: moveMutation,
  swap: swapMutation,
  'move-or-swap': moveOrSwapMutation,
}

/** The operators and how often they act, as options have them. */
export interface Operators {
  readonly crossover: keyof typeof crossovers | Crossover
  readonly crossoverRate: number
  readonly mutation: keyof typeof mutations | Mutation
  readonly mutationsPerChild: number
  readonly reliefRate: number
}

/** Makes individual k of `children` a child of one or two drawn parents: genes, loads and figures. */
export type Breed = (children: Population, k: number, parents: Population, draw: Draw) => void

/** Crossover, mutation and relief in one: all that varies between two generations. */
export function createBreeding(space: GeneSpace, operators: Operators, rng: Rng): Breed {
  const { problem } = space
  const { crossover, crossoverRate, mutation, mutationsPerChild, reliefRate } = operators
  const cross = typeof crossover === 'string' ? crossovers[crossover] : crossover
  const mutate = typeof mutation === 'string' ? mutations[mutation] : mutation
  const mutationRate = Math.min(1, mutationsPerChild / problem.taskCount)

  let population: Population
  let individual = 0
  const place = (task: number, vm: number): void => placeTask(population, individual, task, vm)
  const placeChecked = (task: number, vm: number): void => place(task, eligibleVm(task, vm, space, rng))
  const placeMutation = typeof mutation === 'string' ? place : placeChecked

  return (children, k, parents, draw) => {
    population = children
    individual = k
    const genes = children.genes[k]!
    const first = draw()
    const second = rng() < crossoverRate ? draw() : first
    if (second === first) copyIndividual(children, k, parents, first)
    else {
      cross(genes, parents.genes[first]!, parents.genes[second]!, rng)
      if (typeof crossover === 'function') repairIn(genes, space, rng)
      followNearerParent(children, k, parents, first, second)
    }
    mutate(genes, space, mutationRate, placeMutation, rng)
    if (rng() < reliefRate) {
      let steps = 1 + pickIndex(rng, problem.vmCount)
      while (steps > 0 && relieveCriticalVm(problem, genes, children.vmSeconds[k]!, place, rng)) steps--
    }
    measure(children, k)
  }
}
