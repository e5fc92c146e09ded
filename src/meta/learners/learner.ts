import type { MlpShape } from '../../kernels/mlp.ts'
import type { Kernels } from '../../kernels/kernels.ts'
import type { Rng } from '../../random/rng.ts'
import type { ColumnBlock, EpisodeBatch, Rows } from '../episodes/episode.ts'

/**
 * The learners: MAML (Finn et al. 2017), its first-order form, ANIL (Raghu et al. 2020), Reptile (Nichol et al. 2018),
 * PLATIPUS (Finn, Xu, Levine 2018), prototypical networks (Snell et al. 2017), matching networks (Vinyals et al. 2016),
 * VERSA (Gordon et al. 2019).
 */
export type LearnerName = 'maml' | 'fomaml' | 'anil' | 'reptile' | 'platipus' | 'prototypical' | 'matching' | 'versa'

/** What a learner computes with: plain data, part of every model. */
export interface LearnerShape {
  readonly learner: LearnerName
  readonly inputs: number
  readonly outputs: number
  readonly hidden: readonly number[]
  readonly activation: 'relu' | 'tanh'
  readonly loss: 'squared-error' | 'cross-entropy'
  readonly relations: readonly ColumnBlock[]
  readonly slotsFrom: number
  /** Inner steps of training; gradient learners only. */
  readonly innerSteps: number
  /** Inner rate at the start; gradient learners only. */
  readonly innerRate: number
  /** Whether the inner rates are learned, one per parameter (Meta-SGD, Li et al. 2017). */
  readonly learnRates: boolean
  /** Standard deviation of the targets about the prediction, in their unit: what posterior learners take for noise. */
  readonly noise: number
  /** Samples of the posterior in training and in predictions; posterior learners only. */
  readonly samples: number
  /** Weight of KL(q || p) beside the mean query loss; PLATIPUS only. */
  readonly klWeight: number
  /** Whether each support embedding sees the whole support set; matching networks only. */
  readonly fullContext: boolean
}

/** One named array of trainable numbers. */
export interface WeightBlock {
  readonly name: string
  readonly count: number
}

/** A learner as training sees it: a loss and its gradient in one flat array of weights. */
export interface Trainee {
  readonly blocks: readonly WeightBlock[]
  /** Weights to start from, seeded. */
  readonly initial: (rng: Rng) => Float32Array
  /**
   * The meta-loss of a batch, and its gradient, which is written. Reptile writes theta - mean phi, which is what descent
   * takes for one.
   */
  readonly gradient: (weights: Float32Array, batch: EpisodeBatch, rng: Rng, gradient: Float32Array) => number
  /** What computes: for reports. */
  readonly backend: string
  readonly dispose: () => void
}

/** A learner adapted to one meta-task. */
export interface Predictor {
  readonly predict: (x: Float32Array, rows: number) => Prediction
  /** Loss on the support set before each inner step and after the last; empty where nothing is descended. */
  readonly supportLosses: readonly number[]
  /** The steps led away from the support set; the answer is then that of the best step, the start included. */
  readonly diverged: boolean
}

/** Outputs of a learner, row by row: logits turned into probabilities under cross-entropy. */
export interface Prediction {
  readonly mean: Float32Array
  /** Standard deviation over the posterior samples; `null` where the learner has no posterior. */
  readonly spread: Float32Array | null
  /** Every sample's outputs; empty where the learner has no posterior. */
  readonly samples: readonly Float32Array[]
}

/** What adaptation may be told. */
export interface AdaptLearnerOptions {
  readonly steps: number
  readonly rng: Rng
}

/** Adapts trained weights to the support set of one meta-task, without tfjs. */
export type AdaptLearner = (
  kernels: Kernels,
  shape: LearnerShape,
  weights: Float32Array,
  support: Rows,
  options: AdaptLearnerOptions,
) => Predictor

/** The perceptron of the gradient learners. */
export function networkOf({ inputs, hidden, outputs, activation, loss }: LearnerShape): MlpShape {
  return { sizes: [inputs, ...hidden, outputs], activation, loss }
}
