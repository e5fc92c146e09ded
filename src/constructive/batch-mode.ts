import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'

/** The two earliest finishes of a task at some moment; with one VM only, the second is Infinity. */
export interface EarliestFinishes {
  readonly task: number
  readonly first: number
  readonly second: number
}

/** Whether task a goes before task b. */
export type GoesBefore = (a: EarliestFinishes, b: EarliestFinishes) => boolean

/**
 * List scheduling in batch mode (Ibarra, Kim 1977; Maheswaran et al. 1999): of all tasks that are left, the one that
 * goes before all others is placed where it finishes first, and what that changes is computed anew. Ties go to the lower
 * task and VM.
 *
 * A placement changes the finishes on one VM alone, and there they can only grow: tasks whose two earliest finishes are
 * on other VMs keep them. O(n (n + m)) when the tasks prefer different VMs, O(n^2 m) when all prefer the same.
 */
export function placeInBatchMode(problem: Problem, goesBefore: GoesBefore): Int32Array {
  const { taskCount } = problem
  const all = allVms(problem)
  const vmSeconds = new Float64Array(problem.vmCount)
  const assignment = new Int32Array(taskCount)
  const firstVm = new Int32Array(taskCount)
  const secondVm = new Int32Array(taskCount)
  const finishes = Array.from({ length: taskCount }, (_, task) => ({ task, first: 0, second: 0 }))

  function findEarliest(task: number): void {
    let first = Infinity
    let second = Infinity
    let onFirst = -1
    let onSecond = -1
    for (const vm of eligibleVms(problem, task, all)) {
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
    firstVm[task] = onFirst
    secondVm[task] = onSecond
    finishes[task]!.first = first
    finishes[task]!.second = second
  }

  for (let task = 0; task < taskCount; task++) findEarliest(task)
  const left = [...finishes]
  while (left.length > 0) {
    let next = 0
    for (let k = 1; k < left.length; k++) if (goesBefore(left[k]!, left[next]!)) next = k
    const { task, first } = left[next]!
    const vm = firstVm[task]!
    left.splice(next, 1)
    assignment[task] = vm
    vmSeconds[vm] = first
    for (const other of left) if (firstVm[other.task] === vm || secondVm[other.task] === vm) findEarliest(other.task)
  }
  return assignment
}
