import type { Cloud } from '../clouds/cloud.ts'
import {
  observedCorrections,
  type ObservedCorrection,
  type TimeCorrections,
  trueCorrections,
} from '../clouds/corrections.ts'
import type { SupportSet } from '../clouds/support.ts'

/**
 * What training clouds tell about corrections before any record is seen. A correction is the mean of its phase, plus, when
 * computing, the effect of its (class, kind), plus the effect of its resource; effects are taken as normal about 0.
 */
export interface CorrectionPrior {
  readonly classCount: number
  readonly kindCount: number
  readonly computeMean: number
  readonly networkMean: number
  /** Standard deviation of the effect of a (class, kind). */
  readonly classKindDeviation: number
  /** Standard deviation of the effect of a resource. */
  readonly resourceDeviation: number
  /** Standard deviation of what neither explains: noise, and times that were taken for those of the other phase. */
  readonly noiseDeviation: number
}

/** What is asked about a correction. */
export type Question = Pick<ObservedCorrection, 'phase' | 'workloadClass' | 'resource'>

/** Mean and standard deviation of a correction. */
export interface Guess {
  readonly mean: number
  readonly deviation: number
}

/** The prior after some records: the posterior of a linear model, in closed form. */
export interface Belief {
  readonly observed: readonly ObservedCorrection[]
  readonly guess: (question: Question) => Guess
  /** Of the effect of each (class, kind), entry [class * kindCount + kind], and of each resource. */
  readonly effects: { readonly classKind: readonly Guess[]; readonly resource: readonly Guess[] }
  /** What would be believed of an observation had it not been made. */
  readonly guessWithout: (observation: number) => Guess
}

/** Fits the prior to clouds whose hidden state is known. */
export function fitCorrectionPrior(clouds: readonly Cloud[], noiseDeviation: number): CorrectionPrior {
  const truths = clouds.map(trueCorrections)
  const compute = moments(truths.map((truth) => truth.compute))
  const network = moments(truths.map((truth) => truth.network))
  return {
    classCount: clouds.reduce((most, { hidden }) => Math.max(most, hidden.efficiency.length), 1),
    kindCount: clouds.reduce((most, { hidden }) => Math.max(most, ...hidden.efficiency.map((row) => row.length)), 1),
    computeMean: compute.mean,
    networkMean: network.mean,
    classKindDeviation: Math.sqrt(Math.max(1e-4, compute.variance - network.variance)),
    resourceDeviation: Math.sqrt(Math.max(1e-4, network.variance)),
    noiseDeviation,
  }
}

function moments(arrays: readonly Float64Array[]): { mean: number; variance: number } {
  let count = 0
  let sum = 0
  let squares = 0
  for (const array of arrays) {
    for (const value of array) {
      count++
      sum += value
      squares += value * value
    }
  }
  const mean = sum / count
  return { mean, variance: squares / count - mean * mean }
}

/**
 * Bayesian linear regression of the corrections on the records: with prior covariance P = diag(deviation^2), the posterior
 * has covariance S = (P^-1 + X'X / noise^2)^-1 and mean S X'y / noise^2. Which phase a time belongs to is judged by the
 * prior means, and once more by what the first fit believes.
 */
export function believe(prior: CorrectionPrior, support: SupportSet): Belief {
  const first = fit(prior, support, observedCorrections(support, priorCorrections(prior, support.resources.length)))
  if (support.records.length === 0) return first
  return fit(prior, support, observedCorrections(support, correctionsOf(prior, support.resources.length, first.guess)))
}

/** What is believed before anything is seen. */
function priorCorrections({ classCount, computeMean, networkMean }: CorrectionPrior, resourceCount: number) {
  return {
    compute: new Float64Array(classCount * resourceCount).fill(computeMean),
    network: new Float64Array(resourceCount).fill(networkMean),
  }
}

function correctionsOf(
  { classCount }: CorrectionPrior,
  resourceCount: number,
  guess: Belief['guess'],
): Pick<TimeCorrections, 'compute' | 'network'> {
  const questions = allQuestions(classCount, resourceCount).map((question) => guess(question).mean)
  const boundary = classCount * resourceCount
  return {
    compute: Float64Array.from(questions.slice(0, boundary)),
    network: Float64Array.from(questions.slice(boundary)),
  }
}

/** Every question there is: each class on each resource, then each resource's network. */
export function allQuestions(classCount: number, resourceCount: number): Question[] {
  return Array.from({ length: (classCount + 1) * resourceCount }, (_, k): Question => {
    const resource = k % resourceCount
    const workloadClass = Math.floor(k / resourceCount)
    return workloadClass < classCount
      ? { phase: 'compute', workloadClass, resource }
      : { phase: 'network', workloadClass: 0, resource }
  })
}

function fit(prior: CorrectionPrior, { resources }: SupportSet, observed: readonly ObservedCorrection[]): Belief {
  const { kindCount, computeMean, networkMean, classKindDeviation, resourceDeviation, noiseDeviation } = prior
  const effects = prior.classCount * kindCount
  const size = effects + resources.length
  const noise = noiseDeviation * noiseDeviation
  const resourceOf = (question: Question): number => effects + question.resource
  const classKindOf = ({ phase, workloadClass, resource }: Question): number =>
    phase === 'compute' ? workloadClass * kindCount + resources[resource]!.kind : -1
  const meanOf = ({ phase }: Question): number => (phase === 'compute' ? computeMean : networkMean)

  const precision = new Float64Array(size * size)
  const moment = new Float64Array(size)
  for (let k = 0; k < size; k++) {
    const deviation = k < effects ? classKindDeviation : resourceDeviation
    precision[k * size + k] = 1 / (deviation * deviation)
  }
  for (const observation of observed) {
    const [r, c] = [resourceOf(observation), classKindOf(observation)]
    const residual = (observation.value - meanOf(observation)) / noise
    moment[r]! += residual
    precision[r * size + r]! += 1 / noise
    if (c < 0) continue
    moment[c]! += residual
    precision[c * size + c]! += 1 / noise
    precision[r * size + c]! += 1 / noise
    precision[c * size + r]! += 1 / noise
  }
  invertPositive(precision, size)
  const effect = new Float64Array(size)
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) effect[i]! += precision[i * size + j]! * moment[j]!

  function guess(question: Question): Guess {
    const [r, c] = [resourceOf(question), classKindOf(question)]
    const mean = meanOf(question) + effect[r]! + (c < 0 ? 0 : effect[c]!)
    const own = precision[r * size + r]!
    const variance = c < 0 ? own : own + precision[c * size + c]! + 2 * precision[r * size + c]!
    return { mean, deviation: Math.sqrt(Math.max(0, variance)) }
  }
  const effectGuess = (k: number): Guess => ({ mean: effect[k]!, deviation: Math.sqrt(precision[k * size + k]!) })
  return {
    observed,
    guess,
    effects: {
      classKind: Array.from({ length: effects }, (_, k) => effectGuess(k)),
      resource: resources.map((_, j) => effectGuess(effects + j)),
    },
    guessWithout: (k) => {
      // The hat matrix tells what the fit would be without an observation: leverage h = x'Sx / noise^2.
      const { mean, deviation } = guess(observed[k]!)
      const leverage = Math.min((deviation * deviation) / noise, 1 - 1e-9)
      const { value } = observed[k]!
      return {
        mean: value - (value - mean) / (1 - leverage),
        deviation: deviation / Math.sqrt(1 - leverage),
      }
    },
  }
}

/** Inverts a symmetric positive definite matrix in place, by sweeping each of its rows (Beaton 1964). */
function invertPositive(matrix: Float64Array, size: number): void {
  for (let k = 0; k < size; k++) {
    const pivot = 1 / matrix[k * size + k]!
    for (let i = 0; i < size; i++) {
      if (i === k) continue
      const factor = matrix[i * size + k]! * pivot
      if (factor === 0) continue
      for (let j = 0; j < size; j++) if (j !== k) matrix[i * size + j]! -= factor * matrix[k * size + j]!
    }
    for (let j = 0; j < size; j++) {
      if (j === k) continue
      matrix[j * size + k]! *= -pivot
      matrix[k * size + j]! *= pivot
    }
    matrix[k * size + k] = pivot
  }
}
