import { integerIn, type OptionEntries } from '../../errors/read-options.ts'
import type { Assignment } from '../../model/assignment.ts'
import { allVms, eligibleVms, type Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveResult, SolveSteps } from '../../model/solver.ts'
import { estOf, type LoadState, moveTask, resetLoadState } from '../../objective/load-state.ts'
import { startRun } from '../../objective/solve-run.ts'
import { createTrials } from '../../objective/trials.ts'
import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import { createHistory } from '../../run/history.ts'
import { hasBudget, type Progress, type Pulse, type StopReason } from '../../run/run-options.ts'
import { improveTask, leastGain, settledEst } from './descent.ts'
import { initialEntry, startingState } from './start.ts'

/** Options of `iteratedLocalSearch`. */
export interface IteratedLocalSearchOptions extends SolveOptions {
  /** Kicks, each with its descent. @defaultValue 1000, or no end where `timeLimitMs` or `maxEvaluations` is given */
  readonly iterations?: number
  /** Tasks that a kick moves, >= 1. @defaultValue 3 */
  readonly kick?: number
  /** Where to start. @defaultValue the best of k-cheapest + LPT and, on unrelated machines, min-min and sufferage */
  readonly initial?: Assignment
}

/** Defaults of `iteratedLocalSearch`. */
export const iteratedLocalSearchDefaults: { readonly kick: 3 } = Object.freeze({ kick: 3 })

const entries: OptionEntries = { iterations: integerIn(1), kick: integerIn(1), ...initialEntry }
const defaultIterations = 1000
/** Trials between two looks at the stop rules inside a descent. */
const evaluationsPerLook = 100_000

/**
 * Iterated local search (Lourenço, Martin, Stützle 2003): a kick moves a few tasks at random; then the tasks of the
 * VMs that it touched, and of the longest VM, try all their moves and swaps until none gains; the result is kept when it
 * is no worse. An iteration is O((n / m) (n + m)) for each touched VM.
 *
 * @example
 * iteratedLocalSearch(problem, { timeLimitMs: 100 }).gap
 */
export function iteratedLocalSearch(problem: Problem, options: IteratedLocalSearchOptions = {}): SolveResult {
  return drive(iteratedLocalSearchSteps(problem, options), options)
}

/** `iteratedLocalSearch` in pieces that leave room for timers and signals. */
export function iteratedLocalSearchAsync(
  problem: Problem,
  options: IteratedLocalSearchOptions = {},
): Promise<SolveResult> {
  return driveAsync(iteratedLocalSearchSteps(problem, options), options)
}

/** `iteratedLocalSearch`, a kick at a time. */
export function* iteratedLocalSearchSteps(problem: Problem, options: IteratedLocalSearchOptions = {}): SolveSteps {
  const run = startRun('iterated-local-search', problem, options, iteratedLocalSearchDefaults, entries)
  const { timeWeight } = run
  const { kick, initial } = run.options
  const { taskCount } = problem
  const iterations = options.iterations ?? (hasBudget(options) ? Infinity : defaultIterations)
  const state = startingState(problem, timeWeight, initial)
  if (taskCount === 0) return run.finish({ assignment: state.assignment, evaluations: 0, iterations: 0 })

  const rng = run.rng('kick')
  const trials = createTrials(state, timeWeight)
  const best = state.assignment.slice()
  let bestEst = estOf(state, timeWeight)
  const history = createHistory()
  history.record({ iteration: 0, evaluations: 1, best: bestEst })
  let iteration = 0
  let evaluations = 1
  let nextLook = evaluationsPerLook
  let stop: StopReason | null = null
  const isProven = () => run.bound !== null && bestEst - run.bound <= 1e-12

  /** Lets the tasks of some VMs, and of the longest one, improve until none does. */
  function* settle(touched: Set<number>, est: number): Generator<Progress, number, Pulse> {
    let reached = est
    for (;;) {
      const roundStart = reached
      touched.add(state.first)
      for (let task = 0; task < taskCount; task++) {
        if (!touched.has(state.assignment[task]!)) continue
        reached = improveTask(state, trials, task, reached)
        evaluations += taskCount + problem.vmCount
        if (evaluations >= nextLook) {
          nextLook = evaluations + evaluationsPerLook
          ;({ stop } = yield run.progress(iteration / iterations, Math.min(bestEst, reached), iteration, evaluations))
          if (stop !== null) return settledEst(state, timeWeight)
        }
      }
      reached = settledEst(state, timeWeight)
      if (!(reached < roundStart - leastGain)) return reached
    }
  }

  while (iteration < iterations && stop === null && !isProven()) {
    // The first round descends from the start, with no kick.
    const touched = iteration === 0 ? new Set(allVms(problem)) : kickTasks(state, kick, rng)
    const est = yield* settle(touched, estOf(state, timeWeight))
    iteration++
    if (est < bestEst) history.record({ iteration, evaluations, best: est })
    if (est <= bestEst) {
      bestEst = est
      best.set(state.assignment)
    } else resetLoadState(state, best)
    if (stop === null) ({ stop } = yield run.progress(iteration / iterations, bestEst, iteration, evaluations))
  }
  return run.finish({
    assignment: best,
    stop: iteration < iterations ? stop : null,
    history: history.points(),
    evaluations,
    iterations: iteration,
  })
}

/** Moves some tasks to random VMs that may take them, whatever it costs, and returns the VMs that changed. */
function kickTasks(state: LoadState, kick: number, rng: Rng): Set<number> {
  const { problem, assignment } = state
  const all = allVms(problem)
  const touched = new Set<number>()
  for (let k = 0; k < kick; k++) {
    const task = pickIndex(rng, problem.taskCount)
    const vms = eligibleVms(problem, task, all)
    touched.add(assignment[task]!)
    moveTask(state, task, vms[pickIndex(rng, vms.length)]!)
    touched.add(assignment[task]!)
  }
  return touched
}
