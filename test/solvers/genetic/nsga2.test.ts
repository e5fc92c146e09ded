import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lpt } from '../../../src/constructive/lpt.ts'
import { createProblem, type Problem } from '../../../src/model/problem.ts'
import { evaluate, evaluateUnchecked } from '../../../src/objective/evaluate.ts'
import { dominates, hypervolume, type ParetoPoint, paretoFront } from '../../../src/objective/pareto.ts'
import { type Nsga2Options, nsga2, nsga2Async, nsga2Defaults } from '../../../src/solvers/genetic/nsga2.ts'
import { paperInstance } from '../../../src/workload/paper-instance.ts'
import { caught } from '../../caught.ts'
import { forEachAssignment, uniformProblems, unrelatedProblems } from '../../small-problems.ts'
import { goldenProblem } from './golden-problem.ts'

const twenty = createProblem(paperInstance({ taskCount: 20, seed: 1 }))

/** The true front, by looking at every assignment. */
function frontOfAll(problem: Problem): ParetoPoint[] {
  const points: ParetoPoint[] = []
  forEachAssignment(problem, (assignment) => {
    const { timeSeconds, cost } = evaluateUnchecked(problem, assignment, 1)
    points.push({ timeSeconds, cost: cost! })
  })
  return paretoFront(points)
}

describe('nsga2', () => {
  // Six tasks on three VMs that are the faster the dearer: 3^6 = 729 schedules.
  const six = createProblem({
    tasks: { lengthMi: [9, 7, 6, 4, 3, 2] },
    vms: { speedMips: [1, 2, 4], pricePerSecond: [1, 2.5, 7] },
  })

  test.each<[string, Nsga2Options]>([
    ['seeded', {}],
    ['from a random start', { seeding: 'none' }],
    ['as a textbook has it', { seeding: 'none', reliefRate: 0, mutation: 'move' }],
  ])('finds the whole front of a small problem, %s', (_, options) => {
    const truth = frontOfAll(six)
    const { front } = nsga2(six, { ...options, generations: 150, seed: 1 })
    expect(front.map(({ timeSeconds }) => timeSeconds)).toHaveLength(truth.length)
    front.forEach((point, k) => {
      expect(point.timeSeconds).toBeCloseTo(truth[k]!.timeSeconds, 9)
      expect(point.cost).toBeCloseTo(truth[k]!.cost, 9)
    })
  })

  test('returns points of real schedules, none beyond the true front and none that another one dominates', () => {
    const problems = fc.oneof(uniformProblems({ tasks: 5, vms: 3 }), unrelatedProblems({ tasks: 5, vms: 3 }))
    fc.assert(
      fc.property(problems, fc.integer(), (problem, seed) => {
        const truth = frontOfAll(problem)
        const { front } = nsga2(problem, { seed, populationSize: 8, generations: 5 })
        front.forEach((point, k) => {
          const { timeSeconds, cost } = evaluate(problem, point.assignment)
          expect([point.timeSeconds, point.cost]).toEqual([timeSeconds, cost])
          if (k > 0) expect(point.timeSeconds).toBeGreaterThan(front[k - 1]!.timeSeconds)
          expect(front.some((other) => dominates(other, point))).toBe(false)
          expect(
            truth.some(
              ({ timeSeconds: t, cost: c }) => t <= point.timeSeconds * (1 + 1e-9) && c <= point.cost * (1 + 1e-9),
            ),
          ).toBe(true)
        })
        // Seeded with it, the cheap end is the true one.
        expect(front.at(-1)!.cost).toBeCloseTo(truth.at(-1)!.cost, 6)
      }),
      { numRuns: 60 },
    )
  })

  test('has the schedule that is best for the weight on its front', () => {
    for (const timeWeight of [0.2, 0.5, 0.8]) {
      const { front, assignment } = nsga2(twenty, { timeWeight, generations: 40 })
      expect(front.map((point) => point.assignment)).toContainEqual(assignment)
    }
  })

  test('comes closer to the front than its seeds', () => {
    const start = nsga2(twenty, { generations: 1 })
    const end = nsga2(twenty, { generations: 60 })
    expect(end.reference).toEqual(start.reference)
    expect(end.hypervolume).toBeGreaterThan(1.05 * start.hypervolume)
    expect(end.front.length).toBeGreaterThan(50)
  })

  test('measures the hypervolume from the stated reference', () => {
    const { front, hypervolume: area, reference } = nsga2(twenty, { generations: 20 })
    expect(area).toBe(hypervolume(front, reference))
    // 1.1 times the cheapest schedule's time (all tasks on the VM with the least price per MI) and LPT's cost
    const { lengthMi, speedMips, pricePerSecond } = twenty
    const perMi = Array.from(speedMips!, (speed, vm) => pricePerSecond![vm]! / speed)
    const work = lengthMi!.reduce((sum, length) => sum + length, 0)
    expect(reference.timeSeconds).toBeCloseTo((1.1 * work) / speedMips![perMi.indexOf(Math.min(...perMi))]!, 6)
    expect(reference.cost).toBeCloseTo(1.1 * lpt(twenty).evaluation.cost!, 6)
    const own = { timeSeconds: 500, cost: 1e6 }
    expect(nsga2(twenty, { generations: 20, reference: own })).toMatchObject({
      reference: own,
      hypervolume: hypervolume(front, own),
    })
  })

  test('starts from given schedules, too', () => {
    const { front } = nsga2(twenty, { generations: 40, seed: 3 })
    const initial = front.slice(0, 5).map(({ assignment }) => assignment)
    const again = nsga2(twenty, { generations: 1, seeding: 'none', initial, populationSize: 8 })
    expect(again.front[0]!.timeSeconds).toBeLessThanOrEqual(front[0]!.timeSeconds)
  })

  test('without tasks the front is the empty schedule', () => {
    const none = createProblem({ tasks: [], vms: { speedMips: [1], pricePerSecond: [1] } })
    expect(nsga2(none)).toMatchObject({
      assignment: [],
      front: [{ assignment: [], timeSeconds: 0, cost: 0 }],
      hypervolume: 0,
      reference: { timeSeconds: 0, cost: 0 },
    })
  })

  test('counts N schedules a generation', () => {
    const result = nsga2(twenty, { populationSize: 10, generations: 4 })
    expect(result).toMatchObject({ iterations: 4, evaluations: 40, status: 'completed' })
    expect(nsga2(twenty, { populationSize: 10, maxEvaluations: 7000 })).toMatchObject({
      iterations: 700,
      status: 'evaluationLimit',
    })
  })

  test('stays true over generations in which loads are summed afresh', () => {
    const { history, evaluation } = nsga2(six, { populationSize: 4, generations: 1100 })
    expect(history.at(-1)!.best).toBeCloseTo(evaluation.est!, 9)
  })

  test('comes to the same in pieces', async () => {
    const options = { populationSize: 10, generations: 10 }
    expect(await nsga2Async(twenty, options)).toEqual(nsga2(twenty, options))
  })

  test('needs prices', () => {
    const free = createProblem({ tasks: { lengthMi: [1] }, vms: { speedMips: [1] } })
    const error = caught(() => nsga2(free))
    expect(error).toMatchObject({ code: 'invalid-input', path: 'vms[].pricePerSecond' })
    expect(error.hint).toContain('geneticAlgorithm')
  })

  test('refuses broken options', () => {
    const refused = (options: object): string => caught(() => nsga2(twenty, options)).path
    expect(refused({ reference: { timeSeconds: 1 } })).toBe('options.reference')
    expect(refused({ reference: null })).toBe('options.reference')
    expect(refused({ elitism: 2 })).toBe('options.elitism')
    expect(refused({ initial: [[0]] })).toBe('options.initial[0]')
  })

  test('finds what it found before', () => {
    const { front } = nsga2(goldenProblem, { populationSize: 8, generations: 20, seed: 7 })
    expect(front.map(({ assignment }) => assignment.join(''))).toEqual([
      '321303223313133330021121223201',
      '022323303300301131110111121211',
      '020011101110121120002111112103',
      '010111101000101101110111111010',
      '020110001100121100202010012000',
      '020010001100021100002001000000',
      '000010001000020000002000000000',
      '000000000000000000000000000000',
    ])
  })

  test('its defaults cannot be changed', () => {
    expect(Object.isFrozen(nsga2Defaults)).toBe(true)
  })
})
