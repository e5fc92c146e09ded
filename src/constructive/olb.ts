import { allVms, eligibleVms, executionSeconds, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'

/** Each task, in input order, on the VM that is free first, however slow it is; ties go to the lower index. O(n m). */
export function olbAssignment(problem: Problem): Int32Array {
  const all = allVms(problem)
  const vmSeconds = new Float64Array(problem.vmCount)
  return Int32Array.from({ length: problem.taskCount }, (_, task) => {
    let chosen = -1
    let earliest = Infinity
    for (const vm of eligibleVms(problem, task, all)) {
      if (vmSeconds[vm]! >= earliest) continue
      earliest = vmSeconds[vm]!
      chosen = vm
    }
    vmSeconds[chosen]! += executionSeconds(problem, task, chosen)
    return chosen
  })
}

/**
 * Opportunistic load balancing (OLB; Armstrong, Hensgen, Kidd 1998).
 *
 * @example
 * olb(problem).evaluation.load
 */
export function olb(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('olb', olbAssignment, problem, options)
}
