import { executionSeconds, type Problem } from '../../model/problem.ts'
import type { Score } from './score.ts'

/**
 * Many complete assignments and what they cost, as a structure of arrays: the genes of all individuals in one array,
 * their loads in another. Bytes: size (4 taskCount + 8 vmCount + 24) + 8 taskCount.
 */
export interface Population {
  readonly problem: Problem
  readonly size: number
  /** The part of the gene array that is individual k: the VM of each task. */
  readonly genes: readonly Int32Array[]
  /** The part of the load array that is individual k: the running time of each VM in seconds, equation (3). */
  readonly vmSeconds: readonly Float64Array[]
  /** Time(P) of each individual, equation (4). */
  readonly timeSeconds: Float64Array
  /** Cost(P) of each individual, equation (5); 0 without prices. */
  readonly cost: Float64Array
  /** What `score` makes of time and cost, smaller is better. */
  readonly scores: Float64Array
  readonly score: Score
  /** Room for the genes in which a child differs from its two parents. */
  readonly differing: readonly [Int32Array, Int32Array]
}

export function createPopulation(problem: Problem, size: number, score: Score): Population {
  const { taskCount, vmCount } = problem
  const genes = new Int32Array(size * taskCount)
  const loads = new Float64Array(size * vmCount)
  return {
    problem,
    size,
    genes: Array.from({ length: size }, (_, k) => genes.subarray(k * taskCount, (k + 1) * taskCount)),
    vmSeconds: Array.from({ length: size }, (_, k) => loads.subarray(k * vmCount, (k + 1) * vmCount)),
    timeSeconds: new Float64Array(size),
    cost: new Float64Array(size),
    scores: new Float64Array(size),
    score,
    // One entry more than there are genes: the list is written ahead of its end.
    differing: [new Int32Array(taskCount + 1), new Int32Array(taskCount + 1)],
  }
}

/** Sums the loads of an individual from its genes alone: n divisions and additions. */
export function sumLoads({ problem, genes, vmSeconds }: Population, k: number): void {
  const own = genes[k]!
  const loads = vmSeconds[k]!
  loads.fill(0)
  for (let task = 0; task < own.length; task++) loads[own[task]!]! += executionSeconds(problem, task, own[task]!)
}

/** Makes an individual the same as a parent, loads included. */
export function copyIndividual(child: Population, k: number, parents: Population, parent: number): void {
  child.genes[k]!.set(parents.genes[parent]!)
  child.vmSeconds[k]!.set(parents.vmSeconds[parent]!)
}

/**
 * Lets the loads of a child, whose genes are written, follow from those of its nearer parent by the genes that differ.
 * A differing gene is two changes of a load, so above half of the genes the loads are summed from scratch.
 */
export function followNearerParent(
  child: Population,
  k: number,
  parents: Population,
  first: number,
  second: number,
): void {
  const { problem } = child
  const own = child.genes[k]!
  const genesA = parents.genes[first]!
  const genesB = parents.genes[second]!
  const [listA, listB] = child.differing
  let countA = 0
  let countB = 0
  for (let task = 0; task < own.length; task++) {
    const vm = own[task]!
    const a = vm ^ genesA[task]!
    const b = vm ^ genesB[task]!
    // Without a branch, which half of the genes would mispredict: an entry stays only when the count goes up, and the
    // sign of x | -x is set for every x but 0.
    listA[countA] = task
    listB[countB] = task
    countA += (a | -a) >>> 31
    countB += (b | -b) >>> 31
  }
  const isFirstNearer = countA <= countB
  const count = isFirstNearer ? countA : countB
  if (2 * count > own.length) {
    sumLoads(child, k)
    return
  }
  const nearer = isFirstNearer ? first : second
  const from = parents.genes[nearer]!
  const differing = isFirstNearer ? listA : listB
  const loads = child.vmSeconds[k]!
  loads.set(parents.vmSeconds[nearer]!)
  for (let entry = 0; entry < count; entry++) {
    const task = differing[entry]!
    const old = from[task]!
    const vm = own[task]!
    loads[old]! -= executionSeconds(problem, task, old)
    loads[vm]! += executionSeconds(problem, task, vm)
  }
}

/** Moves one task of an individual; the loads follow. */
export function placeTask({ problem, genes, vmSeconds }: Population, k: number, task: number, vm: number): void {
  const own = genes[k]!
  const loads = vmSeconds[k]!
  const from = own[task]!
  if (from === vm) return
  loads[from]! -= executionSeconds(problem, task, from)
  loads[vm]! += executionSeconds(problem, task, vm)
  own[task] = vm
}

/** Reads time, cost and score of an individual off its loads. */
export function measure(population: Population, k: number): void {
  const { problem, timeSeconds, cost, scores, score } = population
  const loads = population.vmSeconds[k]!
  const price = problem.pricePerSecond
  let longest = 0
  let sum = 0
  for (let vm = 0; vm < loads.length; vm++) {
    const seconds = loads[vm]!
    if (seconds > longest) longest = seconds
    if (price !== null) sum += price[vm]! * seconds
  }
  timeSeconds[k] = longest
  cost[k] = sum
  scores[k] = score(longest, sum)
}

/** Loads that follow from loads gather rounding; after so many generations all are summed afresh. */
export const generationsPerRefresh = 1024

/** Sums all loads afresh. */
export function refresh(population: Population): void {
  for (let k = 0; k < population.size; k++) {
    sumLoads(population, k)
    measure(population, k)
  }
}
