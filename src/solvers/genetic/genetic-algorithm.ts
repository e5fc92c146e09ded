import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { checkOptions, integerIn, oneOf, type OptionEntries } from '../../errors/read-options.ts'
import type { Problem } from '../../model/problem.ts'
import type { SolveResult, SolveSteps } from '../../model/solver.ts'
import { startRun } from '../../objective/solve-run.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import { createHistory } from '../../run/history.ts'
import type { StopReason } from '../../run/run-options.ts'
import { createBestSeen, noteBest } from './best-seen.ts'
import { createBreeding } from './breeding.ts'
import {
  type EvolutionDefaults,
  type EvolutionOptions,
  endlessUnderBudget,
  evolutionDefaults,
  evolutionEntries,
  nameOrFunction,
} from './evolution-options.ts'
import { checkInitial, fillPopulation, heuristicSeeds } from './first-generation.ts'
import { createGeneSpace } from './operators/gene-space.ts'
import { rankSelection, rouletteSelection, type Selection, tournamentSelection } from './operators/selection.ts'
import {
  copyIndividual,
  createPopulation,
  generationsPerRefresh,
  measure,
  type Population,
  refresh,
} from './population.ts'
import { createScore } from './score.ts'

/** Options of `geneticAlgorithm`. */
export interface GeneticAlgorithmOptions extends EvolutionOptions {
  /**
   * 'paper' is the plain algorithm that the WHAQL paper is compared with: 50 x 100 schedules from a random start.
   * @defaultValue 'default'
   */
  readonly preset?: 'default' | 'paper'
  /** Number of best individuals that go unchanged into the next generation, in [0, populationSize). @defaultValue 2 */
  readonly elitism?: number
  /** How parents are drawn; a function of yours gets a value per individual, smaller is better. @defaultValue 'tournament' */
  readonly selection?: 'tournament' | 'rank' | 'roulette' | Selection
  /** Number of individuals in a tournament, >= 1. @defaultValue 3 */
  readonly tournamentSize?: number
}

/** Options of `geneticAlgorithm`, every default filled in. */
export type GeneticAlgorithmDefaults = EvolutionDefaults &
  Readonly<Required<Pick<GeneticAlgorithmOptions, 'elitism' | 'selection' | 'tournamentSize'>>>

const standard: GeneticAlgorithmDefaults = Object.freeze({
  ...evolutionDefaults,
  elitism: 2,
  selection: 'tournament',
  tournamentSize: 3,
})

const paper: GeneticAlgorithmDefaults = Object.freeze({
  ...standard,
  populationSize: 50,
  generations: 100,
  seeding: 'none',
  crossoverRate: 0.8,
  mutation: 'move',
  mutationsPerChild: 1,
  reliefRate: 0,
  tournamentSize: 2,
})

/** Default options of each preset. */
export const geneticAlgorithmDefaults: {
  readonly default: GeneticAlgorithmDefaults
  readonly paper: GeneticAlgorithmDefaults
} = Object.freeze({
  default: standard,
  paper,
})

const entries: OptionEntries = {
  ...evolutionEntries,
  preset: oneOf('default', 'paper'),
  elitism: integerIn(0, 1_000_000),
  selection: nameOrFunction(['tournament', 'rank', 'roulette']),
  tournamentSize: integerIn(1, 1_000_000),
}

/** Linear ranking as Baker (1985) has it gives the best individual this many children. */
const rankPressure = 1.5

/**
 * Genetic algorithm with elitism over assignments (a gene is the VM of a task), minimising est, equation (7).
 *
 * A generation is the elite and children of drawn parents by crossover, mutation and relief of the critical VM. With
 * `reliefRate: 0` and `seeding: 'none'` it is a textbook genetic algorithm, as the preset 'paper' is. Children are
 * evaluated by differences: their loads follow from those of the nearer parent by the genes in which they differ, which
 * makes a generation of 1000 tasks on 50 VMs 2.2 times as fast.
 *
 * @throws CloudschedError `invalid-option`; `invalid-input` for a wrong `initial`
 * @example
 * const result = geneticAlgorithm(problem, { timeWeight: 0.5, generations: 200, seed: 1 })
 */
export function geneticAlgorithm(problem: Problem, options: GeneticAlgorithmOptions = {}): SolveResult {
  return drive(geneticAlgorithmSteps(problem, options), options)
}

/** `geneticAlgorithm` in pieces that leave room for timers and signals. */
export function geneticAlgorithmAsync(problem: Problem, options: GeneticAlgorithmOptions = {}): Promise<SolveResult> {
  return driveAsync(geneticAlgorithmSteps(problem, options), options)
}

/** `geneticAlgorithm`, a generation at a time. */
export function* geneticAlgorithmSteps(problem: Problem, options: GeneticAlgorithmOptions = {}): SolveSteps {
  checkOptions(options)
  const defaults = options.preset === 'paper' ? paper : endlessUnderBudget(standard, options)
  const run = startRun('genetic-algorithm', problem, options, defaults, entries)
  const { populationSize, elitism, generations = Infinity, seeding, initial = [] } = run.options
  checkElitism(elitism, populationSize)
  const heuristics = seeding === 'heuristics' ? heuristicSeeds(problem, run.timeWeight) : []
  checkInitial(problem, initial, populationSize - heuristics.length)

  const { timeWeight } = run
  const space = createGeneSpace(problem)
  const rng = run.rng('breed')
  const score = createScore(timeWeight)
  const select = selectionOf(run.options.selection, run.options.tournamentSize)
  // Relief is for the makespan: where time has no weight it would only make schedules dearer.
  const reliefRate = timeWeight === 0 ? 0 : run.options.reliefRate
  const breed = createBreeding(space, { ...run.options, reliefRate }, rng)
  let parents = createPopulation(problem, populationSize, score)
  let children = createPopulation(problem, populationSize, score)
  fillPopulation(parents, populationSize, [...heuristics, ...initial], space, run.rng('first generation'))

  const best = createBestSeen(problem)
  const history = createHistory()
  let evaluations = populationSize
  let generation = 1
  let stop: StopReason | null = null
  while (problem.taskCount > 0) {
    noteBest(best, parents, smallest(parents.scores, 1), timeWeight)
    history.record({ iteration: generation, evaluations, best: best.est })
    ;({ stop } = yield run.progress(generation / generations, best.est, generation, evaluations))
    const isOptimal = run.bound !== null && best.est - run.bound <= 1e-12
    if (stop !== null || generation >= generations || isOptimal) break

    keepElite(children, parents, elitism)
    const draw = select(parents.scores, rng)
    for (let k = elitism; k < populationSize; k++) breed(children, k, parents, draw)
    ;[parents, children] = [children, parents]
    generation++
    evaluations += populationSize - elitism
    if (generation % generationsPerRefresh === 0) refresh(parents)
  }

  return run.finish({
    assignment: best.assignment,
    stop: generation < generations ? stop : null,
    history: history.points(),
    evaluations,
    iterations: generation,
  })
}

function checkElitism(elitism: number, populationSize: number): void {
  if (elitism < populationSize) return
  throw new CloudschedError('invalid-option', [
    { path: 'options.elitism', received: elitism, expected: `below populationSize (${populationSize})` },
  ])
}

function selectionOf(selection: GeneticAlgorithmDefaults['selection'], tournamentSize: number): Selection {
  if (typeof selection === 'function') return selection
  if (selection === 'rank') return rankSelection(rankPressure)
  return selection === 'roulette' ? rouletteSelection : tournamentSelection(tournamentSize)
}

/** Puts the best `count` parents into the first places of the next generation, best first. */
function keepElite(children: Population, parents: Population, count: number): void {
  const elite = smallest(parents.scores, count)
  for (let k = 0; k < count; k++) {
    copyIndividual(children, k, parents, elite[k]!)
    measure(children, k)
  }
}

/** The indices of the `count` smallest values in rising order; of equal values the first. O(1) for most entries. */
function smallest(values: Float64Array, count: number): Int32Array {
  const found = new Int32Array(count)
  for (let k = 0, length = 0; k < values.length; k++) {
    let at = length < count ? length++ : count
    while (at > 0 && values[k]! < values[found[at - 1]!]!) {
      if (at < count) found[at] = found[at - 1]!
      at--
    }
    if (at < count) found[at] = k
  }
  return found
}
