import {
  functionLike,
  integerIn,
  numberAbove,
  numberIn,
  type OptionEntries,
  oneOf,
  readOptions,
  satisfying,
  trueOrFalse,
} from '../../errors/read-options.ts'
import { defaultSeed, type Seed } from '../../random/rng.ts'
import { type Progress, runOptionEntries } from '../../run/run-options.ts'
import type { Binarisation, Readout } from './architecture.ts'
import type { NetworkCheckpoint } from './checkpoint.ts'
import type { Normalization } from './normalisation.ts'
import type { OptimizerOptions } from './optimiser.ts'

/** The networks of this entry. */
export type NetworkKind = 'v-tgru' | 'gru' | 'lstm'

/** What does the arithmetic of training. */
export type TrainingBackend = 'auto' | 'wasm-kernels' | 'typescript' | 'tfjs'

/** Options that all networks share; what depends on the kind stands in `VtgruOptions`, `GruOptions` and `LstmOptions`. */
export interface NetworkOptions {
  /**
   * 'paper': the source's choices as far as it states them: min-max normalisation, binary weights and activations, the
   * decision head, SGD with momentum. They do worse; the page says by how much. @defaultValue none
   */
  readonly preset?: 'paper'
  /** Steps T of the past that the network sees, >= 1. @defaultValue 24 */
  readonly window?: number
  /** Steps ahead, all at once, >= 1. @defaultValue 12 */
  readonly horizon?: number
  /** Names of the features it sees beside the target. @defaultValue all features of the series */
  readonly features?: readonly string[]
  /** Widths of the tanh layers before the recurrence; `[]` for none. */
  readonly encoder?: readonly number[]
  /** Widths of the recurrent layers, first to last. @defaultValue [24, 24] */
  readonly units?: readonly number[]
  /** Whether the window is also read from its end. */
  readonly bidirectional?: boolean
  /** Where the reset gate of a GRU acts: on the state (false; Keras until 2019, tfjs) or on its product (true; cuDNN, PyTorch). @defaultValue false */
  readonly resetAfter?: boolean
  /** @defaultValue 'sigmoid' */
  readonly recurrentActivation?: 'sigmoid' | 'hardSigmoid'
  /** Which recurrent numbers are binary, or weights of -1, 0, +1 ('ternary'). @defaultValue 'none' */
  readonly binarize?: Binarisation
  /** Scale of binary weights: mean |w| of each output unit ('row'), or 1 / sqrt(fan-in) ('none'). @defaultValue 'row' */
  readonly scale?: 'row' | 'none'
  /** What the head reads: the last states, their mean, the weighted feature average, or two of them. */
  readonly readout?: Readout
  /** Width of the weighted feature average, > 0; 1 is the source, Infinity the plain mean. @defaultValue 1 */
  readonly wfaTau?: number
  /** What it averages: the encoder's output or the states. @defaultValue 'encoder' */
  readonly wfaSource?: 'encoder' | 'hidden'
  /**
   * Adds a linear function of the window to the outputs: under 'regression' it starts as the autoregression by least absolute
   * deviations, under 'decision' as the logistic regression; not with 'levels'. @defaultValue false
   */
  readonly linearSkip?: boolean
  /** Values ('regression'), ordered classes of value ('levels'), or whether a threshold is reached ('decision'). @defaultValue 'regression' */
  readonly head?: 'regression' | 'levels' | 'decision'
  /** Levels of the quantiles of a regression head, ascending, each in (0, 1). @defaultValue [0.5, 0.85] */
  readonly quantiles?: readonly number[]
  /** Classes of a 'levels' head, >= 2; fewer where training values are too much alike. @defaultValue 5 */
  readonly classes?: number
  /** The level of a 'decision' head, in the unit of the target. @defaultValue the 90 % quantile of the training rows */
  readonly threshold?: number
  /** Weight of the loss of a 'yes' of the decision head, > 0; 'balanced' = (number of 'no') / (number of 'yes'). @defaultValue 'balanced' */
  readonly positiveWeight?: number | 'balanced'
  /** How values are brought near 0: by the median of each window, or by fixed statistics of the training rows. @defaultValue 'window' */
  readonly normalization?: Normalization
  /** Share of inputs switched off in training, in [0, 1). @defaultValue 0.1 */
  readonly dropout?: number
  /** Share of the previous state switched off in training, in [0, 1). @defaultValue 0 */
  readonly recurrentDropout?: number
  /** The source's is SGD with momentum; Adam gets further in fewer epochs. @defaultValue { name: 'adam', learningRate: 0.003 } */
  readonly optimizer?: OptimizerOptions
  /** Largest Euclidean norm of a gradient, > 0. @defaultValue 1 */
  readonly clipNorm?: number
  /** Windows per step, >= 1. @defaultValue 128 */
  readonly batch?: number
  /** Passes over the training windows at most, >= 1. @defaultValue 60 */
  readonly epochs?: number
  /** Epochs without a better validation loss after which training ends, >= 1. @defaultValue 8 */
  readonly patience?: number
  /** Share of each series, its end, that is kept for early stopping, in (0, 1). @defaultValue 0.1 */
  readonly validationShare?: number
  /** What computes: the fastest that is there ('auto'), or a named one, or an error. @defaultValue 'auto' */
  readonly backend?: TrainingBackend
  /** Names the stream of random numbers. @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Ends training early; the best weights so far are returned with status 'aborted'. */
  readonly signal?: AbortSignal
  /** Training budget in milliseconds. */
  readonly timeLimitMs?: number
  /** Told after each batch; `best` is the best validation loss, `iteration` the epoch, `evaluations` the windows seen. */
  readonly onProgress?: (progress: Progress) => void
  /** Puts a checkpoint into the model, from which `resume` goes on. @defaultValue false */
  readonly withCheckpoint?: boolean
  /** Goes on from the checkpoint of a run with the same series and options. */
  readonly resume?: NetworkCheckpoint
}

/** Options of `trainVtgru`. */
export interface VtgruOptions extends NetworkOptions {
  /** Widths of the tanh layers before the recurrence; `[]` for none. @defaultValue [16, 8] */
  readonly encoder?: readonly number[]
  /** Whether the window is also read from its end. @defaultValue true */
  readonly bidirectional?: boolean
  /** What the head reads: the last states, their mean, the weighted feature average, or two of them. @defaultValue 'last+wfa' */
  readonly readout?: Readout
}

/** Options of `trainGru`. */
export interface GruOptions extends NetworkOptions {
  /** Widths of the tanh layers before the recurrence; `[]` for none. @defaultValue [] */
  readonly encoder?: readonly number[]
  /** Whether the window is also read from its end. @defaultValue false */
  readonly bidirectional?: boolean
  /** What the head reads: the last states, their mean, the weighted feature average, or two of them. @defaultValue 'last' */
  readonly readout?: Readout
}

/** Options of `trainLstm`. */
export type LstmOptions = GruOptions

/** The options that have a default. */
export type Defaulted = Exclude<
  keyof NetworkOptions,
  'preset' | 'features' | 'threshold' | 'signal' | 'timeLimitMs' | 'onProgress' | 'resume'
>

/** Options with a value for each that has a default. */
export type ResolvedNetworkOptions = Omit<NetworkOptions, Defaulted> & {
  readonly [K in Defaulted]: NonNullable<NetworkOptions[K]>
}

/** The defaults of one kind of network. */
export type NetworkDefaults = { readonly [K in Defaulted]: NonNullable<NetworkOptions[K]> }

/** Defaults of `trainVtgru`: those that forecast well, not the source's; `preset: 'paper'` is nearer to it. */
export const vtgruDefaults: NetworkDefaults = Object.freeze({
  window: 24,
  horizon: 12,
  encoder: Object.freeze([16, 8]),
  units: Object.freeze([24, 24]),
  bidirectional: true,
  resetAfter: false,
  recurrentActivation: 'sigmoid',
  binarize: 'none',
  scale: 'row',
  readout: 'last+wfa',
  wfaTau: 1,
  wfaSource: 'encoder',
  linearSkip: false,
  head: 'regression',
  quantiles: Object.freeze([0.5, 0.85]),
  classes: 5,
  positiveWeight: 'balanced',
  normalization: 'window',
  dropout: 0.1,
  recurrentDropout: 0,
  optimizer: Object.freeze({ name: 'adam', learningRate: 0.003 }),
  clipNorm: 1,
  batch: 128,
  epochs: 60,
  patience: 8,
  validationShare: 0.1,
  backend: 'auto',
  seed: defaultSeed,
  withCheckpoint: false,
})

/** Defaults of `trainGru`: one direction, two layers of the same width, last state; all else as V-TGRU. */
export const gruDefaults: NetworkDefaults = Object.freeze({
  ...vtgruDefaults,
  encoder: Object.freeze([]),
  bidirectional: false,
  readout: 'last',
})

/** Defaults of `trainLstm`: those of `gruDefaults`. */
export const lstmDefaults: NetworkDefaults = Object.freeze({ ...gruDefaults })

/** What `preset: 'paper'` sets. */
export const paperPreset: Pick<NetworkDefaults, 'normalization' | 'binarize' | 'head' | 'optimizer'> = Object.freeze({
  normalization: 'minmax',
  binarize: 'weights+activations',
  head: 'decision',
  optimizer: Object.freeze({ name: 'sgd', learningRate: 0.05, momentum: 0.9 }),
})

const widths = (least: number): ((x: unknown) => boolean) => {
  return (x) =>
    Array.isArray(x) && x.length >= least && x.every((width) => Number.isInteger(width) && width >= 1 && width <= 4096)
}

const entries: OptionEntries = {
  ...runOptionEntries,
  preset: oneOf('paper'),
  window: integerIn(1, 100_000),
  horizon: integerIn(1, 10_000),
  features: satisfying<readonly string[]>(
    (x) => Array.isArray(x) && x.every((name) => typeof name === 'string') && new Set(x).size === x.length,
    'a list of different names',
  ),
  encoder: satisfying<readonly number[]>(widths(0), 'a list of whole numbers in [1, 4096]'),
  units: satisfying<readonly number[]>(widths(1), 'a list of at least one whole number in [1, 4096]'),
  bidirectional: trueOrFalse,
  resetAfter: trueOrFalse,
  recurrentActivation: oneOf('sigmoid', 'hardSigmoid'),
  binarize: oneOf('none', 'weights', 'weights+activations', 'ternary'),
  scale: oneOf('row', 'none'),
  readout: oneOf('last', 'mean', 'wfa', 'last+wfa'),
  wfaTau: satisfying<number>((x) => typeof x === 'number' && x > 0, 'a number > 0, or Infinity'),
  wfaSource: oneOf('encoder', 'hidden'),
  linearSkip: trueOrFalse,
  head: oneOf('regression', 'levels', 'decision'),
  quantiles: satisfying<readonly number[]>(
    (x) => Array.isArray(x) && x.length > 0 && x.every((level, k) => level > (x[k - 1] ?? 0) && level < 1),
    'ascending numbers in (0, 1), at least one',
  ),
  classes: integerIn(2, 1000),
  threshold: numberIn(-Infinity),
  positiveWeight: satisfying<number | 'balanced'>(
    (x) => x === 'balanced' || (typeof x === 'number' && x > 0 && x < Infinity),
    "a finite number > 0, or 'balanced'",
  ),
  normalization: oneOf('window', 'minmax', 'zscore'),
  dropout: satisfying<number>(isRate, 'a number in [0, 1)'),
  recurrentDropout: satisfying<number>(isRate, 'a number in [0, 1)'),
  optimizer: satisfying<OptimizerOptions>(
    isOptimizer,
    "{ name: 'sgd', learningRate > 0, momentum in [0, 1) } or { name: 'adam', learningRate > 0 }",
  ),
  clipNorm: satisfying<number>((x) => typeof x === 'number' && x > 0, 'a number > 0, or Infinity'),
  batch: integerIn(1, 100_000),
  epochs: integerIn(1, 1_000_000),
  patience: integerIn(1),
  validationShare: satisfying<number>((x) => typeof x === 'number' && x > 0 && x < 1, 'a number in (0, 1)'),
  backend: oneOf('auto', 'wasm-kernels', 'typescript', 'tfjs'),
  timeLimitMs: numberAbove(0),
  onProgress: functionLike<(progress: Progress) => void>(),
  withCheckpoint: trueOrFalse,
  resume: satisfying<NetworkCheckpoint>((x) => typeof x === 'object' && x !== null, 'a checkpoint of a model'),
}

/** @throws CloudschedError `invalid-option` with every broken rule */
export function readNetworkOptions(kind: NetworkKind, options: NetworkOptions): ResolvedNetworkOptions {
  const defaults = kind === 'v-tgru' ? vtgruDefaults : kind === 'gru' ? gruDefaults : lstmDefaults
  const preset = options?.preset === 'paper' ? paperPreset : {}
  return readOptions(entries, { ...defaults, ...preset }, options) as ResolvedNetworkOptions
}

function isRate(x: unknown): boolean {
  return typeof x === 'number' && x >= 0 && x < 1
}

function isOptimizer(x: unknown): boolean {
  if (typeof x !== 'object' || x === null) return false
  const { name, learningRate, momentum, ...rest } = x as Record<string, unknown>
  if (
    Object.keys(rest).length > 0 ||
    !(typeof learningRate === 'number' && learningRate > 0 && learningRate < Infinity)
  )
    return false
  return name === 'sgd' ? isRate(momentum) : name === 'adam' && momentum === undefined
}
