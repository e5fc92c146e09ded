import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'

/** Places the tasks in the given order, each on the VM that finishes it first; ties go to the lower index. */
export function earliestFinishInOrder(problem: Problem, order: Int32Array): Int32Array {
  const all = allVms(problem)
  if (problem.etc === null && problem.eligibility === null) return earliestFinishOnUniform(problem, order, all)
  return earliestFinish(problem, order, (task) => eligibleVms(problem, task, all))
}

/**
 * Places the tasks in the given order, each on the VM of `vmsOf(task)` that finishes it first; ties go to the lower
 * index. O(n m).
 */
export function earliestFinish(problem: Problem, order: Int32Array, vmsOf: (task: number) => Int32Array): Int32Array {
  const assignment = new Int32Array(problem.taskCount)
  const vmSeconds = new Float64Array(problem.vmCount)
  for (let i = 0; i < order.length; i++) {
    const task = order[i]!
    const vms = vmsOf(task)
    let chosen = -1
    let earliest = Infinity
    for (let k = 0; k < vms.length; k++) {
      const vm = vms[k]!
      const finish = vmSeconds[vm]! + executionSeconds(problem, task, vm)
      if (finish < earliest) {
        earliest = finish
        chosen = vm
      }
    }
    vmSeconds[chosen] = earliest
    assignment[task] = chosen
  }
  return assignment
}

/** Tasks between two rebuilds of the heap: long enough to pay for it, short enough for tight bounds. */
const tasksPerBlock = 512

/**
 * `earliestFinish` for uniform machines on which every task may go to each of `vms`: the same placement without looking
 * at all VMs.
 *
 * A heap holds the VMs by the finish of a task as short as the shortest of the next 512: no VM below a node finishes any
 * of these tasks earlier than the node's key. With the tasks sorted by length the keys are nearly the finishes, and a task
 * costs O(log m); in random order about as many VMs are looked at as have a key below the earliest finish.
 */
export function earliestFinishOnUniform(
  problem: Problem & { readonly etc: null },
  order: Int32Array,
  vms: Int32Array,
): Int32Array {
  const { lengthMi, speedMips, taskCount, vmCount } = problem
  const assignment = new Int32Array(taskCount)
  const vmSeconds = new Float64Array(vmCount)
  const key = new Float64Array(vmCount)
  const heap = vms.toSorted()
  const size = heap.length
  const stack = new Int32Array(size + 1)

  function siftDown(from: number): void {
    const vm = heap[from]!
    let at = from
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && key[heap[child + 1]!]! < key[heap[child]!]!) child++
      if (key[heap[child]!]! >= key[vm]!) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = vm
  }

  for (let start = 0; start < order.length; start += tasksPerBlock) {
    const end = Math.min(order.length, start + tasksPerBlock)
    let shortest = Infinity
    for (let i = start; i < end; i++) shortest = Math.min(shortest, lengthMi[order[i]!]!)
    for (let k = 0; k < size; k++) key[heap[k]!] = vmSeconds[heap[k]!]! + shortest / speedMips[heap[k]!]!
    for (let k = (size >> 1) - 1; k >= 0; k--) siftDown(k)

    for (let i = start; i < end; i++) {
      const task = order[i]!
      const length = lengthMi[task]!
      let earliest = Infinity
      let chosen = -1
      let place = 0
      let depth = 0
      stack[depth++] = 0
      while (depth > 0) {
        const at = stack[--depth]!
        const vm = heap[at]!
        if (key[vm]! > earliest) continue
        const finish = vmSeconds[vm]! + length / speedMips[vm]!
        if (finish < earliest || (finish === earliest && vm < chosen)) {
          earliest = finish
          chosen = vm
          place = at
        }
        if (2 * at + 2 < size) stack[depth++] = 2 * at + 2
        if (2 * at + 1 < size) stack[depth++] = 2 * at + 1
      }
      vmSeconds[chosen] = earliest
      key[chosen] = earliest + shortest / speedMips[chosen]!
      siftDown(place)
      assignment[task] = chosen
    }
  }
  return assignment
}
