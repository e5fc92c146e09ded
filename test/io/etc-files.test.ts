import { describe, expect, test } from 'vitest'
import { readBraunEtc } from '../../src/io/braun-etc.ts'
import { readRcmaxEtc } from '../../src/io/rcmax-etc.ts'
import { createProblem, executionSeconds } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

describe('readBraunEtc', () => {
  test('task after task, machine after machine', () => {
    const matrix = readBraunEtc('3 2 1\r\n1.5\r\n2\r\n3\r\n0\r\n5\r\n6.25\r\n')
    expect(matrix).toEqual({ taskCount: 3, vmCount: 2, values: Float64Array.of(1.5, 2, 3, 0, 5, 6.25) })
    const problem = createProblem({ etc: matrix })
    expect(executionSeconds(problem, 2, 1)).toBe(6.25)
  })

  test('no tasks', () => {
    expect(createProblem({ etc: readBraunEtc('0 2 0\n') })).toMatchObject({ taskCount: 0, vmCount: 2 })
  })

  test.each<[string, string, string[]]>([
    ['an empty file', '', ['line 1']],
    ['a cut-off matrix', '2 2 0\n1\n2\n3\n', ['line 5']],
    ['a number too many', '1 2 0\n1\n2\n3\n', ['line 4']],
    ['no machines', '2 0 0\n', ['line 1, number of machines']],
    ['half a task', '1.5 2 0\n1\n2\n', ['line 1, number of tasks']],
    ['broken times, all of them', '2 2 0\n1\n-2\nx\n4\n', ['line 3, time', 'line 4, time']],
    ['CSV', 'lengthMi\n1\n', ['line 1, number of tasks']],
  ])('%s is refused', (_, source, paths) => {
    const error = caught(() => readBraunEtc(source))
    expect(error.code).toBe('format')
    expect(error.findings.map(({ path }) => path)).toEqual(paths)
  })
})

describe('readRcmaxEtc', () => {
  test('pairs of machine and time, in any order of the machines', () => {
    expect(readRcmaxEtc('2 3 1\n3\n\t0\t10\t1\t20\t2\t30\n\t2\t60\t0\t40\t1\t50\n')).toEqual({
      taskCount: 2,
      vmCount: 3,
      values: Float64Array.of(10, 20, 30, 40, 50, 60),
    })
  })

  test.each<[string, string, string[]]>([
    ['an empty file', ' \n', ['line 2']],
    ['a cut-off job', '2 2 1\n2\n0 1 1 2\n0 3 1\n', ['line 5']],
    ['another number of machines', '1 2 1\n3\n0 1 1 2\n', ['line 2, number of machines']],
    ['a machine that does not exist', '1 2 1\n2\n0 1 2 2\n', ['line 3, machine']],
    ['a machine twice', '1 2 1\n2\n0 1 0 2\n', ['line 3, machine']],
    ['a time that is no number', '1 2 1\n2\n0 1 1 fast\n', ['line 3, time']],
    ['something after the end', '1 1 1\n1\n0 1\n9\n', ['line 4']],
  ])('%s is refused', (_, source, paths) => {
    const error = caught(() => readRcmaxEtc(source))
    expect(error.code).toBe('format')
    expect(error.findings.map(({ path }) => path)).toEqual(paths)
  })
})
