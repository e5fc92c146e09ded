import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createProblem, type Problem } from '../../src/model/problem.ts'
import { lowerBound } from '../../src/objective/bounds.ts'
import { evaluateUnchecked } from '../../src/objective/evaluate.ts'
import { caught } from '../caught.ts'
import { forEachAssignment, unrelatedProblems } from '../small-problems.ts'

const uniform = createProblem({ tasks: { lengthMi: [4, 8] }, vms: { speedMips: [1, 2], pricePerSecond: [1, 9] } })

test('uniform machines have the closed form', () => {
  // As in uniform-bound.test.ts: at 0.5 the one cheap VM, 12 s for 12; alone the time is 4 s and the cost 12.
  const { est, ...others } = lowerBound(uniform)
  expect(others).toEqual({ timeSeconds: 4, cost: 12, method: 'closed-form' })
  expect(est).toBeCloseTo(Math.log(12), 12)
})

test('unrelated machines, and uniform ones that refuse a task, have the dual bound', () => {
  expect(lowerBound(createProblem({ etc: [[1, 2]] })).method).toBe('dual')
  const picky = createProblem({
    tasks: [{ lengthMi: 1, cores: 2 }],
    vms: [{ speedMips: 1, cores: 2 }, { speedMips: 1 }],
  })
  expect(lowerBound(picky).method).toBe('dual')
})

test('is computed once for a problem and a weight', () => {
  expect(lowerBound(uniform, { timeWeight: 0.5 })).toBe(lowerBound(uniform))
  expect(lowerBound(uniform, { timeWeight: 0.4 })).not.toBe(lowerBound(uniform))
})

describe('what is not defined is null', () => {
  test('the cost without prices', () => {
    expect(lowerBound(createProblem({ tasks: [{ lengthMi: 6 }], vms: [{ speedMips: 2 }] }))).toEqual({
      est: expect.closeTo(Math.log(3), 12),
      timeSeconds: 3,
      cost: null,
      method: 'closed-form',
    })
  })

  test('est without tasks', () => {
    const none = createProblem({ tasks: [], vms: [{ speedMips: 2, pricePerSecond: 1 }] })
    expect(lowerBound(none)).toEqual({ est: null, timeSeconds: 0, cost: 0, method: 'closed-form' })
  })

  test('est where a schedule may be free, unless only time counts', () => {
    const free = createProblem({
      tasks: [{ lengthMi: 6 }],
      vms: [
        { speedMips: 2, pricePerSecond: 0 },
        { speedMips: 3, pricePerSecond: 1 },
      ],
    })
    expect(lowerBound(free)).toMatchObject({ est: null, cost: 0, timeSeconds: 2 })
    expect(lowerBound(free, { timeWeight: 1 }).est).toBeCloseTo(Math.log(2), 12)
  })

  test('est where all may be done in no time', () => {
    const nothing = createProblem({ etc: [[0, 5]], vms: [{ pricePerSecond: 1 }, { pricePerSecond: 1 }] })
    for (const timeWeight of [0, 0.5, 1]) expect(lowerBound(nothing, { timeWeight }).est).toBeNull()
  })
})

test('checks its options', () => {
  expect(caught(() => lowerBound(uniform, { timeWeight: 2 })).path).toBe('options.timeWeight')
  expect(caught(() => lowerBound(uniform, { weight: 1 } as object)).path).toBe('options.weight')
  expect(caught(() => lowerBound(createProblem({ etc: [[1]] }), { timeWeight: 0 })).path).toBe('options.timeWeight')
})

test.each([0, 0.1, 0.3, 0.5, 0.9, 1])(
  'no assignment of unrelated machines is below it, at a weight of %s',
  (timeWeight) => {
    fc.assert(
      fc.property(unrelatedProblems({ tasks: 5, vms: 3 }), (problem) => {
        const bound = lowerBound(problem, { timeWeight })
        forEachAssignment(problem, (assignment) => {
          const { est, timeSeconds, cost } = evaluateUnchecked(problem, assignment, timeWeight)
          if (bound.timeSeconds > timeSeconds * (1 + 1e-12))
            expect.unreachable(`time ${timeSeconds} < ${bound.timeSeconds}`)
          if (bound.cost! > cost! * (1 + 1e-12)) expect.unreachable(`cost ${cost} < ${bound.cost}`)
          if (est !== null && bound.est !== null && bound.est > est + 1e-9)
            expect.unreachable(`est ${est} < ${bound.est}`)
          // Where a schedule's est is not defined, none may be promised for all of them.
          if (est === null && bound.est !== null) expect.unreachable('a bound on what is not defined')
        })
      }),
      { numRuns: 60 },
    )
  },
)

test('the input of a problem is none', () => {
  const input = { tasks: [{ lengthMi: 1 }], vms: [{ speedMips: 1 }] } as unknown as Problem
  expect(caught(() => lowerBound(input))).toMatchObject({ code: 'invalid-input', path: 'problem' })
})
