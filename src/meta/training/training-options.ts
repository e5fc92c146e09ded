import {
  functionLike,
  integerIn,
  numberAbove,
  numberIn,
  type OptionEntries,
  oneOf,
  satisfying,
  trueOrFalse,
} from '../../errors/read-options.ts'
import { defaultSeed, type Seed } from '../../random/rng.ts'
import { runOptionEntries, type RunOptions } from '../../run/run-options.ts'
import type { TrainingBackend } from '../learners/registry.ts'
import type { TrainingCheckpoint } from './train-learner.ts'

/** Options of a learner and its training, whatever it learns from. */
export interface TrainingOptions extends Pick<RunOptions, 'seed' | 'signal' | 'timeLimitMs' | 'onProgress'> {
  /** Meta-iterations at most. @defaultValue 2000 */
  readonly iterations?: number
  /** Meta-tasks of one iteration. @defaultValue 25 */
  readonly metaBatch?: number
  /** Step of Adam; of plain descent for Reptile, where about 0.5 suits. @defaultValue 0.001 */
  readonly metaRate?: number
  /** Whether `metaRate` falls in a straight line, to a twentieth at the last iteration. @defaultValue false */
  readonly anneal?: boolean
  /** Every component of the meta-gradient is cut to [-clip, clip]. @defaultValue 10 */
  readonly clip?: number
  /** Units of each hidden layer; the last number is also the length of an embedding. @defaultValue [40, 40] */
  readonly hidden?: readonly number[]
  /** @defaultValue 'relu' */
  readonly activation?: 'relu' | 'tanh'
  /** Steps of the inner loop, 1 to 10; gradient learners only. @defaultValue 1 */
  readonly innerSteps?: number
  /** Inner rate, alpha; where rates are learned, the one to start from. @defaultValue 0.01 */
  readonly innerRate?: number
  /** Learns an inner rate for each parameter; maml, fomaml and anil. @defaultValue false */
  readonly learnRates?: boolean
  /** Samples of the posterior; platipus and versa. @defaultValue 10 */
  readonly samples?: number
  /** Weight of KL(q || p), per parameter, beside the mean query loss; platipus. @defaultValue 0.1 */
  readonly klWeight?: number
  /** Embeddings that see the whole support set; matching. @defaultValue false */
  readonly fullContext?: boolean
  /** Iterations between two looks at the held-out tasks. @defaultValue 100 */
  readonly checkEvery?: number
  /** Looks without a better held-out loss after which training ends. @defaultValue 20 */
  readonly patience?: number
  /** What computes the gradients. @defaultValue 'auto' */
  readonly backend?: TrainingBackend
  /**
   * Goes on from here, with the same clouds and options to the same weights as without a break. What is compared is the
   * learner alone: its kind, its layers and its inner steps.
   */
  readonly resume?: TrainingCheckpoint
  /** Told where training stands at each look. */
  readonly onCheckpoint?: (checkpoint: TrainingCheckpoint) => void
}

export const trainingEntries: OptionEntries = {
  seed: runOptionEntries['seed']!,
  signal: runOptionEntries['signal']!,
  timeLimitMs: runOptionEntries['timeLimitMs']!,
  onProgress: runOptionEntries['onProgress']!,
  iterations: integerIn(1, 1e9),
  metaBatch: integerIn(1, 1e6),
  metaRate: numberAbove(0),
  anneal: trueOrFalse,
  clip: numberAbove(0),
  hidden: satisfying<readonly number[]>(
    (x) => Array.isArray(x) && x.every((units) => Number.isInteger(units) && units >= 1 && units <= 4096),
    'a list of whole numbers in [1, 4096]',
  ),
  activation: oneOf('relu', 'tanh'),
  innerSteps: integerIn(1, 10),
  innerRate: numberAbove(0),
  learnRates: trueOrFalse,
  samples: integerIn(1, 1000),
  klWeight: numberIn(0),
  fullContext: trueOrFalse,
  checkEvery: integerIn(1, 1e9),
  patience: integerIn(1),
  backend: oneOf('auto', 'kernels', 'tfjs'),
  resume: satisfying<TrainingCheckpoint>((x) => typeof x === 'object' && x !== null, 'a checkpoint'),
  onCheckpoint: functionLike<(checkpoint: TrainingCheckpoint) => void>(),
}

/** Defaults of the training options: those of the sinusoid benchmark of Finn et al. (2017). */
export const trainingDefaults: {
  readonly seed: Seed
  readonly iterations: number
  readonly metaBatch: number
  readonly metaRate: number
  readonly anneal: boolean
  readonly clip: number
  readonly hidden: readonly number[]
  readonly activation: 'relu' | 'tanh'
  readonly innerSteps: number
  readonly innerRate: number
  readonly learnRates: boolean
  readonly samples: number
  readonly klWeight: number
  readonly fullContext: boolean
  readonly checkEvery: number
  readonly patience: number
  readonly backend: TrainingBackend
} = Object.freeze({
  seed: defaultSeed,
  iterations: 2000,
  metaBatch: 25,
  metaRate: 0.001,
  anneal: false,
  clip: 10,
  hidden: Object.freeze([40, 40]),
  activation: 'relu',
  innerSteps: 1,
  innerRate: 0.01,
  learnRates: false,
  samples: 10,
  klWeight: 0.1,
  fullContext: false,
  checkEvery: 100,
  patience: 20,
  backend: 'auto',
})
