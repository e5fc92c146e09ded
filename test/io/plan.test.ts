import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundRobin } from '../../src/constructive/round-robin.ts'
import { plannedTasks, readPlanCsv, writePlanCsv, writePlanJson } from '../../src/io/plan.ts'
import { createProblem } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

const problem = createProblem({
  tasks: [{ id: 'render', lengthMi: 90_000 }, { id: 'mail, daily', lengthMi: 60_000 }, { lengthMi: 300 }],
  vms: [{ id: 'large', speedMips: 800 }, { speedMips: 400 }],
})

describe('a plan', () => {
  test('by names, with seconds', () => {
    expect(plannedTasks(problem, [0, 1, -1])).toEqual([
      // 90 000 / 800 and 60 000 / 400
      { task: 'render', vm: 'large', seconds: 112.5 },
      { task: 'mail, daily', vm: '1', seconds: 150 },
      { task: '2', vm: null, seconds: null },
    ])
  })

  test('as CSV', () => {
    expect(writePlanCsv(problem, [0, 1, -1])).toBe('task,vm,seconds\nrender,large,112.5\n"mail, daily",1,150\n2,,\n')
  })

  test('as JSON: the result with names in place of indices', () => {
    const result = roundRobin(problem)
    const written = JSON.parse(writePlanJson(problem, result)) as Record<string, unknown>
    expect(written['plan']).toEqual(plannedTasks(problem, result.assignment))
    expect(written).not.toHaveProperty('assignment')
    for (const key of [
      'solver',
      'status',
      'evaluation',
      'bound',
      'gap',
      'evaluations',
      'iterations',
      'seed',
      'options',
      'ignored',
      'history',
    ] as const) {
      expect(written[key]).toEqual(JSON.parse(JSON.stringify(result[key])))
    }
  })

  test('comes back from CSV, in any order of the lines', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1, max: 1 }), { minLength: 3, maxLength: 3 }),
        fc.shuffledSubarray([1, 2, 3], { minLength: 3 }),
        (assignment, order) => {
          const lines = writePlanCsv(problem, assignment).split('\n')
          const shuffled = [lines[0], ...order.map((line) => lines[line])].join('\n')
          expect(readPlanCsv(shuffled, problem)).toEqual(assignment)
        },
      ),
    )
  })

  test('of no tasks', () => {
    const empty = createProblem({ tasks: [], vms: [{ speedMips: 1 }] })
    expect(writePlanCsv(empty, [])).toBe('task,vm,seconds\n')
    expect(readPlanCsv('task,vm\n', empty)).toEqual([])
  })

  test('that belongs to another problem is not written', () => {
    expect(caught(() => writePlanCsv(problem, [0]))).toMatchObject({ code: 'invalid-input', path: 'assignment' })
    expect(caught(() => plannedTasks(problem, [0, 1, 2]))).toMatchObject({
      code: 'invalid-input',
      path: 'assignment[2]',
    })
  })

  test('with unknown, repeated and missing names is refused, all at once', () => {
    const error = caught(() => readPlanCsv('task,vm\nrender,large\nrender,1\nrendre,huge\n', problem))
    expect(error.code).toBe('format')
    expect(error.findings.map(({ path, received, expected }) => `${path} | ${String(received)} | ${expected}`)).toEqual(
      [
        'line 3, column task | render | named only once',
        'line 4, column task | rendre | a task of the problem',
        'line 4, column vm | huge | a VM of the problem, or empty',
        'column task | no line | a list of all tasks, mail, daily included',
        'column task | no line | a list of all tasks, 2 included',
      ],
    )
  })
})
