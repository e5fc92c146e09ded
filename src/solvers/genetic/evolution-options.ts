import { integerIn, numberIn, oneOf, type OptionEntries, satisfying } from '../../errors/read-options.ts'
import type { Assignment } from '../../model/assignment.ts'
import type { SolveOptions } from '../../model/solver.ts'
import { hasBudget } from '../../run/run-options.ts'
import { crossovers, mutations } from './breeding.ts'
import type { Crossover } from './operators/crossover.ts'
import type { Mutation } from './operators/mutation.ts'

/** Options of every genetic algorithm here. */
export interface EvolutionOptions extends SolveOptions {
  /** Number of individuals, >= 4: there is room for every heuristic. @defaultValue 100 */
  readonly populationSize?: number
  /**
   * Number of generations, the first one included, >= 1.
   * @defaultValue 500, or no end where `timeLimitMs` or `maxEvaluations` is given
   */
  readonly generations?: number
  /**
   * Whether constructive schedules stand in the first generation; all others in it are random.
   * @defaultValue 'heuristics'
   */
  readonly seeding?: 'none' | 'heuristics'
  /** Schedules that stand in the first generation, too; every task has a VM in them. */
  readonly initial?: readonly Assignment[]
  /**
   * How the genes of two parents make a child; a function writes them into its first argument. A gene that a function
   * of yours leaves without a VM that may take the task is drawn anew.
   * @defaultValue 'uniform'
   */
  readonly crossover?: 'one-point' | 'two-point' | 'uniform' | Crossover
  /** Share of the children that have two parents, in [0, 1]; the others start as copies of one. @defaultValue 0.2 */
  readonly crossoverRate?: number
  /**
   * How a gene changes: 'move' draws a VM for the task, 'swap' lets it change places with another task. A function of
   * yours calls `place`; a VM that may not take the task is drawn anew.
   * @defaultValue 'move-or-swap'
   */
  readonly mutation?: 'move' | 'swap' | 'move-or-swap' | Mutation
  /** Number of genes changed in a child on average, >= 0: the textbook's rate per gene times n. @defaultValue 0.5 */
  readonly mutationsPerChild?: number
  /**
   * Share of the children in which the critical VM is relieved, in [0, 1]: up to m times, or until none of eight sampled
   * changes leaves both VMs below the makespan. 0 makes it a textbook genetic algorithm. `geneticAlgorithm` relieves
   * nothing at a time weight of 0.
   * @defaultValue 1
   */
  readonly reliefRate?: number
}

/** Options of `geneticAlgorithm` and `nsga2`, every default filled in. */
export type EvolutionDefaults = Readonly<Required<Omit<EvolutionOptions, keyof SolveOptions | 'initial'>>>

export const evolutionDefaults: EvolutionDefaults = Object.freeze({
  populationSize: 100,
  generations: 500,
  seeding: 'heuristics',
  crossover: 'uniform',
  crossoverRate: 0.2,
  mutation: 'move-or-swap',
  mutationsPerChild: 0.5,
  reliefRate: 1,
})

export const evolutionEntries: OptionEntries = {
  populationSize: integerIn(4, 1_000_000),
  generations: integerIn(1),
  seeding: oneOf('none', 'heuristics'),
  initial: satisfying<readonly Assignment[]>(
    (x) => Array.isArray(x) && x.every(Array.isArray),
    'a list of assignments, each a list of VM indices',
  ),
  crossover: nameOrFunction(Object.keys(crossovers)),
  crossoverRate: numberIn(0, 1),
  mutation: nameOrFunction(Object.keys(mutations)),
  mutationsPerChild: numberIn(0),
  reliefRate: numberIn(0, 1),
}

/** An option that is one of the names, or a function of the user's own. */
export function nameOrFunction(names: readonly string[]): ReturnType<typeof satisfying> {
  const rule = `one of ${names.map((name) => `'${name}'`).join(', ')}, or a function`
  return satisfying((x) => typeof x === 'function' || names.includes(x as string), rule)
}

/** A run with a limit on time or evaluations goes on until that is used up. */
export function endlessUnderBudget<D extends EvolutionDefaults>(
  defaults: D,
  options: SolveOptions,
): Omit<D, 'generations'> & { readonly generations?: number } {
  const { generations, ...endless } = defaults
  return hasBudget(options) ? endless : { ...endless, generations }
}
