import { describe, expect, test } from 'vitest'
import { readProblemJson, writeProblemJson } from '../../src/io/problem-json.ts'
import { createProblem, type ProblemInput } from '../../src/model/problem.ts'
import { cloudInstance } from '../../src/workload/cloud-instance.ts'
import { rangeBasedEtc } from '../../src/workload/range-based-etc.ts'
import { caught } from '../caught.ts'

function roundTrip(input: ProblemInput): ProblemInput {
  return readProblemJson(writeProblemJson(input))
}

describe('what is written comes back', () => {
  test('rows of tasks and VMs', () => {
    const instance = cloudInstance({ taskCount: 20, vmCount: 4, seed: 1 })
    expect(roundTrip(instance)).toEqual(instance)
  })

  test('Infinity where it has a meaning', () => {
    const input: ProblemInput = {
      tasks: [{ deadlineSeconds: Infinity }, { deadlineSeconds: 5 }],
      vms: [{ bandwidthMbps: Infinity }, {}],
      etc: [
        [1, Infinity],
        [0, 2.5],
      ],
    }
    expect(roundTrip(input)).toEqual(input)
  })

  test('columns, as plain lists', () => {
    const tasks = { lengthMi: Float64Array.of(1, 2), deadlineSeconds: Float64Array.of(3, Infinity), ids: ['a', 'b'] }
    expect(roundTrip({ tasks, vms: { speedMips: [1] } })).toEqual({
      tasks: { lengthMi: [1, 2], deadlineSeconds: [3, Infinity], ids: ['a', 'b'] },
      vms: { speedMips: [1] },
    })
  })

  test('a matrix in one piece, to the same problem', () => {
    const instance = rangeBasedEtc({ taskCount: 6, vmCount: 3, seed: 1, priceExponent: 1.5 })
    expect(createProblem(roundTrip(instance))).toEqual(createProblem(instance))
    const noTasks = { etc: { values: [], vmCount: 3 } }
    expect(roundTrip(noTasks)).toEqual(noTasks)
  })

  test('one line per task, VM and row', () => {
    expect(writeProblemJson({ tasks: [{ lengthMi: 1 }, { lengthMi: 2 }], vms: [{ speedMips: 1 }] })).toBe(
      '{\n  "tasks": [\n    {"lengthMi":1},\n    {"lengthMi":2}\n  ],\n  "vms": [\n    {"speedMips":1}\n  ]\n}\n',
    )
    expect(
      writeProblemJson({
        etc: [
          [1, 2],
          [3, 4],
        ],
        vms: [],
      }),
    ).toBe('{\n  "vms": [],\n  "etc": [\n    [1,2],\n    [3,4]\n  ]\n}\n')
  })
})

test('what has a wrong shape goes on to createProblem, which says so', () => {
  expect(
    caught(() => createProblem(readProblemJson('{ "tasks": 3, "vms": [null], "machines": [] }'))).findings.map(
      ({ path }) => path,
    ),
  ).toEqual(expect.arrayContaining(['machines', 'tasks', 'vms[0]']))
  expect(caught(() => createProblem(readProblemJson('{ "etc": 3 }'))).path).toBe('etc')
  expect(
    caught(() => createProblem(readProblemJson('{ "tasks": [{ "lengthMi": null }], "vms": [{ "speedMips": 1 }] }'))),
  ).toMatchObject({ path: 'tasks[0].lengthMi', received: null })
})

test.each<[string, string, string]>([
  ['an empty text', '', 'text'],
  ['a text that is cut off', '{ "tasks": [', 'text'],
  ['CSV', 'lengthMi\n1\n', 'text'],
  ['a list', '[]', 'problem'],
  ['null', 'null', 'problem'],
  ['a binary file', '{}\0', 'line 1'],
])('%s is refused', (_, source, path) => {
  expect(caught(() => readProblemJson(source))).toMatchObject({ code: 'format', path })
})

test.each<[string, ProblemInput]>([
  ['NaN', { tasks: [{ lengthMi: Number.NaN }], vms: [] }],
  ['Infinity where it has no meaning', { tasks: [{ lengthMi: Infinity }], vms: [] }],
  ['NaN in a matrix', { etc: [[Number.NaN]] }],
  ['NaN in a column', { tasks: { lengthMi: Float64Array.of(Number.NaN) }, vms: [] }],
  ['NaN in a deadline', { tasks: [{ deadlineSeconds: Number.NaN }], vms: [] }],
])('%s is not written', (_, input) => {
  expect(caught(() => writeProblemJson(input))).toMatchObject({ code: 'invalid-input' })
})
