import {
  integerIn,
  numberAbove,
  numberIn,
  oneOf,
  type OptionEntries,
  satisfying,
  trueOrFalse,
} from '../errors/read-options.ts'
import type { Assignment } from '../model/assignment.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import type { ActionKind } from './actions.ts'
import type { Checkpoint } from './checkpoint.ts'
import { episodeEntries, type TaskOrder } from './environment.ts'
import type { RewardName } from './rewards.ts'
import type { StateKind } from './state-tables.ts'

/** Options of every tabular learner. */
export interface TabularOptions extends SolveOptions {
  /** Number of complete schedules to play. @defaultValue 5000 */
  readonly episodes?: number
  /** alpha of equation (12), in (0, 1]. @defaultValue 0.1 */
  readonly learningRate?: number
  /** gamma of equation (12), in [0, 1]. */
  readonly discount?: number
  /** p of equations (13), (14), (18), in [0, 1]: the larger, the less exploration; p = 1 - epsilon. @defaultValue 0.9 */
  readonly exploitation?: number
  /** What a state remembers. */
  readonly state?: StateKind
  /** What an action is. */
  readonly actions?: ActionKind
  /** Number of actions where they are ranks. @defaultValue 3 */
  readonly rankWidth?: number
  /** In which order an episode places the tasks. */
  readonly order?: TaskOrder
  /** How a placement is rewarded. */
  readonly reward?: RewardName
  /** Episodes per point of the convergence curve. @defaultValue 500 */
  readonly recordEvery?: number
  /** Most memory for the tables, in MiB; training ends with status 'memoryLimit' when they are full. @defaultValue 512 */
  readonly maxMemoryMib?: number
  /** Puts the tables into the result. @defaultValue false */
  readonly withTables?: boolean
  /** Puts a checkpoint into the result, from which `resume` goes on. @defaultValue false */
  readonly withCheckpoint?: boolean
  /**
   * Goes on from a checkpoint of the same problem and options as if the run had never stopped. A function among the options
   * cannot be compared: that it is the same is up to you.
   */
  readonly resume?: Checkpoint
}

/** The tables at the end of training, row by row: state s, action a at `s * actionCount + a`. */
export interface LearntTables {
  readonly actionCount: number
  readonly states: number
  /** Q(s, a) of equation (12). */
  readonly q: readonly number[]
  /**
   * H(s, a) of equation (15) or G(s, a) of (17), as it was when the state was last exploited, in a resumed run since it was
   * resumed; 0 elsewhere, and in Q-learning.
   */
  readonly bonus: readonly number[]
  /** Weight factors f(s, a) of equation (16); WHAQL only. */
  readonly weight: readonly number[] | null
  /** r_max(s) of equation (16); WHAQL only. */
  readonly bestReward: readonly number[] | null
  /** State that an action leads to, 0 where it was never taken; prefix states only. */
  readonly child: readonly number[] | null
}

/** Result of a learner: the best schedule seen, and what was learnt. */
export interface LearningResult extends SolveResult {
  /**
   * The schedule of the learnt policy without exploration; at random where it leaves the states it has seen. It can be
   * far worse than the best schedule seen.
   */
  readonly policyAssignment: Assignment
  /** Number of states in the tables. */
  readonly states: number
  /** Size of the tables. */
  readonly memoryBytes: number
  readonly tables?: LearntTables
  readonly checkpoint?: Checkpoint
}

/** Defaults that all tabular learners share. */
export interface TabularDefaults {
  readonly episodes: 5000
  readonly learningRate: 0.1
  readonly exploitation: 0.9
  readonly rankWidth: 3
  readonly recordEvery: 500
  readonly maxMemoryMib: 512
  readonly withTables: false
  readonly withCheckpoint: false
}

export const tabularDefaults: TabularDefaults = Object.freeze({
  episodes: 5000,
  learningRate: 0.1,
  exploitation: 0.9,
  rankWidth: 3,
  recordEvery: 500,
  maxMemoryMib: 512,
  withTables: false,
  withCheckpoint: false,
})

export const checkpointEntries: OptionEntries = {
  withCheckpoint: trueOrFalse,
  resume: satisfying<Checkpoint>(
    (x) => typeof x === 'object' && x !== null && 'fingerprint' in x,
    'a checkpoint from result.checkpoint',
  ),
}

export const tabularEntries: OptionEntries = {
  episodes: integerIn(1),
  learningRate: numberAbove(0, 1),
  discount: numberIn(0, 1),
  exploitation: numberIn(0, 1),
  state: oneOf('prefix', 'stage', 'bucket'),
  actions: oneOf('vm', 'rank'),
  rankWidth: integerIn(1),
  ...episodeEntries,
  recordEvery: integerIn(1),
  maxMemoryMib: numberAbove(0),
  withTables: trueOrFalse,
  ...checkpointEntries,
}
