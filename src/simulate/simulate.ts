import { type Assignment, checkAssignment, unplaced } from '../model/assignment.ts'
import type { Problem } from '../model/problem.ts'
import { step } from './engine.ts'
import { placeTask } from './placement.ts'
import { readSimulateOptions, type SimulateOptions } from './simulate-options.ts'
import { scheduleOf, type SimulatedSchedule } from './simulated-schedule.ts'
import { createState } from './simulation-state.ts'

/**
 * Runs an assignment through time and says when each task starts and finishes. Times are computed, not stepped: they
 * are exact up to the rounding of double-precision numbers.
 *
 * A task's `lengthMi` is the work on each of its `cores`. Arrivals, transfers, boot times, failures and migrations
 * count where the problem or the options give them; with none of them and one core each, the makespan is that of
 * `evaluate`. A task that is -1 in the assignment stays unplaced.
 *
 * @param assignment - VM index of each task, -1 = unplaced
 * @returns start, finish and status of each task in seconds, busy seconds per VM, cost, and metrics
 * @throws CloudschedError `invalid-input` for an assignment that does not belong to the problem, `invalid-option` for
 * unknown or broken options
 * @example
 * const { makespanSeconds, cost } = simulate(problem, [0, 1, 0], { sharing: 'time' })
 */
export function simulate(
  problem: Problem,
  assignment: Assignment | Int32Array,
  options: SimulateOptions = {},
): SimulatedSchedule {
  checkAssignment(problem, assignment)
  const { settings, untilSeconds } = readSimulateOptions(problem, options)
  const state = createState(problem, settings)
  for (let task = 0; task < problem.taskCount; task++) {
    if (assignment[task] !== unplaced) placeTask(state, task, assignment[task]!)
  }
  while (state.openCount > 0) {
    if (step(state, untilSeconds)) continue
    state.nowSeconds = untilSeconds
    break
  }
  return scheduleOf(state)
}
