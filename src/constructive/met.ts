import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'

/** Each task on the VM that runs it fastest, whatever else that VM has to do; ties go to the lower index. O(n m). */
export function metAssignment(problem: Problem): Int32Array {
  const all = allVms(problem)
  return Int32Array.from({ length: problem.taskCount }, (_, task) => {
    let chosen = -1
    let fastest = Infinity
    for (const vm of eligibleVms(problem, task, all)) {
      const seconds = executionSeconds(problem, task, vm)
      if (seconds >= fastest) continue
      fastest = seconds
      chosen = vm
    }
    return chosen
  })
}

/**
 * Minimum execution time (MET; Armstrong, Hensgen, Kidd 1998). On uniform machines it puts all tasks on the fastest VM.
 *
 * @example
 * met(problem).assignment
 */
export function met(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('met', metAssignment, problem, options)
}
