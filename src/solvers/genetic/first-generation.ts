import { kCheapestLptAssignment, lptPlans } from '../../constructive/k-cheapest-lpt.ts'
import { lptAssignment } from '../../constructive/lpt.ts'
import { minMinAssignment } from '../../constructive/min-min.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { type Assignment, checkAssignment, unplaced } from '../../model/assignment.ts'
import type { Problem } from '../../model/problem.ts'
import type { Rng } from '../../random/rng.ts'
import { drawVm, type GeneSpace } from './operators/gene-space.ts'
import { measure, type Population, sumLoads } from './population.ts'

/**
 * Fills the first `count` places of a population: with the given schedules, as many as have room, and behind them with
 * random ones, every task on a VM drawn from all that may take it.
 */
export function fillPopulation(
  population: Population,
  count: number,
  seeds: readonly ArrayLike<number>[],
  space: GeneSpace,
  rng: Rng,
): void {
  for (let k = 0; k < count; k++) {
    const genes = population.genes[k]!
    const seed = seeds[k]
    if (seed) genes.set(seed)
    else for (let task = 0; task < genes.length; task++) genes[task] = drawVm(task, space, rng)
    sumLoads(population, k)
    measure(population, k)
  }
}

/** The constructive schedules that a search for est starts from: none of its answers is worse than any of these. */
export function heuristicSeeds(problem: Problem, timeWeight: number): Int32Array[] {
  const seeds = [kCheapestLptAssignment(problem, timeWeight), lptAssignment(problem)]
  if (problem.etc !== null) seeds.push(minMinAssignment(problem))
  if (timeWeight < 1) seeds.push(cheapestAssignment(problem))
  return seeds
}

/**
 * Schedules along the front, from the cheapest to LPT on all VMs: LPT on the k cheapest VMs, for `count` different k
 * (>= 2) if there are so many, evenly spread.
 */
export function frontSeeds(problem: Problem, count: number): Int32Array[] {
  const plans = lptPlans(problem, 0.5, problem.pricePerSecond!)
  const steps = Math.min(plans.length, count)
  const stride = steps > 1 ? (plans.length - 1) / (steps - 1) : 0
  return Array.from({ length: steps }, (_, step) => plans[Math.round(step * stride)]!.place())
}

/** Every task where it costs least: the least Cost(P) that there is. */
export function cheapestAssignment(problem: Problem): Int32Array {
  return lptPlans(problem, 0, problem.pricePerSecond!)[0]!.place()
}

/**
 * Checks schedules that come from outside; a genetic algorithm's individuals are complete.
 *
 * @param room - how many of them the population can take
 * @throws CloudschedError `invalid-input`, or `invalid-option` for too many
 */
export function checkInitial(problem: Problem, initial: readonly Assignment[], room: number): void {
  if (initial.length > Math.max(0, room)) {
    throw new CloudschedError('invalid-option', [
      {
        path: 'options.initial',
        received: initial.length,
        expected: `at most ${Math.max(0, room)} assignments`,
        hint: 'The population has no room for more beside the heuristics; a larger populationSize makes room.',
      },
    ])
  }
  initial.forEach((assignment, index) => {
    const path = `options.initial[${index}]`
    checkAssignment(problem, assignment, path)
    const task = assignment.indexOf(unplaced)
    if (task < 0) return
    throw new CloudschedError('invalid-input', [
      {
        path: `${path}[${task}]`,
        received: unplaced,
        expected: 'a VM index',
        hint: 'Genetic algorithms start from schedules that place every task.',
      },
    ])
  })
}
