import {
  checkOptions,
  integerIn,
  numberAbove,
  numberIn,
  oneOf,
  type OptionEntries,
  satisfying,
} from '../errors/read-options.ts'
import type { Assignment } from '../model/assignment.ts'
import type { Problem } from '../model/problem.ts'
import type { SolveOptions, SolveSteps } from '../model/solver.ts'
import { startRun } from '../objective/solve-run.ts'
import { drive, driveAsync } from '../run/drive.ts'
import { hasBudget } from '../run/run-options.ts'
import type { Checkpoint } from './checkpoint.ts'
import { paperReading } from './q-learning.ts'
import {
  checkpointEntries,
  type LearningResult,
  type TabularDefaults,
  type TabularOptions,
  tabularDefaults,
  tabularEntries,
} from './tabular-options.ts'
import { type ResolvedTabularOptions, trainTabular } from './tabular-training.ts'
import { type ResolvedDifferenceOptions, whaqlByDifferences } from './whaql-by-differences.ts'
import { createWeightLearner, type WeightSignal } from './whaql-tabular.ts'

/** WHAQL with all its tables: 'paper' is equations (9)-(18) as printed, 'stage' the reading that was measured to work. */
export interface WhaqlTabularOptions extends TabularOptions {
  readonly preset: 'paper' | 'stage'
  /** What r_t of equation (16) is. */
  readonly weightSignal?: WeightSignal
  /** U of equation (17), > 0. Under the largest Q + G it has no influence: see the documentation. @defaultValue 1 */
  readonly influence?: number
}

/** WHAQL's stage record run by differences: the fast form. */
export interface WhaqlDifferenceOptions extends SolveOptions {
  readonly preset?: 'default'
  /** Number of complete schedules to play. @defaultValue 5000, or no end where `timeLimitMs` or `maxEvaluations` is given */
  readonly episodes?: number
  /** p of equation (18), in [0, 1]: a task keeps its recorded VM with this probability. @defaultValue 1 - 1/n, 1 - 2/n up to 20 tasks */
  readonly exploitation?: number
  /** Share of the deviations that are swaps of two tasks, in [0, 1]. @defaultValue 0.8 */
  readonly swap?: number
  /** How far above the best est an episode may be and still become the record, >= 0; falls to 0 over the run. @defaultValue 0.02 / n, at least 1e-5 */
  readonly ageing?: number
  /** The first record. @defaultValue k-cheapest + LPT */
  readonly initial?: Assignment
  /** Episodes per point of the convergence curve. @defaultValue 500 */
  readonly recordEvery?: number
  /** Puts a checkpoint into the result, from which `resume` goes on; the record then ages by episodes alone. @defaultValue false */
  readonly withCheckpoint?: boolean
  /** Goes on from a checkpoint of the same problem and options as if the run had never stopped. */
  readonly resume?: Checkpoint
}

/** Each preset has its own options: one without effect is a type error. */
export type WhaqlOptions = WhaqlTabularOptions | WhaqlDifferenceOptions

/** How the equations are read: what sets the presets with tables apart. */
export type WhaqlReading = Readonly<
  Required<
    Pick<WhaqlTabularOptions, 'discount' | 'state' | 'actions' | 'order' | 'reward' | 'weightSignal' | 'influence'>
  >
>

const paper: WhaqlReading = { ...paperReading, weightSignal: 'immediate', influence: 1 }
const stage: WhaqlReading = {
  discount: 1,
  state: 'stage',
  actions: 'rank',
  order: 'lpt',
  reward: 'telescoping',
  weightSignal: 'episode',
  influence: 1,
}

/** Default options of each preset. */
export const whaqlDefaults: {
  readonly paper: Readonly<TabularDefaults & WhaqlReading>
  readonly stage: Readonly<TabularDefaults & WhaqlReading>
  readonly default: {
    readonly episodes: 5000
    readonly swap: 0.8
    readonly recordEvery: 500
    readonly withCheckpoint: false
  }
} = Object.freeze({
  paper: Object.freeze({ ...tabularDefaults, ...paper }),
  stage: Object.freeze({ ...tabularDefaults, ...stage }),
  default: Object.freeze({ episodes: 5000, swap: 0.8, recordEvery: 500, withCheckpoint: false }),
})

const presetEntry: OptionEntries = { preset: oneOf('paper', 'stage', 'default') }

const tabularWhaqlEntries: OptionEntries = {
  ...tabularEntries,
  ...presetEntry,
  weightSignal: oneOf('immediate', 'episode'),
  influence: numberAbove(0),
}

const differenceEntries: OptionEntries = {
  ...presetEntry,
  episodes: integerIn(1),
  exploitation: numberIn(0, 1),
  swap: numberIn(0, 1),
  ageing: numberIn(0),
  initial: satisfying<Assignment>(Array.isArray, 'an assignment: a list of VM indices'),
  recordEvery: integerIn(1),
  ...checkpointEntries,
}

/**
 * Heuristically accelerated Q-learning with adaptive weights (WHAQL; Li, Sun, Tang 2021), algorithm 3, equations
 * (9)-(18), in three presets: 'paper' as printed, 'stage' the same tables under a reading that was measured to work,
 * 'default' the stage record run by differences.
 *
 * @throws CloudschedError `invalid-option`, `invalid-input` for a wrong `initial`, `memory-limit`, `checkpoint`
 * @example
 * const result = whaql(problem, { timeWeight: 0.5, episodes: 5000, seed: 1 })
 */
export function whaql(problem: Problem, options: WhaqlOptions = {}): LearningResult {
  return drive(whaqlSteps(problem, options), options)
}

/** `whaql` in pieces that leave room for timers and signals. */
export function whaqlAsync(problem: Problem, options: WhaqlOptions = {}): Promise<LearningResult> {
  return driveAsync(whaqlSteps(problem, options), options)
}

/** `whaql`, a batch of episodes at a time. */
export function whaqlSteps(problem: Problem, options: WhaqlOptions = {}): SolveSteps<LearningResult> {
  checkOptions(options)
  if (options.preset === 'paper' || options.preset === 'stage') return tabularSteps(problem, options)
  const { episodes, ...defaults } = whaqlDefaults.default
  const run = startRun(
    'whaql',
    problem,
    options,
    hasBudget(options) ? defaults : { episodes, ...defaults },
    differenceEntries,
  )
  return whaqlByDifferences({ ...run, options: run.options as ResolvedDifferenceOptions })
}

function tabularSteps(problem: Problem, options: WhaqlTabularOptions): SolveSteps<LearningResult> {
  const run = startRun('whaql', problem, options, whaqlDefaults[options.preset], tabularWhaqlEntries)
  const { influence = 1, weightSignal = 'immediate' } = run.options
  return trainTabular(
    'whaql',
    { ...run, options: run.options as ResolvedTabularOptions },
    { weights: true, heuristic: false },
    (view) => createWeightLearner(view, influence, weightSignal),
  )
}
