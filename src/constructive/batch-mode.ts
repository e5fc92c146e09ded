import { executionSeconds, type Problem } from '../model/problem.ts'
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
 * The VMs stand in about sqrt(m) blocks, and each task keeps the two earliest finishes of each block. A placement
 * changes the finishes on one VM, upwards: a task looks at that VM's block again only where the VM was one of the two,
 * and then at the blocks. O(n^2 sqrt(m)) at the worst, O(n (n + m)) when the tasks prefer different VMs; the memory is
 * 24 n sqrt(m) bytes.
 */
export function placeInBatchMode(problem: Problem, urgencyOf: Urgency): Int32Array {
  const { taskCount, vmCount, eligibility } = problem
  const width = Math.ceil(Math.sqrt(vmCount))
  const blockCount = Math.ceil(vmCount / width)
  const vmSeconds = new Float64Array(vmCount)
  const assignment = new Int32Array(taskCount)
  // Of each task and block: the earliest finish, the second one, and their VMs.
  const first = new Float64Array(taskCount * blockCount)
  const second = new Float64Array(taskCount * blockCount)
  const firstVm = new Int32Array(taskCount * blockCount)
  const secondVm = new Int32Array(taskCount * blockCount)
  // Of each task.
  const earliest = new Float64Array(taskCount)
  const earliestVm = new Int32Array(taskCount)
  const urgency = new Float64Array(taskCount)

  function lookAtBlock(task: number, block: number): void {
    const allowed = eligibility && eligibility.classes[eligibility.classOf[task]!]!.allowed
    const end = Math.min(vmCount, (block + 1) * width)
    let least = Infinity
    let next = Infinity
    let leastVm = -1
    let nextVm = -1
    for (let vm = block * width; vm < end; vm++) {
      if (allowed && allowed[vm] === 0) continue
      const finish = vmSeconds[vm]! + executionSeconds(problem, task, vm)
      if (finish < least) {
        next = least
        nextVm = leastVm
        least = finish
        leastVm = vm
      } else if (finish < next) {
        next = finish
        nextVm = vm
      }
    }
    const at = block * taskCount + task
    first[at] = least
    second[at] = next
    firstVm[at] = leastVm
    secondVm[at] = nextVm
  }

  function compareBlocks(task: number): void {
    let best = task
    let next = Infinity
    for (let at = task + taskCount; at < first.length; at += taskCount) {
      if (first[at]! < first[best]!) {
        next = first[best]!
        best = at
      } else if (first[at]! < next) next = first[at]!
    }
    earliest[task] = first[best]!
    earliestVm[task] = firstVm[best]!
    urgency[task] = urgencyOf(first[best]!, Math.min(next, second[best]!))
  }

  for (let task = 0; task < taskCount; task++) {
    for (let block = 0; block < blockCount; block++) lookAtBlock(task, block)
    compareBlocks(task)
  }
  const left = asGiven(problem)
  let vm = -1
  for (let count = taskCount; count > 0; count--) {
    const block = Math.floor(vm / width)
    let next = -1
    let highest = -Infinity
    for (let k = 0; k < count; k++) {
      const task = left[k]!
      const at = block * taskCount + task
      if (vm >= 0 && (firstVm[at] === vm || secondVm[at] === vm)) {
        lookAtBlock(task, block)
        compareBlocks(task)
      }
      if (next >= 0 && urgency[task]! <= highest) continue
      highest = urgency[task]!
      next = k
    }
    const task = left[next]!
    vm = earliestVm[task]!
    assignment[task] = vm
    vmSeconds[vm] = earliest[task]!
    left.copyWithin(next, next + 1, count)
  }
  return assignment
}
