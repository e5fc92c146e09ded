import { kCheapestLptAssignment } from '../../constructive/k-cheapest-lpt.ts'
import { minMinAssignment } from '../../constructive/min-min.ts'
import { sufferageAssignment } from '../../constructive/sufferage.ts'
import { type OptionEntries, satisfying } from '../../errors/read-options.ts'
import { type Assignment, checkAssignment } from '../../model/assignment.ts'
import type { Problem } from '../../model/problem.ts'
import { createLoadState, estOf, type LoadState } from '../../objective/load-state.ts'

export const initialEntry: OptionEntries = {
  initial: satisfying<Assignment>(Array.isArray, 'an assignment: a list of VM indices'),
}

/** Above this many tasks times VMs the rules that look at all tasks at each step take longer than they help. */
const mostEntriesForBatch = 2e6

/**
 * The schedule that a search begins with: the user's, or the best of k-cheapest + LPT and, on unrelated machines,
 * min-min and sufferage.
 */
export function startingState(problem: Problem, timeWeight: number, initial: Assignment | undefined): LoadState {
  if (initial) {
    checkAssignment(problem, initial, 'options.initial')
    return createLoadState(problem, initial)
  }
  const isSmall = problem.taskCount * problem.vmCount <= mostEntriesForBatch
  const rules = problem.etc !== null && isSmall ? [minMinAssignment, sufferageAssignment] : []
  const states = [kCheapestLptAssignment(problem, timeWeight), ...rules.map((rule) => rule(problem))].map(
    (assignment) => createLoadState(problem, assignment),
  )
  return states.reduce((best, state) =>
    problem.taskCount > 0 && estOf(state, timeWeight) < estOf(best, timeWeight) ? state : best,
  )
}
