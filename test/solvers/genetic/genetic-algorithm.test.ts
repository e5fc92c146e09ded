import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { kCheapestLpt } from '../../../src/constructive/k-cheapest-lpt.ts'
import { lpt } from '../../../src/constructive/lpt.ts'
import { createProblem, isEligible } from '../../../src/model/problem.ts'
import { evaluateUnchecked } from '../../../src/objective/evaluate.ts'
import { weightedEst } from '../../../src/objective/weighted.ts'
import type { Progress } from '../../../src/run/run-options.ts'
import {
  type GeneticAlgorithmOptions,
  geneticAlgorithm,
  geneticAlgorithmDefaults,
  geneticAlgorithmSteps,
} from '../../../src/solvers/genetic/genetic-algorithm.ts'
import { paperInstance } from '../../../src/workload/paper-instance.ts'
import { caught } from '../../caught.ts'
import { forEachAssignment, uniformProblems, unrelatedProblems } from '../../small-problems.ts'
import { goldenProblem } from './golden-problem.ts'

const twenty = createProblem(paperInstance({ taskCount: 20, seed: 1 }))
const quick = { populationSize: 12, generations: 30 }

function estOf(problem: Parameters<typeof geneticAlgorithm>[0], options: GeneticAlgorithmOptions): number {
  return geneticAlgorithm(problem, options).evaluation.est!
}

describe('geneticAlgorithm', () => {
  test('is never worse than LPT and k-cheapest + LPT when it is seeded with them', () => {
    const weight = fc.constantFrom(0, 0.2, 0.5, 1)
    const problems = fc.oneof(uniformProblems({ tasks: 9, vms: 4 }), unrelatedProblems({ tasks: 9, vms: 4 }))
    fc.assert(
      fc.property(problems, weight, fc.integer(), (problem, timeWeight, seed) => {
        const { evaluation } = geneticAlgorithm(problem, { timeWeight, seed, populationSize: 4, generations: 3 })
        const found = weightedEst(timeWeight, evaluation.timeSeconds, evaluation.cost!)
        for (const heuristic of [lpt, kCheapestLpt]) {
          const { timeSeconds, cost } = heuristic(problem, { timeWeight }).evaluation
          expect(found).toBeLessThanOrEqual(weightedEst(timeWeight, timeSeconds, cost!) + 1e-9)
        }
      }),
    )
  })

  test('is never worse than a schedule it was given', () => {
    const initial = [geneticAlgorithm(twenty, { ...quick, seed: 5 }).assignment]
    const start = evaluateUnchecked(twenty, initial[0]!, 0.5).est!
    expect(estOf(twenty, { initial, seeding: 'none', populationSize: 4, generations: 2 })).toBeLessThanOrEqual(start)
  })

  test.each([0, 0.5, 1])('finds the optimum of tiny problems at a time weight of %s', (timeWeight) => {
    const problems = fc.oneof(uniformProblems({ tasks: 5, vms: 3 }), unrelatedProblems({ tasks: 5, vms: 3 }))
    fc.assert(
      fc.property(problems, (problem) => {
        let least = Infinity
        forEachAssignment(problem, (assignment) => {
          const { timeSeconds, cost } = evaluateUnchecked(problem, assignment, timeWeight)
          least = Math.min(least, weightedEst(timeWeight, timeSeconds, cost!))
        })
        const options = { timeWeight, populationSize: 30, generations: 80, mutationsPerChild: 1 }
        const { evaluation } = geneticAlgorithm(problem, options)
        expect(weightedEst(timeWeight, evaluation.timeSeconds, evaluation.cost!)).toBeCloseTo(least, 6)
      }),
      { numRuns: 25, seed: 1 },
    )
  })

  test.each<[string, GeneticAlgorithmOptions]>([
    ['one-point crossover', { crossover: 'one-point' }],
    ['two-point crossover', { crossover: 'two-point' }],
    ['moves', { mutation: 'move' }],
    ['swaps', { mutation: 'swap' }],
    ['rank selection', { selection: 'rank' }],
    ['the roulette wheel', { selection: 'roulette' }],
    ['no elite', { elitism: 0 }],
    ['no relief', { reliefRate: 0 }],
  ])('improves a random start with %s', (_, options) => {
    const start = estOf(twenty, { seeding: 'none', populationSize: 12, generations: 1 })
    const plain = { seeding: 'none', crossoverRate: 0.8, mutationsPerChild: 1 } as const
    expect(estOf(twenty, { ...quick, ...plain, ...options })).toBeLessThan(start)
  })

  test('every operator makes a difference', () => {
    const options: GeneticAlgorithmOptions[] = [
      {},
      { selection: 'rank' },
      { selection: 'roulette' },
      { crossover: 'one-point' },
      { crossover: 'two-point' },
      { mutation: 'move' },
      { mutation: 'swap' },
      { reliefRate: 0.5 },
      { elitism: 5 },
      { tournamentSize: 5 },
      { seeding: 'none' },
    ]
    const found = options.map((extra) =>
      JSON.stringify(
        geneticAlgorithm(twenty, { ...quick, crossoverRate: 0.9, mutationsPerChild: 1, ...extra }).history,
      ),
    )
    expect(new Set(found).size).toBe(options.length)
  })

  test('takes operators of the user, and repairs what they leave behind', () => {
    const bound = createProblem({
      etc: Array.from({ length: 8 }, (_, i) => [i + 1, i % 2 === 0 ? Infinity : 2 * i + 1, 9 - i]),
      vms: { pricePerSecond: [1, 2, 3] },
    })
    let crossed = 0
    let mutated = 0
    const result = geneticAlgorithm(bound, {
      ...quick,
      crossoverRate: 1,
      selection: (values, rng) => () => Math.floor(rng() * values.length),
      crossover: (child) => {
        crossed++
        child.fill(1)
      },
      mutation: (genes, _space, _rate, place) => {
        mutated++
        place(0, 1)
        place(genes.length - 1, 7)
      },
    })
    expect(crossed).toBeGreaterThan(100)
    expect(mutated).toBeGreaterThan(100)
    result.assignment.forEach((vm, task) => expect(isEligible(bound, task, vm)).toBe(true))
    expect(Object.keys(result.options)).not.toContain('crossover')
  })

  test('counts the first generation, and no individual of the elite twice', () => {
    const result = geneticAlgorithm(twenty, { populationSize: 10, elitism: 2, generations: 4, seeding: 'none' })
    expect(result.iterations).toBe(4)
    // 10 + 3 generations of 10 - 2
    expect(result.evaluations).toBe(34)
    expect(result.history.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4])
  })

  test("preset 'paper' makes 50 + 99 * 48 schedules without any help", () => {
    const result = geneticAlgorithm(twenty, { preset: 'paper' })
    expect(result.evaluations).toBe(4802)
    expect(result.options).toMatchObject({ seeding: 'none', reliefRate: 0, populationSize: 50, generations: 100 })
  })

  test("preset 'paper' comes to the gap of the comparison: 1.37 % at 20 tasks, weight 0.5", () => {
    const gaps = Array.from({ length: 20 }, (_, seed) => {
      const problem = createProblem(paperInstance({ taskCount: 20, seed }))
      return geneticAlgorithm(problem, { preset: 'paper', timeWeight: 0.5, seed }).gap!
    })
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    // The standard error of such a mean is about 0.15 %.
    expect(mean).toBeGreaterThan(0.0137 - 0.0045)
    expect(mean).toBeLessThan(0.0137 + 0.0045)
  })

  test('ends early when the schedule is proven optimal', () => {
    const even = createProblem({ tasks: { lengthMi: [4, 4] }, vms: { speedMips: [2, 2] } })
    const result = geneticAlgorithm(even)
    expect(result).toMatchObject({ status: 'optimal', gap: 0, iterations: 1 })
  })

  test('goes on while there is budget, and 500 generations without one', () => {
    expect(geneticAlgorithm(twenty, { maxEvaluations: 60_000 })).toMatchObject({
      status: 'evaluationLimit',
      iterations: 613,
    })
    expect(geneticAlgorithm(twenty, { maxEvaluations: 60_000, generations: 3 })).toMatchObject({
      status: 'completed',
      iterations: 3,
    })
    expect(geneticAlgorithm(twenty).options['generations']).toBe(500)
  })

  test('stays true over generations in which loads are summed afresh', () => {
    const result = geneticAlgorithm(twenty, { populationSize: 4, generations: 2100 })
    expect(result.history.at(-1)!.best).toBeCloseTo(result.evaluation.est!, 9)
  })

  test('finds what it found before', () => {
    const found = (options: GeneticAlgorithmOptions): string =>
      geneticAlgorithm(goldenProblem, { populationSize: 10, generations: 20, seed: 7, ...options }).assignment.join('')
    expect(found({ timeWeight: 0.5 })).toBe('133323111200333303222101222231')
    expect(found({ timeWeight: 1, crossover: 'two-point', selection: 'rank' })).toBe('321320020133233131331313102222')
    expect(found({ timeWeight: 0.3, preset: 'paper' })).toBe('223111302001021322211021223221')
    const others = { crossover: 'one-point', mutation: 'swap', selection: 'roulette' } as const
    expect(found({ timeWeight: 0.8, seeding: 'none', crossoverRate: 0.9, ...others })).toBe(
      '321213323331030200213121332231',
    )
  })

  test('refuses broken options', () => {
    const refused = (options: object): string => caught(() => geneticAlgorithm(twenty, options)).path
    expect(refused({ populationSize: 3 })).toBe('options.populationSize')
    expect(refused({ generations: 0 })).toBe('options.generations')
    expect(refused({ elitism: -1 })).toBe('options.elitism')
    expect(refused({ populationSize: 10, elitism: 10 })).toBe('options.elitism')
    expect(refused({ selection: 'fair' })).toBe('options.selection')
    expect(refused({ tournamentSize: 0 })).toBe('options.tournamentSize')
    expect(refused({ crossover: 'none' })).toBe('options.crossover')
    expect(refused({ crossoverRate: 1.1 })).toBe('options.crossoverRate')
    expect(refused({ mutation: 5 })).toBe('options.mutation')
    expect(refused({ mutationsPerChild: -0.1 })).toBe('options.mutationsPerChild')
    expect(refused({ reliefRate: 2 })).toBe('options.reliefRate')
    expect(refused({ seeding: true })).toBe('options.seeding')
    expect(refused({ initial: [0, 1] })).toBe('options.initial')
    expect(refused({ preset: 'fast' })).toBe('options.preset')
  })

  test('its defaults cannot be changed', () => {
    expect(Object.isFrozen(geneticAlgorithmDefaults.default)).toBe(true)
    expect(Object.isFrozen(geneticAlgorithmDefaults.paper)).toBe(true)
  })
})

test('geneticAlgorithmSteps yields once a generation', () => {
  const steps = geneticAlgorithmSteps(twenty, { populationSize: 4, generations: 3 })
  const told: Progress[] = []
  let step = steps.next()
  while (!step.done) {
    told.push(step.value)
    step = steps.next({ fraction: step.value.fraction, stop: null })
  }
  expect(told.map(({ iteration }) => iteration)).toEqual([1, 2, 3])
  expect(told.map(({ fraction }) => fraction)).toEqual([1 / 3, 2 / 3, 1])
})
