import { lptAssignment } from '../../constructive/lpt.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { checkOptions, type OptionEntries, satisfying } from '../../errors/read-options.ts'
import type { Assignment } from '../../model/assignment.ts'
import type { Problem } from '../../model/problem.ts'
import type { SolveResult, SolveSteps } from '../../model/solver.ts'
import { costOf, longest, vmSecondsOf } from '../../objective/evaluate.ts'
import { hypervolume, type ParetoPoint, paretoFront } from '../../objective/pareto.ts'
import { startRun } from '../../objective/solve-run.ts'
import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import { createHistory } from '../../run/history.ts'
import type { StopReason } from '../../run/run-options.ts'
import { createBestSeen, noteBest } from './best-seen.ts'
import { createBreeding } from './breeding.ts'
import { crowdingDistances } from './crowding-distance.ts'
import {
  type EvolutionDefaults,
  type EvolutionOptions,
  endlessUnderBudget,
  evolutionDefaults,
  evolutionEntries,
} from './evolution-options.ts'
import { cheapestAssignment, checkInitial, fillPopulation, frontSeeds } from './first-generation.ts'
import { nonDominatedRanks } from './non-dominated-ranks.ts'
import { createGeneSpace } from './operators/gene-space.ts'
import type { Draw } from './operators/selection.ts'
import { createPopulation, generationsPerRefresh, refresh } from './population.ts'
import { createScore } from './score.ts'
import { survivorsFirst } from './survivors.ts'

/** Options of `nsga2`; `timeWeight` only picks the schedule that stands as `assignment` in the result. */
export interface Nsga2Options extends EvolutionOptions {
  /** Share of the children that have two parents, in [0, 1]; the others start as copies of one. @defaultValue 0.9 */
  readonly crossoverRate?: number
  /** Number of genes changed in a child on average, >= 0. @defaultValue 1 */
  readonly mutationsPerChild?: number
  /** Share of the children in which the critical VM is relieved, in [0, 1]. @defaultValue 0.5 */
  readonly reliefRate?: number
  /**
   * The corner that the hypervolume is measured from: schedules that are slower or dearer count nothing.
   * @defaultValue 1.1 x the time of the cheapest schedule and 1.1 x the cost of LPT
   */
  readonly reference?: ParetoPoint
}

/** A schedule that no other one found is better than in both time and cost. */
export interface FrontPoint extends ParetoPoint {
  readonly assignment: Assignment
}

/** What `nsga2` returns: a result for the weight, and the front. */
export interface Nsga2Result extends SolveResult {
  /** By rising time and falling cost. */
  readonly front: readonly FrontPoint[]
  /** Area between the front and `reference`, in seconds x money; larger is better. */
  readonly hypervolume: number
  readonly reference: ParetoPoint
}

/** Default options of `nsga2`. */
export const nsga2Defaults: EvolutionDefaults = Object.freeze({
  ...evolutionDefaults,
  crossoverRate: 0.9,
  mutationsPerChild: 1,
  reliefRate: 0.5,
})

const entries: OptionEntries = {
  ...evolutionEntries,
  reference: satisfying<ParetoPoint>(isPoint, 'a point of finite timeSeconds and cost'),
}

/**
 * NSGA-II (Deb, Pratap, Agarwal, Meyarivan 2002) for the front of time and cost: fast non-dominated sort (section
 * III-A), crowding distance (III-B), main loop (III-C), whose last front is
 * pruned point by point.
 *
 * Individuals are complete assignments, and every operator keeps tasks on VMs that may take them, so no constraint is
 * left to handle. Crossover, mutation and relief are those of `geneticAlgorithm`, and loads follow by differences.
 *
 * @throws CloudschedError `invalid-option`; `invalid-input` for a problem without prices or a wrong `initial`
 * @example
 * const { front } = nsga2(problem, { generations: 100, seed: 1 })
 */
export function nsga2(problem: Problem, options: Nsga2Options = {}): Nsga2Result {
  return drive(nsga2Steps(problem, options), options)
}

/** `nsga2` in pieces that leave room for timers and signals. */
export function nsga2Async(problem: Problem, options: Nsga2Options = {}): Promise<Nsga2Result> {
  return driveAsync(nsga2Steps(problem, options), options)
}

/** `nsga2`, a generation at a time. */
export function* nsga2Steps(problem: Problem, options: Nsga2Options = {}): SolveSteps<Nsga2Result> {
  checkOptions(options)
  const run = startRun('nsga2', problem, options, endlessUnderBudget(nsga2Defaults, options), entries)
  requirePrices(problem)
  const { populationSize, generations = Infinity, seeding, initial = [] } = run.options
  const heuristics = seeding === 'heuristics' ? frontSeeds(problem, Math.ceil(populationSize / 2)) : []
  checkInitial(problem, initial, populationSize - heuristics.length)

  const { timeWeight } = run
  const space = createGeneSpace(problem)
  const rng = run.rng('breed')
  const breed = createBreeding(space, run.options, rng)
  // Parents and children are places of one population of 2N; which of them is which changes with each generation.
  const population = createPopulation(problem, 2 * populationSize, createScore(timeWeight))
  const { timeSeconds, cost } = population
  fillPopulation(population, populationSize, [...heuristics, ...initial], space, run.rng('first generation'))
  let parents: Int32Array = Int32Array.from({ length: populationSize }, (_, k) => k)
  let children: Int32Array = parents.map((k) => populationSize + k)
  let ranks = nonDominatedRanks(timeSeconds.subarray(0, populationSize), cost.subarray(0, populationSize))
  let distances = crowdingDistances(timeSeconds, cost, ranks)

  const best = createBestSeen(problem)
  noteBest(best, population, parents, timeWeight)
  const history = createHistory()
  let evaluations = populationSize
  let generation = 1
  let stop: StopReason | null = null
  while (problem.taskCount > 0) {
    history.record({ iteration: generation, evaluations, best: best.est })
    ;({ stop } = yield run.progress(generation / generations, best.est, generation, evaluations))
    if (stop !== null || generation >= generations) break

    const draw = crowdedTournament(parents, ranks, distances, rng)
    for (const k of children) breed(population, k, population, draw)
    generation++
    evaluations += populationSize
    if (generation % generationsPerRefresh === 0) refresh(population)
    noteBest(best, population, children, timeWeight)

    ranks = nonDominatedRanks(timeSeconds, cost)
    distances = crowdingDistances(timeSeconds, cost, ranks)
    const order = survivorsFirst(timeSeconds, cost, ranks, populationSize)
    parents = order.subarray(0, populationSize)
    children = order.subarray(populationSize)
  }

  const front = paretoFront(
    [best.assignment, ...Array.from(parents, (k) => population.genes[k]!)].map((genes) => pointOf(problem, genes)),
  )
  const reference = run.options.reference ?? defaultReference(problem)
  const result = run.finish({
    assignment: best.assignment,
    stop: generation < generations ? stop : null,
    history: history.points(),
    evaluations,
    iterations: generation,
  })
  return { ...result, front, hypervolume: hypervolume(front, reference), reference }
}

function requirePrices(problem: Problem): void {
  if (problem.pricePerSecond !== null) return
  throw new CloudschedError('invalid-input', [
    {
      path: 'vms[].pricePerSecond',
      received: null,
      expected: 'given for a front of time and cost',
      hint: 'Give every VM a price; for time alone there is `geneticAlgorithm`.',
    },
  ])
}

function isPoint(value: unknown): boolean {
  const { timeSeconds, cost } = (value ?? {}) as Partial<ParetoPoint>
  return Number.isFinite(timeSeconds) && Number.isFinite(cost)
}

/** Section III-B: the better of two drawn individuals by rank, and within a front by the larger crowding distance. */
function crowdedTournament(parents: Int32Array, ranks: Int32Array, distances: Float64Array, rng: Rng): Draw {
  return () => {
    const a = parents[pickIndex(rng, parents.length)]!
    const b = parents[pickIndex(rng, parents.length)]!
    if (ranks[a] !== ranks[b]) return ranks[a]! < ranks[b]! ? a : b
    return distances[b]! > distances[a]! ? b : a
  }
}

/** Time and cost from the genes alone, so that they are those of `evaluate` to the last bit. */
function pointOf(problem: Problem, genes: Int32Array): FrontPoint {
  const vmSeconds = vmSecondsOf(problem, genes)
  return {
    assignment: Array.from(genes),
    timeSeconds: longest(vmSeconds),
    cost: costOf(vmSeconds, problem.pricePerSecond!),
  }
}

/** A little beyond both ends of the front, so that the ends count, too. */
function defaultReference(problem: Problem): ParetoPoint {
  return {
    timeSeconds: 1.1 * pointOf(problem, cheapestAssignment(problem)).timeSeconds,
    cost: 1.1 * pointOf(problem, lptAssignment(problem)).cost,
  }
}
