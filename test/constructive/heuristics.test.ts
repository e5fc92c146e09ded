import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lptAssignment } from '../../src/constructive/lpt.ts'
import { maxMinAssignment } from '../../src/constructive/max-min.ts'
import { mctAssignment } from '../../src/constructive/mct.ts'
import { metAssignment } from '../../src/constructive/met.ts'
import { minMinAssignment } from '../../src/constructive/min-min.ts'
import { olbAssignment } from '../../src/constructive/olb.ts'
import { roundRobinAssignment } from '../../src/constructive/round-robin.ts'
import { sufferageAssignment } from '../../src/constructive/sufferage.ts'
import { createProblem, executionSeconds, isEligible, type Problem } from '../../src/model/problem.ts'
import { etcInstance } from '../rl/etc-instance.ts'
import { anyProblem, batchMode, inOrder } from './textbook.ts'

/** Seconds of three tasks on two VMs. */
const small = createProblem({
  etc: [
    [3, 5],
    [2, 7],
    [4, 4],
  ],
})

describe('three tasks on two unrelated VMs, by hand', () => {
  test.each([
    // The task's own number decides.
    ['round robin', roundRobinAssignment, [0, 1, 0]],
    // Free at (0, 0): VM 0. (3, 0): VM 1. (3, 7): VM 0.
    ['OLB', olbAssignment, [0, 1, 0]],
    // 3 < 5, 2 < 7, 4 = 4: the lower index.
    ['MET', metAssignment, [0, 0, 0]],
    // 3 < 5. 3 + 2 < 7. 5 + 4 > 4.
    ['MCT', mctAssignment, [0, 0, 1]],
    // Earliest 3, 2, 4: task 1 to VM 0 (2, 0). Then 5 = 5, 4: task 2 to VM 1 (2, 4). Then 5 < 9: task 0 to VM 0.
    ['min-min', minMinAssignment, [0, 0, 1]],
    // Earliest 3, 2, 4: task 2 to VM 0 (4, 0), a tie. Then 5, 6: task 1 to VM 0 (6, 0). Then 9 > 5: task 0 to VM 1.
    ['max-min', maxMinAssignment, [1, 0, 0]],
    // Lost 2, 5, 0: task 1 to VM 0 (2, 0). Then 5 - 5 = 0 and 6 - 4 = 2: task 2 to VM 1 (2, 4). Task 0: 5 < 9.
    ['sufferage', sufferageAssignment, [0, 0, 1]],
    // Shortest 3, 2, 4, so the order is 2, 0, 1: VM 0 by the tie, 7 > 5, 6 < 12.
    ['LPT', lptAssignment, [1, 0, 0]],
  ])('%s', (_, place, expected) => {
    expect([...place(small)]).toEqual(expected)
  })
})

/** Least seconds of a task on a VM that may take it. */
function shortest(problem: Problem, task: number): number {
  const seconds = Array.from({ length: problem.vmCount }, (_, vm) =>
    isEligible(problem, task, vm) ? executionSeconds(problem, task, vm) : Infinity,
  )
  return Math.min(...seconds)
}

function tasksOf({ taskCount }: Problem): number[] {
  return [...Array(taskCount).keys()]
}

describe('places as the textbook does', () => {
  test.each<[string, (problem: Problem) => Int32Array, (problem: Problem) => number[]]>([
    ['MCT', mctAssignment, (problem) => inOrder(problem, tasksOf(problem))],
    ['min-min', minMinAssignment, (problem) => batchMode(problem, (first) => -first)],
    ['max-min', maxMinAssignment, (problem) => batchMode(problem, (first) => first)],
    ['sufferage', sufferageAssignment, (problem) => batchMode(problem, (first, second) => second - first)],
    [
      'LPT',
      lptAssignment,
      (problem) => {
        const size = (task: number) => (problem.etc ? shortest(problem, task) : problem.lengthMi[task]!)
        return inOrder(
          problem,
          tasksOf(problem).sort((a, b) => size(b) - size(a) || a - b),
        )
      },
    ],
  ])('%s', (_, place, textbook) => {
    fc.assert(
      fc.property(anyProblem, (problem) => {
        expect([...place(problem)]).toEqual(textbook(problem))
      }),
      { numRuns: 400 },
    )
  })

  test('sufferage and min-min also with many more VMs than a block holds', () => {
    for (let seed = 0; seed < 3; seed++) {
      const problem = createProblem(etcInstance(60, 70, seed))
      expect([...minMinAssignment(problem)]).toEqual(batchMode(problem, (first) => -first))
      expect([...sufferageAssignment(problem)]).toEqual(batchMode(problem, (first, second) => second - first))
    }
  })
})

test.each([
  ['round robin', roundRobinAssignment],
  ['OLB', olbAssignment],
  ['MET', metAssignment],
])('%s keeps tasks off the VMs that may not take them', (_, place) => {
  fc.assert(
    fc.property(anyProblem, (problem) => {
      place(problem).forEach((vm, task) => expect(isEligible(problem, task, vm)).toBe(true))
    }),
  )
})

test('OLB never starts a task while another VM that may take it is free earlier', () => {
  fc.assert(
    fc.property(anyProblem, (problem) => {
      const free = new Array<number>(problem.vmCount).fill(0)
      olbAssignment(problem).forEach((vm, task) => {
        free.forEach((seconds, other) => {
          if (isEligible(problem, task, other)) expect(free[vm]).toBeLessThanOrEqual(seconds)
        })
        free[vm]! += executionSeconds(problem, task, vm)
      })
    }),
  )
})

test('MET takes the least time there is', () => {
  fc.assert(
    fc.property(anyProblem, (problem) => {
      metAssignment(problem).forEach((vm, task) => {
        expect(executionSeconds(problem, task, vm)).toBe(shortest(problem, task))
      })
    }),
  )
})
