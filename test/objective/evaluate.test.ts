import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, executionSeconds, type Problem } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { caught } from '../caught.ts'
import { uniformProblems, unrelatedProblems } from '../small-problems.ts'

const problem = createProblem({
  tasks: [{ lengthMi: 90_000 }, { lengthMi: 60_000 }, { lengthMi: 30_000 }],
  vms: [
    { speedMips: 800, pricePerSecond: 0.02 },
    { speedMips: 400, pricePerSecond: 0.007 },
  ],
})

describe('equations (1)-(8) by hand', () => {
  test('time, cost, load and est', () => {
    // (2) ect = 90000/800 = 112.5; 60000/400 = 150; 30000/400 = 75
    // (3) vmt = 112.5, 150 + 75 = 225     (4) Time = 225
    // (5) Cost = 0.02 * 112.5 + 0.007 * 225 = 2.25 + 1.575 = 3.825
    // (7) est = 0.5 ln 225 + 0.5 ln 3.825     (8) Load = 112.5 / 225 = 0.5
    const { est, cost, ...others } = evaluate(problem, [0, 1, 1])
    expect(others).toEqual({ timeSeconds: 225, load: 0.5, vmSeconds: [112.5, 225], unplacedCount: 0, reasons: {} })
    expect(cost).toBeCloseTo(3.825, 12)
    expect(est).toBeCloseTo(0.5 * Math.log(225) + 0.5 * Math.log(3.825), 12)
  })

  test('est at a weight of 0.2, 1 and 0', () => {
    const est = (timeWeight: number): number | null => evaluate(problem, [0, 1, 1], { timeWeight }).est
    expect(est(0.2)).toBeCloseTo(0.2 * Math.log(225) + 0.8 * Math.log(3.825), 12)
    expect(est(1)).toBeCloseTo(Math.log(225), 12)
    expect(est(0)).toBeCloseTo(Math.log(3.825), 12)
  })

  test('a VM without work makes the load 0', () => {
    // All on VM 0: (90 + 60 + 30)/0.8 = 225 s
    expect(evaluate(problem, [0, 0, 0])).toMatchObject({ timeSeconds: 225, load: 0, vmSeconds: [225, 0] })
  })

  test('unplaced tasks take no time and cost nothing, and are counted', () => {
    expect(evaluate(problem, [-1, 1, -1])).toMatchObject({
      timeSeconds: 150,
      cost: 1.05,
      load: 0,
      unplacedCount: 2,
      vmSeconds: [0, 150],
    })
  })

  test('typed arrays are assignments, too', () => {
    expect(evaluate(problem, Int32Array.of(0, 1, 1))).toEqual(evaluate(problem, [0, 1, 1]))
  })
})

describe('what is not defined is null, with its reason', () => {
  test('no tasks', () => {
    const none = createProblem({ tasks: [], vms: [{ speedMips: 1, pricePerSecond: 1 }] })
    expect(evaluate(none, [])).toEqual({
      timeSeconds: 0,
      cost: 0,
      load: null,
      est: null,
      vmSeconds: [0],
      unplacedCount: 0,
      reasons: { load: 'no VM runs for any time', est: 'time is 0, and its logarithm is not defined' },
    })
  })

  test('no task is placed', () => {
    expect(evaluate(problem, [-1, -1, -1])).toMatchObject({ timeSeconds: 0, load: null, est: null, unplacedCount: 3 })
  })

  test('no prices: no cost, and est is the logarithm of time', () => {
    const evaluation = evaluate(createProblem({ etc: [[2, 4]] }), [1])
    expect(evaluation).toMatchObject({ cost: null, timeSeconds: 4, reasons: { cost: 'the problem has no prices' } })
    expect(evaluation.est).toBeCloseTo(Math.log(4), 15)
  })

  test('a free schedule: est is defined by time alone', () => {
    const free = createProblem({
      tasks: [{ lengthMi: 8 }],
      vms: [
        { speedMips: 1, pricePerSecond: 0 },
        { speedMips: 1, pricePerSecond: 3 },
      ],
    })
    expect(evaluate(free, [0])).toMatchObject({
      cost: 0,
      est: null,
      reasons: { est: 'cost is 0, and its logarithm is not defined' },
    })
    expect(evaluate(free, [0], { timeWeight: 1 }).est).toBeCloseTo(Math.log(8), 15)
    expect(evaluate(free, [1]).est).toBeCloseTo(0.5 * Math.log(8) + 0.5 * Math.log(24), 12)
  })

  test('tasks of no time: neither time nor cost', () => {
    const nothing = createProblem({ etc: [[0], [0]], vms: [{ pricePerSecond: 1 }] })
    expect(evaluate(nothing, [0, 0])).toMatchObject({ timeSeconds: 0, cost: 0, load: null, est: null })
    expect(evaluate(nothing, [0, 0], { timeWeight: 0 }).reasons.est).toBe('cost is 0, and its logarithm is not defined')
  })
})

describe('bad input', () => {
  test('an assignment that is none', () => {
    expect(caught(() => evaluate(problem, [0, 1]))).toMatchObject({ code: 'invalid-input', path: 'assignment' })
    expect(caught(() => evaluate(problem, [0, 1, 2]))).toMatchObject({ path: 'assignment[2]' })
  })

  test.each([[-0.1], [1.1], [Number.NaN], ['0.5'], [null]])('a weight of %s', (timeWeight) => {
    expect(caught(() => evaluate(problem, [0, 0, 0], { timeWeight: timeWeight as number }))).toMatchObject({
      code: 'invalid-option',
      path: 'options.timeWeight',
      received: timeWeight,
    })
  })

  test('an option that does not exist', () => {
    const options = { omega: 0.5 } as object
    expect(caught(() => evaluate(problem, [0, 0, 0], options))).toMatchObject({
      code: 'invalid-option',
      path: 'options.omega',
    })
  })

  test('a weight below 1 without prices', () => {
    const priceless = createProblem({ etc: [[1]] })
    expect(caught(() => evaluate(priceless, [0], { timeWeight: 0.5 }))).toMatchObject({
      code: 'invalid-option',
      expected: '1 in a problem without prices',
      hint: 'Give every VM a pricePerSecond to weigh cost against time.',
    })
  })
})

test('is what the equations say, for any assignment', () => {
  const problems = fc.oneof(uniformProblems({ tasks: 8, vms: 4 }), unrelatedProblems({ tasks: 8, vms: 4 }))
  const weight = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(problems, weight, fc.infiniteStream(fc.nat()), (p, timeWeight, picks) => {
      const assignment = Array.from({ length: p.taskCount }, (_, i) => {
        const vms = p.eligibility
          ? p.eligibility.classes[p.eligibility.classOf[i]!]!.vms
          : Int32Array.from({ length: p.vmCount }, (_unused, j) => j)
        const pick = picks.next().value % (vms.length + 1)
        return pick === vms.length ? -1 : vms[pick]!
      })
      const tasks = assignment.map((vm, task) => ({ vm, task })).filter(({ vm }) => vm >= 0)
      const vmSeconds = Array.from({ length: p.vmCount }, (_, j) =>
        tasks.filter(({ vm }) => vm === j).reduce((sum, { task }) => sum + executionSeconds(p, task, j), 0),
      )
      const time = Math.max(...vmSeconds)
      const cost = vmSeconds.reduce((sum, seconds, j) => sum + seconds * p.pricePerSecond![j]!, 0)
      const evaluation = evaluate(p, assignment, { timeWeight })
      expect(evaluation.vmSeconds).toEqual(vmSeconds)
      expect(evaluation.timeSeconds).toBe(time)
      expect(evaluation.cost).toBe(cost)
      expect(evaluation.load).toBe(time === 0 ? null : Math.min(...vmSeconds) / time)
      expect(evaluation.unplacedCount).toBe(p.taskCount - tasks.length)
      if (time === 0 || (cost === 0 && timeWeight < 1)) return
      const est = timeWeight * Math.log(time) + (timeWeight < 1 ? (1 - timeWeight) * Math.log(cost) : 0)
      expect(Math.abs(evaluation.est! - est)).toBeLessThanOrEqual(
        1e-14 * (1 + Math.abs(Math.log(time)) + Math.abs(Math.log(cost))),
      )
    }),
  )
})

test.each([[{ tasks: [{ lengthMi: 1 }], vms: [{ speedMips: 1 }] }], [null], [undefined], ['plan']])(
  '%s is no problem',
  (input) => {
    expect(caught(() => evaluate(input as unknown as Problem, [0]))).toMatchObject({
      code: 'invalid-input',
      path: 'problem',
      expected: 'a problem made by createProblem',
    })
  },
)
