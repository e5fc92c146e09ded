import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { solveByConstruction } from './construct.ts'
import { earliestFinishInOrder } from './earliest-finish.ts'
import { longestFirst } from './task-order.ts'

/** Longest processing time first: the longest task goes first, to the VM that finishes it first. */
export function lptAssignment(problem: Problem): Int32Array {
  return earliestFinishInOrder(problem, longestFirst(problem))
}

/**
 * Longest processing time first (LPT; Graham 1969): tasks from the longest to the shortest, each to the VM that
 * finishes it first. On unrelated machines a task is as long as its shortest running time.
 *
 * @example
 * lpt(problem).evaluation.timeSeconds
 */
export function lpt(problem: Problem, options: SolveOptions = {}): SolveResult {
  return solveByConstruction('lpt', lptAssignment, problem, options)
}
