import { executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinishInOrder } from './earliest-finish.ts'
import { createEarliestFinishes } from './earliest-finishes.ts'
import { asGiven, shortestFirst } from './task-order.ts'

/**
 * Of all tasks left, the one that can finish first goes first, to the VM where it does; ties go to the lower task, then
 * VM. On uniform machines that take every task this is the shortest task left, whatever the loads are,
 * O(n (log n + log m)).
 */
export function minMinAssignment(problem: Problem): Int32Array {
  const isUniform = problem.etc === null && problem.eligibility === null
  return isUniform ? earliestFinishInOrder(problem, shortestFirst(problem)) : minMinByHeap(problem)
}

/**
 * Min-min (Ibarra, Kim 1977): short tasks first.
 *
 * @example
 * minMin(problem).evaluation.timeSeconds
 */
export function minMin(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('min-min', minMinAssignment, problem, options)
}

/** A heap gives the task of the least finish that was known; it is placed if that still holds, else computed anew. */
function minMinByHeap(problem: Problem): Int32Array {
  const { vmSeconds, earliest, earliestVm, compute } = createEarliestFinishes(problem)
  const assignment = new Int32Array(problem.taskCount)
  const heap = asGiven(problem)
  let size = heap.length
  const isBefore = (a: number, b: number) => earliest[a]! < earliest[b]! || (earliest[a] === earliest[b] && a < b)

  function siftDown(from: number): void {
    const task = heap[from]!
    let at = from
    for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && isBefore(heap[child + 1]!, heap[child]!)) child++
      if (!isBefore(heap[child]!, task)) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = task
  }

  for (let at = (size >> 1) - 1; at >= 0; at--) siftDown(at)
  while (size > 0) {
    const task = heap[0]!
    const vm = earliestVm[task]!
    if (vmSeconds[vm]! + executionSeconds(problem, task, vm) > earliest[task]!) compute(task)
    else {
      assignment[task] = vm
      vmSeconds[vm] = earliest[task]!
      heap[0] = heap[--size]!
    }
    siftDown(0)
  }
  return assignment
}
