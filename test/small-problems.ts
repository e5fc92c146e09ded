import fc from 'fast-check'
import { allVms, createProblem, eligibleVms, type Problem } from '../src/model/problem.ts'

/** Calls back for every complete assignment that the problem allows; the array is one and the same. */
export function forEachAssignment(problem: Problem, visit: (assignment: Int32Array) => void): void {
  const assignment = new Int32Array(problem.taskCount)
  const all = allVms(problem)
  const place = (task: number): void => {
    if (task === problem.taskCount) {
      visit(assignment)
      return
    }
    for (const vm of eligibleVms(problem, task, all)) {
      assignment[task] = vm
      place(task + 1)
    }
  }
  place(0)
}

/** Amounts of work, speeds, times and prices. */
const length = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.double({ min: 0.001, max: 1e6, noNaN: true }))

function pairOf(size: { tasks: number; vms: number }): fc.Arbitrary<[number, number]> {
  return fc.tuple(fc.integer({ min: 1, max: size.tasks }), fc.integer({ min: 1, max: size.vms }))
}

function listOf<T>(entry: fc.Arbitrary<T>, count: number): fc.Arbitrary<T[]> {
  return fc.array(entry, { minLength: count, maxLength: count })
}

/** Uniform machines with prices > 0; whole numbers make ties likely. */
export function uniformProblems(size: { tasks: number; vms: number }): fc.Arbitrary<Problem> {
  return pairOf(size)
    .chain(([tasks, vms]) =>
      fc.record({
        lengthMi: listOf(length, tasks),
        speedMips: listOf(length, vms),
        pricePerSecond: listOf(length, vms),
      }),
    )
    .map(({ lengthMi, speedMips, pricePerSecond }) =>
      createProblem({ tasks: { lengthMi }, vms: { speedMips, pricePerSecond } }),
    )
}

/** Unrelated machines with prices > 0; some pairs are forbidden, some times are 0. */
export function unrelatedProblems(size: { tasks: number; vms: number }): fc.Arbitrary<Problem> {
  const seconds = fc.oneof(
    { weight: 8, arbitrary: length },
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constant(Infinity) },
  )
  return pairOf(size)
    .chain(([tasks, vms]) =>
      fc.record({
        etc: listOf(listOf(seconds, vms), tasks),
        own: listOf(fc.nat(vms - 1), tasks),
        pricePerSecond: listOf(length, vms),
      }),
    )
    .map(({ etc, own, pricePerSecond }) => {
      // One VM of each task is never forbidden.
      const rows = etc.map((row, i) => row.map((time, j) => (j === own[i] && time === Infinity ? 1 : time)))
      return createProblem({ etc: rows, vms: { pricePerSecond } })
    })
}
