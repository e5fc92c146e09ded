import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, isEligible, type Problem } from '../../../src/model/problem.ts'
import { costOf, longest, vmSecondsOf } from '../../../src/objective/evaluate.ts'
import { createRng } from '../../../src/random/rng.ts'
import { pickIndex } from '../../../src/random/sample.ts'
import { createBreeding, type Operators } from '../../../src/solvers/genetic/breeding.ts'
import { fillPopulation } from '../../../src/solvers/genetic/first-generation.ts'
import { createGeneSpace } from '../../../src/solvers/genetic/operators/gene-space.ts'
import { createPopulation, type Population } from '../../../src/solvers/genetic/population.ts'
import { paperInstance } from '../../../src/workload/paper-instance.ts'
import { uniformProblems, unrelatedProblems } from '../../small-problems.ts'

const all: Operators = {
  crossover: 'uniform',
  crossoverRate: 0.5,
  mutation: 'move-or-swap',
  mutationsPerChild: 1,
  reliefRate: 0.5,
}
const none: Operators = { ...all, crossoverRate: 0, mutationsPerChild: 0, reliefRate: 0 }

/** Random parents, and children of theirs. */
function bred(
  problem: Problem,
  operators: Operators,
  seed: number,
  size = 8,
): { parents: Population; children: Population } {
  const rng = createRng(seed)
  const space = createGeneSpace(problem)
  const parents = createPopulation(problem, size, (timeSeconds) => timeSeconds)
  const children = createPopulation(problem, size, (timeSeconds) => timeSeconds)
  fillPopulation(parents, size, [], space, rng)
  const breed = createBreeding(space, operators, rng)
  for (let k = 0; k < size; k++) breed(children, k, parents, () => pickIndex(rng, size))
  return { parents, children }
}

const anyProblem = fc.oneof(uniformProblems({ tasks: 12, vms: 4 }), unrelatedProblems({ tasks: 12, vms: 4 }))
const anyOperators = fc.record({
  crossover: fc.constantFrom('one-point', 'two-point', 'uniform'),
  crossoverRate: fc.constantFrom(0, 0.5, 1),
  mutation: fc.constantFrom('move', 'swap', 'move-or-swap'),
  mutationsPerChild: fc.constantFrom(0, 1, 20),
  reliefRate: fc.constantFrom(0, 0.5, 1),
})

describe('createBreeding', () => {
  test('makes valid children, whose figures are those of their genes, and leaves the parents alone', () => {
    fc.assert(
      fc.property(anyProblem, anyOperators, fc.integer(), (problem, operators, seed) => {
        const { parents, children } = bred(problem, operators, seed)
        for (const population of [parents, children]) {
          population.genes.forEach((genes, k) => {
            genes.forEach((vm, task) => expect(isEligible(problem, task, vm)).toBe(true))
            const loads = vmSecondsOf(problem, genes)
            const scale = Math.max(1, ...parents.timeSeconds)
            loads.forEach((seconds, vm) =>
              expect(Math.abs(population.vmSeconds[k]![vm]! - seconds)).toBeLessThan(1e-9 * scale),
            )
            expect(Math.abs(population.timeSeconds[k]! - longest(loads))).toBeLessThan(1e-9 * scale)
            const cost = costOf(loads, problem.pricePerSecond!)
            expect(Math.abs(population.cost[k]! - cost)).toBeLessThan(1e-9 * Math.max(1, ...parents.cost))
          })
        }
        expect(parents.genes.map((genes) => [...genes])).toEqual(
          bred(problem, none, seed).parents.genes.map((genes) => [...genes]),
        )
      }),
      { numRuns: 200 },
    )
  })

  test('without operators a child is a copy of one parent', () => {
    const { parents, children } = bred(createProblem(paperInstance({ taskCount: 9, seed: 1 })), none, 3)
    const known = parents.genes.map((genes) => genes.join())
    for (const genes of children.genes) expect(known).toContain(genes.join())
  })

  test.each(['one-point', 'two-point', 'uniform'] as const)(
    'by %s crossover alone a child has the genes of two parents',
    (crossover) => {
      const { parents, children } = bred(
        createProblem(paperInstance({ taskCount: 30, seed: 1 })),
        { ...none, crossover, crossoverRate: 1 },
        3,
      )
      for (const child of children.genes) {
        const comesOfTwo = parents.genes.some((a) =>
          parents.genes.some((b) => child.every((gene, task) => gene === a[task] || gene === b[task])),
        )
        expect(comesOfTwo).toBe(true)
      }
      const known = new Set(parents.genes.map((genes) => genes.join()))
      expect(children.genes.some((genes) => !known.has(genes.join()))).toBe(true)
    },
  )

  test('changes as many genes as it is told, on average', () => {
    const problem = createProblem(paperInstance({ taskCount: 40, vmCount: 20, seed: 1 }))
    const { parents, children } = bred(problem, { ...none, mutation: 'move', mutationsPerChild: 3 }, 5, 400)
    const least = children.genes.map((genes) =>
      Math.min(...parents.genes.map((parent) => genes.filter((gene, task) => gene !== parent[task]).length)),
    )
    // A move draws the same VM again once in 20 times: 3 * 0.95 = 2.85; standard error sqrt(2.65 / 400) = 0.08
    expect(Math.abs(least.reduce((sum, count) => sum + count, 0) / 400 - 2.85)).toBeLessThan(0.32)
  })

  test('by relief alone no child is longer than its parent, and some are shorter', () => {
    const problem = createProblem(paperInstance({ taskCount: 30, seed: 1 }))
    const { parents, children } = bred(problem, { ...none, reliefRate: 1 }, 3, 50)
    const mean = ({ timeSeconds }: Population): number => timeSeconds.reduce((sum, time) => sum + time, 0) / 50
    expect(Math.max(...children.timeSeconds)).toBeLessThanOrEqual(Math.max(...parents.timeSeconds))
    expect(mean(children)).toBeLessThan(0.9 * mean(parents))
  })
})
