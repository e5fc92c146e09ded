import { describe, expect, test } from 'vitest'
import { checkAssignment } from '../../src/model/assignment.ts'
import { createProblem } from '../../src/model/problem.ts'
import { caught } from '../caught.ts'

const problem = createProblem({
  etc: [
    [1, 2],
    [1, Infinity],
    [1, 1],
  ],
})
const check = (assignment: unknown): void => checkAssignment(problem, assignment as number[])

test.each([[[0, 0, 1]], [[-1, -1, -1]], [Int32Array.of(1, 0, 0)]])('%s belongs to the problem', (assignment) => {
  expect(() => check(assignment)).not.toThrow()
})

describe('what does not belong to it', () => {
  test.each([[null], [undefined], [5], [[0, 0]], [[]], [{ 0: 0 }]])('%s is not one VM per task', (assignment) => {
    expect(caught(() => check(assignment))).toMatchObject({
      code: 'invalid-input',
      path: 'assignment',
      expected: 'a list of 3 VM indices, one per task',
    })
  })

  test('every wrong entry is found', () => {
    const error = caught(() => check([2, 1, 0.5]))
    expect(error.findings).toEqual([
      { path: 'assignment[0]', received: 2, expected: 'a VM index in [0, 1], or -1 for unplaced' },
      {
        path: 'assignment[1]',
        received: 1,
        expected: 'a VM that may take the task',
        hint: 'Refused: its time is Infinity.',
      },
      { path: 'assignment[2]', received: 0.5, expected: 'a VM index in [0, 1], or -1 for unplaced' },
    ])
  })

  test.each([[-2], [Number.NaN], [null], [undefined], ['0'], [Infinity]])('%s is no VM', (vm) => {
    expect(caught(() => check([0, 0, vm])).path).toBe('assignment[2]')
  })

  test('the path is as told', () => {
    expect(caught(() => checkAssignment(problem, [0], 'options.initial')).path).toBe('options.initial')
  })
})
