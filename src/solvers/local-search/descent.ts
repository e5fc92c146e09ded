import type { Assignment } from '../../model/assignment.ts'
import { allVms, eligibleVms, type Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveResult, SolveSteps } from '../../model/solver.ts'
import { estOf, type LoadState, resetLoadState } from '../../objective/load-state.ts'
import { startRun } from '../../objective/solve-run.ts'
import { createTrials, type Trials } from '../../objective/trials.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import { createHistory } from '../../run/history.ts'
import type { StopReason } from '../../run/run-options.ts'
import { initialEntry, startingState } from './start.ts'

/** Options of `descent`. */
export interface DescentOptions extends SolveOptions {
  /** Where to start. @defaultValue the best of k-cheapest + LPT and, on unrelated machines, min-min and sufferage */
  readonly initial?: Assignment
}

/** A change must gain more than this in est, or rounding could go round in circles. */
export const leastGain = 1e-13

/**
 * Move/swap descent: every task is tried on every VM that may take it, and every two tasks in each other's place; what
 * gains is kept at once (first improvement), until a whole round gains nothing. The result is a local optimum of moves
 * and swaps under est. A round is O(n m + n^2); at weight 1 only tasks of the longest VM are tried, O(n m + n^2 / m).
 *
 * @example
 * descent(problem, { timeWeight: 0.5 }).gap
 */
export function descent(problem: Problem, options: DescentOptions = {}): SolveResult {
  return drive(descentSteps(problem, options), options)
}

/** `descent` in pieces that leave room for timers and signals. */
export function descentAsync(problem: Problem, options: DescentOptions = {}): Promise<SolveResult> {
  return driveAsync(descentSteps(problem, options), options)
}

/** `descent`, the neighbours of one task at a time. */
export function* descentSteps(problem: Problem, options: DescentOptions = {}): SolveSteps {
  const run = startRun('descent', problem, options, {}, initialEntry)
  const { timeWeight } = run
  const state = startingState(problem, timeWeight, run.options.initial)
  const trials = createTrials(state, timeWeight)
  const history = createHistory()
  let est = problem.taskCount > 0 ? estOf(state, timeWeight) : 0
  history.record({ iteration: 0, evaluations: 1, best: est })

  let evaluations = 1
  let stop: StopReason | null = null
  let rounds = 0
  let isLocalOptimum = problem.taskCount === 0
  while (!isLocalOptimum && stop === null) {
    const roundStart = est
    rounds++
    for (let task = 0; task < problem.taskCount && stop === null; task++) {
      if (timeWeight === 1 && state.assignment[task] !== state.first) continue
      const before = est
      est = improveTask(state, trials, task, est)
      evaluations += problem.vmCount + problem.taskCount
      if (est < before) history.record({ iteration: rounds, evaluations, best: est })
      stop = (yield run.progress(0, est, rounds, evaluations)).stop
    }
    est = settledEst(state, timeWeight)
    isLocalOptimum = stop === null && !(est < roundStart - leastGain)
  }
  return run.finish({
    assignment: state.assignment,
    stop,
    history: history.points(),
    evaluations,
    iterations: rounds,
  })
}

/**
 * est from running times that are summed afresh. A descent goes on only while this falls: by differences, rounding
 * could gain for ever where long and very short tasks share a VM.
 */
export function settledEst(state: LoadState, timeWeight: number): number {
  resetLoadState(state, state.assignment)
  return estOf(state, timeWeight)
}

/** Tries all moves and swaps of one task, keeps what gains, and returns the est that is reached. */
export function improveTask(state: LoadState, trials: Trials, task: number, est: number): number {
  const { problem } = state
  const vms = eligibleVms(problem, task, allVms(problem))
  let reached = est
  for (let k = 0; k < vms.length; k++) reached = trials.move(task, vms[k]!, reached, reached - leastGain)
  for (let other = 0; other < problem.taskCount; other++)
    reached = trials.swap(task, other, reached, reached - leastGain)
  return reached
}
