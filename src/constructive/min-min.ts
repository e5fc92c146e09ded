import { executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinishInOrder } from './earliest-finish.ts'
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

/**
 * Finishes only grow, so an old one is a bound on today's. A heap gives the task with the least known finish; it is
 * placed if that still holds, else its finish is computed anew. There, in the same way, only those of about sqrt(m)
 * blocks of VMs are looked at whose old least finish is below the new one. The memory is 8 n sqrt(m) bytes.
 */
function minMinByHeap(problem: Problem): Int32Array {
  const { taskCount, vmCount, eligibility } = problem
  const width = Math.ceil(Math.sqrt(vmCount))
  const blockCount = Math.ceil(vmCount / width)
  const vmSeconds = new Float64Array(vmCount)
  const assignment = new Int32Array(taskCount)
  const finish = new Float64Array(taskCount)
  const finishVm = new Int32Array(taskCount)
  const blockFinish = new Float64Array(taskCount * blockCount)
  const blockVm = new Int32Array(blockCount)
  const isNew = new Uint8Array(blockCount)

  function lookAtBlock(task: number, block: number): void {
    const allowed = eligibility && eligibility.classes[eligibility.classOf[task]!]!.allowed
    const end = Math.min(vmCount, (block + 1) * width)
    let least = Infinity
    for (let vm = block * width; vm < end; vm++) {
      if (allowed && allowed[vm] === 0) continue
      const candidate = vmSeconds[vm]! + executionSeconds(problem, task, vm)
      if (candidate >= least) continue
      least = candidate
      blockVm[block] = vm
    }
    blockFinish[task * blockCount + block] = least
    isNew[block] = 1
  }

  function computeFinish(task: number): void {
    const from = task * blockCount
    isNew.fill(0)
    for (;;) {
      let block = 0
      for (let b = 1; b < blockCount; b++) if (blockFinish[from + b]! < blockFinish[from + block]!) block = b
      if (isNew[block] === 1) {
        finish[task] = blockFinish[from + block]!
        finishVm[task] = blockVm[block]!
        return
      }
      lookAtBlock(task, block)
    }
  }

  const heap = asGiven(problem)
  let size = taskCount
  const isBefore = (a: number, b: number) => finish[a]! < finish[b]! || (finish[a] === finish[b] && a < b)
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

  for (let task = 0; task < taskCount; task++) computeFinish(task)
  for (let at = (size >> 1) - 1; at >= 0; at--) siftDown(at)
  while (size > 0) {
    const task = heap[0]!
    const vm = finishVm[task]!
    if (vmSeconds[vm]! + executionSeconds(problem, task, vm) > finish[task]!) computeFinish(task)
    else {
      assignment[task] = vm
      vmSeconds[vm] = finish[task]!
      heap[0] = heap[--size]!
    }
    siftDown(0)
  }
  return assignment
}
