import { allVms, eligibleVms, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'

/** Task i goes to VM i mod m, or to the (i mod k)-th of the k VMs that may take it. O(n). */
export function roundRobinAssignment(problem: Problem): Int32Array {
  const all = allVms(problem)
  return Int32Array.from({ length: problem.taskCount }, (_, task) => {
    const vms = eligibleVms(problem, task, all)
    return vms[task % vms.length]!
  })
}

/**
 * Round robin, the papers' "Equ": tasks go to the VMs by turns, whatever their length and speed.
 *
 * @example
 * roundRobin(problem).assignment // [0, 1, 2, 0, 1, ...]
 */
export function roundRobin(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('round-robin', roundRobinAssignment, problem, options)
}
