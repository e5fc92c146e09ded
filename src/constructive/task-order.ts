import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'

/** The tasks in the order of their indices. */
export function asGiven({ taskCount }: Problem): Int32Array {
  const order = new Int32Array(taskCount)
  for (let i = 0; i < taskCount; i++) order[i] = i
  return order
}

/** Longest task first; ties in task order. On unrelated machines a task is as long as its shortest running time. */
export function longestFirst(problem: Problem): Int32Array {
  const size = sizes(problem)
  return asGiven(problem).sort((a, b) => size[b]! - size[a]! || a - b)
}

/** Shortest task first; ties in task order. */
export function shortestFirst(problem: Problem): Int32Array {
  const size = sizes(problem)
  return asGiven(problem).sort((a, b) => size[a]! - size[b]! || a - b)
}

function sizes(problem: Problem): Float64Array {
  if (problem.etc === null) return problem.lengthMi
  const all = allVms(problem)
  const shortest = new Float64Array(problem.taskCount).fill(Infinity)
  for (let task = 0; task < problem.taskCount; task++) {
    for (const vm of eligibleVms(problem, task, all)) {
      shortest[task] = Math.min(shortest[task]!, executionSeconds(problem, task, vm))
    }
  }
  return shortest
}
