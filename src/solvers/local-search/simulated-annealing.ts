import { integerIn, numberAbove, numberIn, type OptionEntries } from '../../errors/read-options.ts'
import type { Assignment } from '../../model/assignment.ts'
import type { Problem } from '../../model/problem.ts'
import type { SolveOptions, SolveResult, SolveSteps } from '../../model/solver.ts'
import { startRun } from '../../objective/solve-run.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import { createHistory } from '../../run/history.ts'
import { hasBudget, type StopReason } from '../../run/run-options.ts'
import { createAnnealer } from './annealer.ts'
import { createLandscape } from './landscape.ts'
import { initialEntry, startingState } from './start.ts'

/** Options of `simulatedAnnealing`. */
export interface SimulatedAnnealingOptions extends SolveOptions {
  /** Changes proposed. @defaultValue 4000 a task, or no end where `timeLimitMs` or `maxEvaluations` is given */
  readonly proposals?: number
  /** Temperature at the start, > 0, in units of the bound per task. @defaultValue 0.7 */
  readonly startTemperature?: number
  /** Temperature at the end, > 0, in the same units. @defaultValue 0.00001 on uniform machines, 0.01 on unrelated ones */
  readonly endTemperature?: number
  /** Share of the proposals that are swaps of two tasks, in [0, 1]. @defaultValue 0.5 */
  readonly swap?: number
  /**
   * Changes proposed per task in one cooling, >= 1: a budget that has room for more is shared by several coolings.
   * @defaultValue 50000
   */
  readonly proposalsPerAnneal?: number
  /** Where to start. @defaultValue the best of k-cheapest + LPT and, on unrelated machines, min-min and sufferage */
  readonly initial?: Assignment
}

/** Defaults of `simulatedAnnealing`. */
export const simulatedAnnealingDefaults: {
  readonly startTemperature: 0.7
  readonly swap: 0.5
  readonly proposalsPerAnneal: 50_000
} = Object.freeze({ startTemperature: 0.7, swap: 0.5, proposalsPerAnneal: 50_000 })

const entries: OptionEntries = {
  proposals: integerIn(1),
  startTemperature: numberAbove(0),
  endTemperature: numberAbove(0),
  swap: numberIn(0, 1),
  proposalsPerAnneal: integerIn(1),
  ...initialEntry,
}

const proposalsPerTask = 4000
const proposalsPerStep = 4096
/** The cooling of a short run has so many steps. */
const fewestSteps = 256
/** The first part of the budget, at the start temperature, shows how many proposals it has room for. */
const shareForSpeed = 0.02

/**
 * Simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983) by moves and swaps on a smooth stand-in for est: the line of the
 * dual bound, and a penalty on running times above a target between the bound's and the best schedule's, which grows as the
 * temperature falls. On unrelated machines moves are drawn from those whose reduced cost the temperature still allows.
 * The cooling is geometric and follows the budget, whether proposals or time; the best schedule by est is kept.
 *
 * @example
 * simulatedAnnealing(problem, { timeLimitMs: 1000 }).gap
 */
export function simulatedAnnealing(problem: Problem, options: SimulatedAnnealingOptions = {}): SolveResult {
  return drive(simulatedAnnealingSteps(problem, options), options)
}

/** `simulatedAnnealing` in pieces that leave room for timers and signals. */
export function simulatedAnnealingAsync(
  problem: Problem,
  options: SimulatedAnnealingOptions = {},
): Promise<SolveResult> {
  return driveAsync(simulatedAnnealingSteps(problem, options), options)
}

/** `simulatedAnnealing`, 4096 proposals at a time. */
export function* simulatedAnnealingSteps(problem: Problem, options: SimulatedAnnealingOptions = {}): SolveSteps {
  const run = startRun('simulated-annealing', problem, options, simulatedAnnealingDefaults, entries)
  const { timeWeight } = run
  const { startTemperature, swap, initial, proposalsPerAnneal } = run.options
  const endTemperature = options.endTemperature ?? (problem.etc === null ? 1e-5 : 1e-2)
  const proposals = options.proposals ?? (hasBudget(options) ? Infinity : proposalsPerTask * problem.taskCount)
  const state = startingState(problem, timeWeight, initial)
  if (problem.taskCount === 0) return run.finish({ assignment: state.assignment, evaluations: 0, iterations: 0 })

  const cooling = { startTemperature, endTemperature, swap }
  const annealer = createAnnealer(state, timeWeight, createLandscape(problem, timeWeight), cooling, run.rng('anneal'))
  const history = createHistory()
  history.record({ iteration: 0, evaluations: 1, best: annealer.bestEst() })
  const budget = Math.min(proposals, options.maxEvaluations ?? Infinity)
  const step = Math.max(1, Math.min(proposalsPerStep, Math.floor(budget / fewestSteps)))
  let done = 0
  let anneals = 0
  let fraction = 0
  let stop: StopReason | null = null
  const isProven = () => run.bound !== null && annealer.bestEst() - run.bound <= 1e-12
  while (done < proposals && stop === null && !isProven()) {
    if (anneals === 0 && fraction >= shareForSpeed)
      anneals = Math.max(1, Math.round(done / fraction / (proposalsPerAnneal * problem.taskCount)))
    const count = Math.min(step, proposals - done)
    const before = annealer.bestEst()
    annealer.propose(count, (fraction * anneals) % 1)
    done += count
    if (annealer.bestEst() < before)
      history.record({ iteration: done, evaluations: done + 1, best: annealer.bestEst() })
    ;({ stop, fraction } = yield run.progress(done / proposals, annealer.bestEst(), done, done + 1))
  }
  return run.finish({
    assignment: annealer.best,
    stop: done < proposals ? stop : null,
    history: history.points(),
    evaluations: done + 1,
    iterations: done,
  })
}
