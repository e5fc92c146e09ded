import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lpt } from '../../../src/constructive/lpt.ts'
import { checkAssignment } from '../../../src/model/assignment.ts'
import { createProblem, type Problem } from '../../../src/model/problem.ts'
import { evaluateUnchecked, vmSecondsOf } from '../../../src/objective/evaluate.ts'
import { createRng } from '../../../src/random/rng.ts'
import {
  checkInitial,
  cheapestAssignment,
  fillPopulation,
  frontSeeds,
  heuristicSeeds,
} from '../../../src/solvers/genetic/first-generation.ts'
import { createGeneSpace } from '../../../src/solvers/genetic/operators/gene-space.ts'
import { createPopulation } from '../../../src/solvers/genetic/population.ts'
import { caught } from '../../caught.ts'
import { forEachAssignment, uniformProblems, unrelatedProblems } from '../../small-problems.ts'

const anyProblem = fc.oneof(uniformProblems({ tasks: 6, vms: 3 }), unrelatedProblems({ tasks: 6, vms: 3 }))

test('fillPopulation puts the seeds first and valid random schedules behind them, all measured', () => {
  fc.assert(
    fc.property(anyProblem, fc.integer(), (problem, seed) => {
      const population = createPopulation(problem, 6, (timeSeconds) => timeSeconds)
      const lptSeed = [...lpt(problem).assignment]
      fillPopulation(population, 5, [lptSeed], createGeneSpace(problem), createRng(seed))
      expect([...population.genes[0]!]).toEqual(lptSeed)
      for (let k = 0; k < 5; k++) {
        checkAssignment(problem, population.genes[k]!)
        expect([...population.vmSeconds[k]!]).toEqual([...vmSecondsOf(problem, population.genes[k]!)])
        expect(population.scores[k]).toBe(evaluateUnchecked(problem, population.genes[k]!, 1).timeSeconds)
      }
    }),
  )
})

test('fillPopulation takes no more seeds than there is room for', () => {
  const problem = createProblem({ etc: [[1, 2]] })
  const population = createPopulation(problem, 2, (timeSeconds) => timeSeconds)
  fillPopulation(population, 1, [[0], [1]], createGeneSpace(problem), createRng(1))
  expect(population.genes.map(([gene]) => gene)).toEqual([0, 0])
  expect([...population.timeSeconds]).toEqual([1, 0])
})

test('cheapestAssignment costs least of all', () => {
  fc.assert(
    fc.property(anyProblem, (problem) => {
      let least = Infinity
      forEachAssignment(problem, (assignment) => {
        least = Math.min(least, evaluateUnchecked(problem, assignment, 0).cost!)
      })
      expect(evaluateUnchecked(problem, cheapestAssignment(problem), 0).cost).toBeCloseTo(least, 6)
    }),
  )
})

describe('heuristicSeeds', () => {
  const seedsOf = (problem: Problem, timeWeight: number): number[][] =>
    heuristicSeeds(problem, timeWeight).map((seed) => [...seed])

  test('of uniform machines: k-cheapest + LPT, LPT, and the cheapest schedule where cost counts', () => {
    // Lengths 4, 3, 2 on VMs of speed 2 (price 10) and 1 (price 1). LPT: 4 to VM 0 (2 s), 3 to VM 1 (3 s against 3.5),
    // 2 to VM 0 (3 s). Cheapest: all on VM 1. At weight 0.1 the cheapest VM alone wins: 9 s x 9, against 3 s x 33. At
    // weight 1 both VMs win: 3 s, against 4.5 s on the fastest.
    const problem = createProblem({
      tasks: { lengthMi: [4, 3, 2] },
      vms: { speedMips: [2, 1], pricePerSecond: [10, 1] },
    })
    expect(seedsOf(problem, 0.1)).toEqual([
      [1, 1, 1],
      [0, 1, 0],
      [1, 1, 1],
    ])
    expect(seedsOf(problem, 1)).toEqual([
      [0, 1, 0],
      [0, 1, 0],
    ])
  })

  test('of unrelated machines: min-min, too', () => {
    // Shortest times 3, 2, 2: LPT puts task 0 on VM 0 (3 s), task 1 on VM 1 (2 s), task 2 there, too (4 s against 7).
    // Min-min begins with task 1 on VM 1 (2 s), then task 0 on VM 0 (3 s), then task 2 on VM 1 (4 s).
    const problem = createProblem({
      etc: [
        [3, 9],
        [9, 2],
        [4, 2],
      ],
    })
    expect(seedsOf(problem, 1).slice(1)).toEqual([
      [0, 1, 1],
      [0, 1, 1],
    ])
    const priced = createProblem({ etc: [[3, 9]], vms: { pricePerSecond: [1, 1] } })
    expect(seedsOf(priced, 0.5)).toEqual([[0], [0], [0], [0]])
  })
})

describe('frontSeeds', () => {
  const problem = createProblem({
    tasks: { lengthMi: [4, 3, 2] },
    vms: { speedMips: [1, 1, 1, 1, 1], pricePerSecond: [5, 4, 3, 2, 1] },
  })

  test('go from the cheapest schedule to LPT', () => {
    const seeds = frontSeeds(problem, 50).map((seed) => [...seed])
    // k = 1 to 5 of the VMs 4, 3, 2, 1, 0. On VMs 3 and 4: 4 and 3 go apart, 2 joins the 3.
    expect(seeds).toHaveLength(5)
    expect(seeds[0]).toEqual([4, 4, 4])
    expect(evaluateUnchecked(problem, seeds[1]!, 1).timeSeconds).toBe(5)
    expect(evaluateUnchecked(problem, seeds[4]!, 1).timeSeconds).toBe(4)
  })

  test('are evenly spread when there is less room', () => {
    // Room for three: k = 1, 3, 5; for two: k = 1 and 5, of which LPT uses three for three tasks
    const used = (count: number): number[] => frontSeeds(problem, count).map((seed) => new Set(seed).size)
    expect(used(3)).toEqual([1, 3, 3])
    expect(used(2)).toEqual([1, 3])
    expect([...frontSeeds(problem, 2)[0]!]).toEqual([4, 4, 4])
  })

  test('of one VM are one schedule', () => {
    const single = createProblem({ tasks: { lengthMi: [4, 3] }, vms: { speedMips: [1], pricePerSecond: [1] } })
    expect(frontSeeds(single, 50).map((seed) => [...seed])).toEqual([[0, 0]])
  })
})

describe('checkInitial', () => {
  const problem = createProblem({ tasks: { lengthMi: [1, 1] }, vms: { speedMips: [1, 1] } })

  test('accepts complete schedules', () => {
    expect(() => checkInitial(problem, [[0, 1]], 1)).not.toThrow()
  })

  test('names what is wrong', () => {
    expect(caught(() => checkInitial(problem, [[0, 1], [0]], 2)).path).toBe('options.initial[1]')
    expect(caught(() => checkInitial(problem, [[0, 2]], 2)).path).toBe('options.initial[0][1]')
    expect(caught(() => checkInitial(problem, [[0, -1]], 2))).toMatchObject({
      code: 'invalid-input',
      path: 'options.initial[0][1]',
      received: -1,
    })
  })

  test('refuses more than the population has room for', () => {
    expect(
      caught(() =>
        checkInitial(
          problem,
          [
            [0, 1],
            [1, 0],
          ],
          1,
        ),
      ),
    ).toMatchObject({
      code: 'invalid-option',
      path: 'options.initial',
      received: 2,
      expected: 'at most 1 assignments',
    })
  })
})
