import type { Problem } from '../model/problem.ts'
import type { SolveSteps } from '../model/solver.ts'
import { startRun } from '../objective/solve-run.ts'
import { drive, driveAsync } from '../run/drive.ts'
import { checkOptions, oneOf, type OptionEntries } from '../errors/read-options.ts'
import { type LearningResult, type TabularOptions, tabularDefaults, tabularEntries } from './tabular-options.ts'
import { type Learner, type ResolvedTabularOptions, trainTabular } from './tabular-training.ts'

/**
 * Options of Q-learning. 'paper' reads the paper literally: prefix states, VM actions, input order, reward (9), discount
 * 0.9. 'default' uses what was measured to work: bucket states, telescoping reward, discount 1.
 */
export interface QLearningOptions extends TabularOptions {
  /** Where the defaults of the other options come from. @defaultValue 'default' */
  readonly preset?: 'default' | 'paper'
}

/** The literal reading of the paper's algorithm 1, shared by all learners of this folder. */
export interface PaperReading {
  readonly discount: 0.9
  readonly state: 'prefix'
  readonly actions: 'vm'
  readonly order: 'input'
  readonly reward: 'paper'
}

export const paperReading: PaperReading = Object.freeze({
  discount: 0.9,
  state: 'prefix',
  actions: 'vm',
  order: 'input',
  reward: 'paper',
})

/** The reading under which plain Q-learning works best: its policy is 5 % from the bound at 50 x 5 instead of 27 %. */
export const measuredReading: {
  readonly discount: 1
  readonly state: 'bucket'
  readonly actions: 'vm'
  readonly order: 'input'
  readonly reward: 'telescoping'
} = Object.freeze({ discount: 1, state: 'bucket', actions: 'vm', order: 'input', reward: 'telescoping' })

/** Defaults of `qLearning` by preset. */
export const qLearningDefaults: Readonly<Record<'default' | 'paper', Readonly<Record<string, unknown>>>> =
  Object.freeze({
    default: Object.freeze({ ...tabularDefaults, ...measuredReading }),
    paper: Object.freeze({ ...tabularDefaults, ...paperReading }),
  })

const presetEntry: OptionEntries = { preset: oneOf('default', 'paper') }

/**
 * Tabular Q-learning (QL), algorithm 1 of the WHAQL paper: epsilon-greedy choice by equation (13), update by (12).
 *
 * @throws CloudschedError `invalid-option`, `memory-limit`, `checkpoint`
 * @example
 * qLearning(problem, { episodes: 1000, seed: 1 }).gap
 */
export function qLearning(problem: Problem, options: QLearningOptions = {}): LearningResult {
  return drive(qLearningSteps(problem, options), options)
}

/** `qLearning` in pieces that leave room for timers and signals. */
export function qLearningAsync(problem: Problem, options: QLearningOptions = {}): Promise<LearningResult> {
  return driveAsync(qLearningSteps(problem, options), options)
}

/** `qLearning`, one step of about 2000 placements at a time. */
export function qLearningSteps(problem: Problem, options: QLearningOptions = {}): SolveSteps<LearningResult> {
  checkOptions(options)
  const reading = options.preset === 'paper' ? paperReading : measuredReading
  const run = startRun(
    'q-learning',
    problem,
    options,
    { ...tabularDefaults, ...reading },
    { ...tabularEntries, ...presetEntry },
  )
  return trainTabular(
    'q-learning',
    { ...run, options: run.options as ResolvedTabularOptions },
    { weights: false, heuristic: false },
    createQLearner,
  )
}

/** Equation (13): the preference is Q itself. */
function createQLearner(): Learner {
  return { favourite: () => -1, lead: () => 0 }
}
