import type { Problem } from '../../model/problem.ts'
import { weightedEst } from '../../objective/weighted.ts'
import type { Population } from './population.ts'

/** The best individual of all generations so far. */
export interface BestSeen {
  readonly assignment: Int32Array
  score: number
  /** est(P), equation (7); Infinity before the first generation. */
  est: number
}

export function createBestSeen(problem: Problem): BestSeen {
  return { assignment: new Int32Array(problem.taskCount), score: Infinity, est: Infinity }
}

/** Looks through the given individuals. The logarithms of est are taken only for one that is better than all before. */
export function noteBest(
  best: BestSeen,
  population: Population,
  individuals: Iterable<number>,
  timeWeight: number,
): void {
  const { scores, timeSeconds, cost, genes } = population
  for (const k of individuals) {
    if (scores[k]! >= best.score) continue
    best.score = scores[k]!
    best.est = weightedEst(timeWeight, timeSeconds[k]!, cost[k]!)
    best.assignment.set(genes[k]!)
  }
}
