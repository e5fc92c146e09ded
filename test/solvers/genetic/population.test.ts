import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, type Problem } from '../../../src/model/problem.ts'
import { costOf, longest, vmSecondsOf } from '../../../src/objective/evaluate.ts'
import { createRng } from '../../../src/random/rng.ts'
import { pickIndex } from '../../../src/random/sample.ts'
import { uniformCrossoverInto } from '../../../src/solvers/genetic/operators/crossover.ts'
import { createGeneSpace, drawVm } from '../../../src/solvers/genetic/operators/gene-space.ts'
import {
  copyIndividual,
  createPopulation,
  followNearerParent,
  measure,
  type Population,
  placeTask,
  refresh,
  sumLoads,
} from '../../../src/solvers/genetic/population.ts'
import { uniformProblems, unrelatedProblems } from '../../small-problems.ts'

const problem = createProblem({
  tasks: { lengthMi: [6, 4, 10, 2] },
  vms: { speedMips: [2, 1], pricePerSecond: [3, 1] },
})

/** A population of these genes, loads summed. */
function populationOf(genes: number[][], of: Problem = problem): Population {
  const population = createPopulation(of, genes.length, (timeSeconds, cost) => timeSeconds * cost)
  genes.forEach((own, k) => {
    population.genes[k]!.set(own)
    sumLoads(population, k)
    measure(population, k)
  })
  return population
}

test('loads, time, cost and score of each individual', () => {
  const population = populationOf([
    [0, 1, 0, 1],
    [1, 1, 1, 1],
  ])
  // (6 + 10) / 2 = 8 and 4 + 2 = 6; max 8; 3 * 8 + 6 = 30; 8 * 30. And 22 on VM 1 alone.
  expect(population.vmSeconds.map((loads) => [...loads])).toEqual([
    [8, 6],
    [0, 22],
  ])
  expect([...population.timeSeconds]).toEqual([8, 22])
  expect([...population.cost]).toEqual([30, 22])
  expect([...population.scores]).toEqual([240, 484])
})

test('without prices the cost is 0', () => {
  const population = populationOf([[0, 0]], createProblem({ etc: [[1], [2]] }))
  expect([population.timeSeconds[0], population.cost[0]]).toEqual([3, 0])
})

test('placeTask lets the loads of one individual follow', () => {
  const population = populationOf([
    [0, 1, 0, 1],
    [0, 1, 0, 1],
  ])
  placeTask(population, 1, 2, 1)
  placeTask(population, 1, 1, 1)
  expect([...population.genes[1]!]).toEqual([0, 1, 1, 1])
  expect([...population.vmSeconds[1]!]).toEqual([3, 16])
  expect([...population.genes[0]!]).toEqual([0, 1, 0, 1])
  expect([...population.vmSeconds[0]!]).toEqual([8, 6])
})

describe('followNearerParent', () => {
  /** A child of two parents whose stored loads are made recognisable: +100 on VM 0 of the first, +1000 of the second. */
  function marked(child: number[]): number[] {
    const parents = populationOf([
      [0, 0, 0, 0],
      [1, 1, 1, 0],
    ])
    parents.vmSeconds[0]![0]! += 100
    parents.vmSeconds[1]![0]! += 1000
    const children = createPopulation(problem, 1, () => 0)
    children.genes[0]!.set(child)
    followNearerParent(children, 0, parents, 0, 1)
    return [...children.vmSeconds[0]!]
  }

  test('starts from the parent with fewer differences', () => {
    // One gene from the first parent, whose loads are 11 + 100 and 0: task 1 moves, 2 s there, 4 s here
    expect(marked([0, 1, 0, 0])).toEqual([109, 4])
    // One gene from the second, 1 + 1000 and 20: task 0 moves, 6 s there, 3 s here
    expect(marked([0, 1, 1, 0])).toEqual([1004, 14])
  })

  test('starts from the first of two equally near parents', () => {
    // Two genes from the first (0 and 3), three from the second is the odd one out: [1, 0, 0, 1] is 2 and 3 away
    expect(marked([1, 0, 0, 1])).toEqual([107, 8])
  })

  test('sums from scratch when more than half of the genes differ', () => {
    const parents = populationOf([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
    parents.vmSeconds[0]![0] = 1e9
    parents.vmSeconds[1]![0] = 1e9
    const children = createPopulation(problem, 1, () => 0)
    children.genes[0]!.set([1, 1, 1, 0])
    followNearerParent(children, 0, parents, 0, 1)
    expect([...children.vmSeconds[0]!]).toEqual([1, 20])
  })
})

test('loads by differences equal loads summed from scratch, over many generations', () => {
  const problems = fc.oneof(uniformProblems({ tasks: 12, vms: 4 }), unrelatedProblems({ tasks: 12, vms: 4 }))
  fc.assert(
    fc.property(problems, fc.integer(), (any, seed) => {
      const rng = createRng(seed)
      const space = createGeneSpace(any)
      const random = () => Array.from({ length: any.taskCount }, (_, task) => drawVm(task, space, rng))
      const parents = populationOf([random(), random(), random()], any)
      for (let generation = 0; generation < 30; generation++) {
        const children = createPopulation(any, 1, () => 0)
        const [first, second] = [pickIndex(rng, 3), pickIndex(rng, 3)]
        uniformCrossoverInto(children.genes[0]!, parents.genes[first]!, parents.genes[second]!, rng)
        followNearerParent(children, 0, parents, first, second)
        const task = pickIndex(rng, any.taskCount)
        placeTask(children, 0, task, drawVm(task, space, rng))
        measure(children, 0)

        const loads = vmSecondsOf(any, children.genes[0]!)
        // Rounding is that of the largest load that came and went, whatever is left.
        const scale = Math.max(1, ...parents.timeSeconds, longest(loads))
        loads.forEach((seconds, vm) =>
          expect(Math.abs(children.vmSeconds[0]![vm]! - seconds)).toBeLessThan(1e-9 * scale),
        )
        expect(Math.abs(children.timeSeconds[0]! - longest(loads))).toBeLessThan(1e-9 * scale)
        expect(children.cost[0]).toBeCloseTo(costOf(loads, any.pricePerSecond!), -3)
        const heir = pickIndex(rng, 3)
        copyIndividual(parents, heir, children, 0)
        measure(parents, heir)
      }
    }),
    { numRuns: 60 },
  )
})

test('refresh sums what has drifted', () => {
  const population = populationOf([[0, 1, 0, 1]])
  population.vmSeconds[0]![1]! += 1e-9
  refresh(population)
  expect([...population.vmSeconds[0]!]).toEqual([8, 6])
  expect(population.scores[0]).toBe(240)
})
