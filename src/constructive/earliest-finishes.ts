import { executionSeconds, type Problem } from '../model/problem.ts'

/** The two earliest finishes of each task when the VMs are taken up as `vmSeconds` says. */
export interface EarliestFinishes {
  /** To be changed by the caller, upwards only. */
  readonly vmSeconds: Float64Array
  readonly earliest: Float64Array
  readonly earliestVm: Int32Array
  /** Infinity where only one VM may take the task; its VM is then -1. */
  readonly second: Float64Array
  readonly secondVm: Int32Array
  /** Computes the entries of a task; ties go to the lower VM index. */
  compute(task: number): void
}

/**
 * Finishes only grow, so an old one is a bound on today's. The VMs stand in about sqrt(m) blocks, and each task keeps
 * the least finish of each block as it was seen last: a block is looked at again only when that is among the least two.
 * A computation is O(m) at the worst, often O(sqrt(m)). The memory is 8 n sqrt(m) bytes.
 */
export function createEarliestFinishes(problem: Problem): EarliestFinishes {
  const { taskCount, vmCount, eligibility } = problem
  const width = Math.ceil(Math.sqrt(vmCount))
  const blockCount = Math.ceil(vmCount / width)
  const vmSeconds = new Float64Array(vmCount)
  const earliest = new Float64Array(taskCount)
  const earliestVm = new Int32Array(taskCount)
  const second = new Float64Array(taskCount)
  const secondVm = new Int32Array(taskCount)
  const bounds = new Float64Array(taskCount * blockCount)
  // Of each block, for the task in hand.
  const isExact = new Uint8Array(blockCount)
  const firstVm = new Int32Array(blockCount)
  const next = new Float64Array(blockCount)
  const nextVm = new Int32Array(blockCount)

  function lookAt(task: number, block: number): void {
    const allowed = eligibility && eligibility.classes[eligibility.classOf[task]!]!.allowed
    const end = Math.min(vmCount, (block + 1) * width)
    let a = Infinity
    let b = Infinity
    let vmA = -1
    let vmB = -1
    for (let vm = block * width; vm < end; vm++) {
      if (allowed && allowed[vm] === 0) continue
      const finish = vmSeconds[vm]! + executionSeconds(problem, task, vm)
      if (finish < a) {
        b = a
        vmB = vmA
        a = finish
        vmA = vm
      } else if (finish < b) {
        b = finish
        vmB = vm
      }
    }
    bounds[task * blockCount + block] = a
    firstVm[block] = vmA
    next[block] = b
    nextVm[block] = vmB
    isExact[block] = 1
  }

  function compute(task: number): void {
    const from = task * blockCount
    isExact.fill(0)
    for (;;) {
      let best = 0
      let other = -1
      for (let block = 1; block < blockCount; block++) {
        const bound = bounds[from + block]!
        if (bound < bounds[from + best]!) {
          other = best
          best = block
        } else if (other < 0 || bound < bounds[from + other]!) other = block
      }
      const otherBound = other < 0 ? Infinity : bounds[from + other]!
      if (isExact[best] === 0) lookAt(task, best)
      else if (otherBound < next[best]! && isExact[other] === 0) lookAt(task, other)
      else {
        const isInBest = next[best]! <= otherBound
        earliest[task] = bounds[from + best]!
        earliestVm[task] = firstVm[best]!
        second[task] = isInBest ? next[best]! : otherBound
        secondVm[task] = isInBest ? nextVm[best]! : firstVm[other]!
        return
      }
    }
  }

  for (let task = 0; task < taskCount; task++) compute(task)
  return { vmSeconds, earliest, earliestVm, second, secondVm, compute }
}
