import type { Kernels, Offset } from '../../kernels/kernels.ts'
import { createMaml, type Maml } from '../../kernels/maml.ts'
import {
  allocatePass,
  layOutMlp,
  type Mlp,
  mlpBackward,
  mlpForward,
  mlpHessianProduct,
  mlpLoss,
  type MlpShape,
} from '../../kernels/mlp.ts'
import { normal } from '../../random/distributions.ts'
import type { EpisodeBatch } from '../episodes/episode.ts'
import { perceptronCount } from './encoder.ts'
import { clearSlots, tieSlots } from './gradient-learners.ts'
import { initialWeights } from './initial-weights.ts'
import { descend, outputsOf } from './inner-steps.ts'
import { type AdaptLearner, type LearnerShape, networkOf, type Prediction, type Trainee } from './learner.ts'
import { meanAndSpread } from './posterior.ts'

/** ln of the standard deviations of the initial parameters to start from. */
const startLnDeviation = Math.log(0.05)

/**
 * PLATIPUS (Finn, Xu and Levine 2018, algorithm 1): a learned Gaussian over initial parameters.
 *
 * theta ~ q = N(mu - gamma_q grad L_query(mu), v_q); s inner steps on the support set from theta lead to phi; the meta-loss
 * is L_query(phi) + klWeight KL(q || p) / parameters, with p = N(mu - gamma_p grad L_support(mu), sigma^2). The gradient is
 * exact and taken by hand: through the inner steps and through both gradients at mu, by Hessian products.
 *
 * Weights: mu | ln sigma | ln sqrt(v_q) | ln gamma_p, ln gamma_q, ln inner rate.
 */
export function platipusTrainee(kernels: Kernels, shape: LearnerShape): Trainee {
  const network = networkOf(shape)
  const count = perceptronCount(network.sizes)
  const learners = new Map<string, TaskGradient>()
  return {
    backend: kernels.backend,
    blocks: [
      { name: 'mu', count },
      { name: 'lnSigma', count },
      { name: 'lnQueryDeviation', count },
      { name: 'lnRates', count: 3 },
    ],
    initial: (rng) => {
      const weights = new Float32Array(3 * count + 3).fill(startLnDeviation)
      weights.set(initialWeights(network.sizes, rng, shape.slotsFrom))
      return weights.fill(Math.log(shape.innerRate), 3 * count)
    },
    gradient: (weights, batch, rng, gradient) => {
      const key = `${batch.supportRows} ${batch.queryRows}`
      const taskGradient = learners.get(key) ?? createTaskGradient(kernels, shape, network, batch)
      learners.set(key, taskGradient)
      gradient.fill(0)
      let loss = 0
      for (let task = 0; task < batch.tasks; task++) {
        const noise = Float64Array.from({ length: count }, () => normal(rng, 0, 1))
        loss += taskGradient(weights, oneTask(batch, task, shape), noise, gradient)
      }
      for (let k = 0; k < gradient.length; k++) gradient[k]! /= batch.tasks
      clearSlots(shape, gradient)
      tieSlots(shape, gradient.subarray(count, 2 * count))
      tieSlots(shape, gradient.subarray(2 * count, 3 * count))
      return loss / batch.tasks
    },
    dispose: () => learners.clear(),
  }
}

/** Adds the gradient of one task, with the given standard normal noise; returns its meta-loss. */
type TaskGradient = (weights: Float32Array, task: EpisodeBatch, noise: Float64Array, gradient: Float32Array) => number

function createTaskGradient(
  kernels: Kernels,
  shape: LearnerShape,
  network: MlpShape,
  { supportRows, queryRows }: EpisodeBatch,
): TaskGradient {
  const maml: Maml = createMaml(kernels, { ...network, tasks: 1, supportRows, queryRows, steps: shape.innerSteps })
  const support = pointGradient(kernels, layOutMlp(network, supportRows), shape)
  const query = pointGradient(kernels, layOutMlp(network, queryRows), shape)
  const count = maml.mlp.parameterCount
  return (weights, task, noise, gradient) => {
    const mu = weights.subarray(0, count)
    const [gammaP, gammaQ, rate] = [0, 1, 2].map((k) => Math.exp(weights[3 * count + k]!)) as [number, number, number]
    const gradientP = support.at(mu, task.supportX, task.supportY)
    const gradientQ = query.at(mu, task.queryX, task.queryY)

    // theta = mu - gamma_q grad L_query(mu) + sqrt(v_q) noise, and what the query loss after the inner steps asks of it.
    const theta = kernels.view(maml.parameters, count)
    for (let k = 0; k < count; k++) {
      theta[k] = mu[k]! - gammaQ * gradientQ[k]! + Math.exp(weights[2 * count + k]!) * noise[k]!
    }
    kernels.view(maml.rates, count).fill(rate)
    const loss = maml.gradient(task)
    const ofTheta = Float64Array.from(kernels.view(maml.metaGradient, count))
    for (const slope of kernels.view(maml.rateGradient, count)) gradient[3 * count + 2]! += rate * slope

    // KL(q || p) = sum ln(sigma / s) + (s^2 + D^2) / (2 sigma^2) - 1/2, with s^2 = v_q and D = mean of q - mean of p.
    const weight = shape.klWeight / count
    let divergence = 0
    const towardsQ = new Float64Array(count)
    const towardsP = new Float64Array(count)
    for (let k = 0; k < count; k++) {
      const [lnSigma, lnS] = [weights[count + k]!, weights[2 * count + k]!]
      const precision = Math.exp(-2 * lnSigma)
      const ratio = Math.exp(2 * (lnS - lnSigma))
      const apart = gammaP * gradientP[k]! - gammaQ * gradientQ[k]!
      const pull = weight * apart * precision
      divergence += lnSigma - lnS + (ratio + apart * apart * precision - 1) / 2
      gradient[count + k]! += weight * (1 - ratio - apart * apart * precision)
      gradient[2 * count + k]! += weight * (ratio - 1) + ofTheta[k]! * Math.exp(lnS) * noise[k]!
      towardsQ[k] = ofTheta[k]! + pull
      towardsP[k] = pull
      gradient[3 * count]! += gammaP * pull * gradientP[k]!
      gradient[3 * count + 1]! -= gammaQ * towardsQ[k]! * gradientQ[k]!
    }
    // Both means move with mu directly, which cancels in D, and through the gradients at mu.
    const curvedQ = query.hessianTimes(towardsQ)
    const curvedP = support.hessianTimes(towardsP)
    for (let k = 0; k < count; k++) gradient[k]! += ofTheta[k]! - gammaQ * curvedQ[k]! + gammaP * curvedP[k]!
    return loss + weight * divergence
  }
}

/** The gradient of a loss at one point, and products of the Hessian there. */
interface PointGradient {
  readonly at: (parameters: Float32Array, x: Float32Array, y: Float32Array) => Float64Array
  readonly hessianTimes: (direction: Float64Array) => Float64Array
}

function pointGradient(kernels: Kernels, mlp: Mlp, shape: LearnerShape): PointGradient {
  const count = mlp.parameterCount
  const [theta, gradient, direction, product] = [0, 1, 2, 3].map(() => kernels.allocate(count)) as [
    Offset,
    Offset,
    Offset,
    Offset,
  ]
  const x = kernels.allocate(mlp.rows * shape.inputs)
  const y = kernels.allocate(mlp.rows * shape.outputs)
  const pass = allocatePass(kernels, mlp)
  const [inputs, values, deltas] = [0, 1, 2].map(() => kernels.allocate(mlp.valueCount)) as [Offset, Offset, Offset]
  return {
    at: (parameters, givenX, givenY) => {
      kernels.view(theta, count).set(parameters)
      kernels.view(x, givenX.length).set(givenX)
      kernels.view(y, givenY.length).set(givenY)
      mlpForward(kernels, mlp, theta, x, pass.values)
      mlpLoss(kernels, mlp, pass, y)
      mlpBackward(kernels, mlp, theta, x, pass, gradient)
      return Float64Array.from(kernels.view(gradient, count))
    },
    hessianTimes: (given) => {
      kernels.view(direction, count).set(given)
      mlpHessianProduct(kernels, mlp, theta, x, pass, direction, { inputs, values, deltas }, product)
      return Float64Array.from(kernels.view(product, count))
    },
  }
}

function oneTask(batch: EpisodeBatch, task: number, { inputs, outputs }: LearnerShape): EpisodeBatch {
  const { supportRows, queryRows } = batch
  const part = (values: Float32Array, size: number): Float32Array => values.subarray(task * size, (task + 1) * size)
  return {
    tasks: 1,
    supportRows,
    queryRows,
    supportX: part(batch.supportX, supportRows * inputs),
    supportY: part(batch.supportY, supportRows * outputs),
    queryX: part(batch.queryX, queryRows * inputs),
    queryY: part(batch.queryY, queryRows * outputs),
  }
}

/**
 * Adaptation (algorithm 2): several theta ~ p = N(mu - gamma_p grad L_support(mu), sigma^2), each with its inner steps. The
 * outputs form a distribution; samples whose steps diverged stay at their best step.
 */
export const adaptPlatipus: AdaptLearner = (kernels, shape, weights, support, { steps, rng }) => {
  const network = networkOf(shape)
  const count = perceptronCount(network.sizes)
  const mu = weights.subarray(0, count)
  const [gammaP, , rate] = [0, 1, 2].map((k) => Math.exp(weights[3 * count + k]!)) as [number, number, number]
  // One step with the rate gamma_p is the mean of p.
  const center = descend(kernels, network, mu, new Float32Array(count).fill(gammaP), support, steps > 0 ? 1 : 0)
  const rates = new Float32Array(count).fill(rate)
  const descents = Array.from({ length: shape.samples }, () => {
    const theta = center.parameters.map((m, k) => m + Math.exp(weights[count + k]!) * normal(rng, 0, 1))
    return descend(kernels, network, theta, rates, support, steps)
  })
  const length = Math.max(...descents.map(({ losses }) => losses.length))
  return {
    predict: (x, rows): Prediction =>
      meanAndSpread(descents.map(({ parameters }) => outputsOf(kernels, network, parameters, x, rows))),
    supportLosses: Array.from({ length }, (_, step) => {
      const reached = descents.flatMap(({ losses }) => (step < losses.length ? [losses[step]!] : []))
      return reached.reduce((a, b) => a + b, 0) / reached.length
    }),
    diverged: center.diverged || descents.some(({ diverged }) => diverged),
  }
}
