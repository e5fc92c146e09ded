import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'

/**
 * How urgent a task is, from its earliest finish on any VM and the earliest on any other one (Infinity where there is
 * none): the task with the largest number goes next.
 */
export type Urgency = (earliest: number, secondEarliest: number) => number

/**
 * List scheduling in batch mode (Ibarra, Kim 1977; Maheswaran et al. 1999): of all tasks that are left, the most urgent
 * is placed where it finishes first, and what that changes is computed anew. Ties go to the lower task and VM.
 *
 * A placement changes the finishes on one VM alone, and there they can only grow: tasks whose two earliest finishes are
 * on other VMs keep them. O(n (n + m)) when the tasks prefer different VMs, O(n^2 m) when all prefer the same.
 */
export function placeInBatchMode(problem: Problem, urgencyOf: Urgency): Int32Array {
  const { taskCount } = problem
  const all = allVms(problem)
  const vmSeconds = new Float64Array(problem.vmCount)
  const assignment = new Int32Array(taskCount)
  const earliest = new Float64Array(taskCount)
  const earliestVm = new Int32Array(taskCount)
  const secondVm = new Int32Array(taskCount)
  const urgency = new Float64Array(taskCount)

  function findEarliest(task: number): void {
    let first = Infinity
    let second = Infinity
    let onFirst = -1
    let onSecond = -1
    const vms = eligibleVms(problem, task, all)
    for (let k = 0; k < vms.length; k++) {
      const vm = vms[k]!
      const finish = vmSeconds[vm]! + executionSeconds(problem, task, vm)
      if (finish < first) {
        second = first
        onSecond = onFirst
        first = finish
        onFirst = vm
      } else if (finish < second) {
        second = finish
        onSecond = vm
      }
    }
    earliest[task] = first
    earliestVm[task] = onFirst
    secondVm[task] = onSecond
    urgency[task] = urgencyOf(first, second)
  }

  for (let task = 0; task < taskCount; task++) findEarliest(task)
  const left = Int32Array.from({ length: taskCount }, (_, task) => task)
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
      if (earliestVm[other] === vm || secondVm[other] === vm) findEarliest(other)
    }
  }
  return assignment
}
