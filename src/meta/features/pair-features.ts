import { ln } from '../../random/portable-math.ts'
import type { Cloud, Resource } from '../clouds/cloud.ts'
import type { TimeCorrections } from '../clouds/corrections.ts'
import type { SupportSet } from '../clouds/support.ts'
import type { ColumnBlock, Rows } from '../episodes/episode.ts'
import {
  allQuestions,
  type Belief,
  believe,
  type CorrectionPrior,
  fitCorrectionPrior,
  type Guess,
  type Question,
} from './belief.ts'
import { fitScaler, type Scaler, standardise } from './scaler.ts'

/**
 * Features of the pair scorer, fitted to training clouds: how a (class, resource) pair becomes a row. The task's own amounts
 * enter through its nominal times, exactly, so that no row is needed for every task.
 *
 * A row is: 1 when it asks about computing, 0 about transferring | one-hot of (class, kind), computing only | the resource's
 * ln speed, ln bandwidth, ln storage and ln price per GFLOP, standardised | mean and deviation of what the records make one
 * believe | one-hot of the resource.
 */
export interface PairFeatures {
  readonly form: 'pairs'
  readonly prior: CorrectionPrior
  /** Whether the records shape the belief; without, it stays at the prior and adaptation alone learns from them. */
  readonly recordFeatures: boolean
  readonly resource: Scaler
}

/** What each column before the resources' one-hot stands for; part of every model. */
export function pairFeatureNames({ prior }: PairFeatures): string[] {
  return [
    'is computing',
    ...Array.from({ length: prior.classCount * prior.kindCount }, (_, k) => {
      return `class ${Math.floor(k / prior.kindCount)} on kind ${k % prior.kindCount}`
    }),
    'ln speedGflops',
    'ln bandwidthMbps',
    'ln storageGb',
    'ln price per GFLOP',
    'believed correction',
    'deviation of the belief',
  ]
}

function resourceNumbers({ speedGflops, bandwidthMbps, storageGb, pricePerSecond }: Resource): number[] {
  return [ln(speedGflops), ln(bandwidthMbps), ln(storageGb), ln(Math.max(1e-12, pricePerSecond) / speedGflops)]
}

/** What stays unexplained of a time that is observed exactly: now and then one is taken for that of the other phase. */
const noiseDeviation = 0.03

/** Fits the features to clouds whose hidden state is known. */
export function fitPairFeatures(clouds: readonly Cloud[], recordFeatures: boolean, noise: number): PairFeatures {
  return {
    form: 'pairs',
    prior: fitCorrectionPrior(clouds, Math.max(noise, noiseDeviation)),
    recordFeatures,
    resource: fitScaler(clouds.flatMap(({ resources }) => resources.map(resourceNumbers))),
  }
}

/** Columns before the one-hot of the resource. */
export function pairSlotsFrom({ prior }: PairFeatures): number {
  return 1 + prior.classCount * prior.kindCount + 6
}

/** The one-hot blocks of a row: (class, kind), and the resource. */
export function pairRelations(features: PairFeatures, slots: number): ColumnBlock[] {
  const from = pairSlotsFrom(features)
  const { classCount, kindCount } = features.prior
  return [
    { from: 1, to: 1 + classCount * kindCount },
    { from, to: from + slots },
  ]
}

/** A cloud as its records show it: what to believe of each pair, and the rows that a learner adapts to. */
export interface PairView {
  readonly features: PairFeatures
  readonly resources: readonly Resource[]
  readonly belief: Belief
  /** What is believed of all questions. */
  readonly guesses: readonly Guess[]
  readonly support: Rows
  readonly slots: number
  /**
   * Root mean square of how far the records lie from what the others made one believe, in deviations: 1 in clouds like those
   * of training, more in others. As if 20 records with 1 had been seen before.
   */
  readonly surprise: number
}

/** Records of 1 that the measure of surprise starts with. */
const priorRecords = 20

/**
 * Reads a support set. The target of an observation is how far it lies from what the *other* records make one believe,
 * in deviations of that belief.
 */
export function viewPairs(features: PairFeatures, support: SupportSet, slots: number): PairView {
  const { resources } = support
  const full = believe(features.prior, support)
  const belief = features.recordFeatures ? full : { ...full, guess: unmoved(features.prior) }
  const without = full.observed.map((observation, k) =>
    features.recordFeatures ? full.guessWithout(k) : belief.guess(observation),
  )
  const questions = allQuestions(features.prior.classCount, resources.length)
  const y = Float32Array.from(full.observed, ({ value }, k) => standardised(value, without[k]!))
  const squares = y.reduce((sum, z) => sum + z * z, priorRecords)
  return {
    features,
    resources,
    belief,
    guesses: questions.map(belief.guess),
    support: { count: full.observed.length, x: pairInputs(features, resources, full.observed, without, slots), y },
    slots,
    surprise: Math.max(1, Math.sqrt(squares / (priorRecords + y.length))),
  }
}

/** The prior means, with one deviation for both phases: effects of a resource then weigh the same in either. */
function unmoved({ computeMean, networkMean, classKindDeviation }: CorrectionPrior): (question: Question) => Guess {
  return ({ phase }) => ({ mean: phase === 'compute' ? computeMean : networkMean, deviation: classKindDeviation })
}

/** A belief is never taken for surer than this: the deviation that targets are measured in. */
const leastDeviation = 0.02

/** A correction as a target. */
export function standardised(value: number, { mean, deviation }: Guess): number {
  return (value - mean) / Math.max(leastDeviation, deviation)
}

/** The inputs of some questions, each with what is believed of it. */
export function pairInputs(
  { prior, resource: scaler }: PairFeatures,
  resources: readonly Resource[],
  questions: readonly Question[],
  guesses: readonly Guess[],
  slots: number,
): Float32Array {
  const { classCount, kindCount, computeMean, networkMean, classKindDeviation } = prior
  const numbersFrom = 1 + classCount * kindCount
  const base = numbersFrom + 6
  const width = base + slots
  const x = new Float32Array(questions.length * width)
  const numbers = resources.map(resourceNumbers)
  questions.forEach(({ phase, workloadClass, resource }, k) => {
    const at = k * width
    if (phase === 'compute') {
      x[at] = 1
      x[at + 1 + workloadClass * kindCount + resources[resource]!.kind] = 1
    }
    standardise(scaler, numbers[resource]!, x, at + numbersFrom)
    const { mean, deviation } = guesses[k]!
    x[at + numbersFrom + 4] = (mean - (phase === 'compute' ? computeMean : networkMean)) / classKindDeviation
    x[at + numbersFrom + 5] = deviation / classKindDeviation
    x[at + base + resource] = 1
  })
  return x
}

/** Inputs of all questions about a cloud. */
export function allPairInputs({ features, resources, guesses, slots }: PairView): Float32Array {
  return pairInputs(features, resources, allQuestions(features.prior.classCount, resources.length), guesses, slots)
}

/**
 * Outputs for all questions as corrections: belief + deviation * output, plus `margin` deviations for safety.
 */
export function correctionsFrom(
  { features, resources, guesses, surprise }: PairView,
  outputs: ArrayLike<number>,
  margin: number,
): TimeCorrections {
  const resourceCount = resources.length
  const boundary = features.prior.classCount * resourceCount
  const value = (k: number): number => {
    const { mean, deviation } = guesses[k]!
    return mean + Math.max(leastDeviation, deviation) * (outputs[k]! + margin * surprise)
  }
  return {
    classCount: features.prior.classCount,
    resourceCount,
    compute: Float64Array.from({ length: boundary }, (_, k) => value(k)),
    network: Float64Array.from({ length: resourceCount }, (_, j) => value(boundary + j)),
  }
}
