import type { Problem } from '../model/problem.ts'
import { createEarliestFinishes } from './earliest-finishes.ts'
import { asGiven } from './task-order.ts'

/**
 * How urgent a task is, from its earliest finish on any VM and the earliest on any other one (Infinity where there is
 * none): the task with the largest number goes next.
 */
export type Urgency = (earliest: number, secondEarliest: number) => number

/**
 * List scheduling in batch mode (Ibarra, Kim 1977; Maheswaran et al. 1999): of all tasks that are left, the most urgent
 * is placed where it finishes first, and what that changes is computed anew. Ties go to the lower task and VM.
 *
 * A placement changes the finishes on one VM, upwards: tasks whose two earliest finishes are on other VMs keep them.
 * O(n (n + m)) when the tasks prefer different VMs, O(n^2 m) at the worst when all prefer the same.
 */
export function placeInBatchMode(problem: Problem, urgencyOf: Urgency): Int32Array {
  const { taskCount } = problem
  const { vmSeconds, earliest, earliestVm, second, secondVm, compute } = createEarliestFinishes(problem)
  const urgency = Float64Array.from(earliest, (finish, task) => urgencyOf(finish, second[task]!))
  const assignment = new Int32Array(taskCount)
  const left = asGiven(problem)
  for (let count = taskCount; count > 0; count--) {
    let next = 0
    for (let k = 1; k < count; k++) if (urgency[left[k]!]! > urgency[left[next]!]!) next = k
    const task = left[next]!
    const vm = earliestVm[task]!
    left.copyWithin(next, next + 1, count)
    assignment[task] = vm
    vmSeconds[vm] = earliest[task]!
    for (let k = 0; k < count - 1; k++) {
      const other = left[k]!
      if (earliestVm[other] !== vm && secondVm[other] !== vm) continue
      compute(other)
      urgency[other] = urgencyOf(earliest[other]!, second[other]!)
    }
  }
  return assignment
}
