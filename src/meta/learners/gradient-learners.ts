import type { Kernels } from '../../kernels/kernels.ts'
import { createMaml, type Maml } from '../../kernels/maml.ts'
import type { EpisodeBatch } from '../episodes/episode.ts'
import { perceptronCount } from './encoder.ts'
import { initialWeights } from './initial-weights.ts'
import { descend, outputsOf } from './inner-steps.ts'
import { type AdaptLearner, type LearnerShape, networkOf, type Trainee } from './learner.ts'

/**
 * MAML, first-order MAML, ANIL and Reptile: an initialisation from which a few steps of gradient descent on a support set
 * lead to a good network. They differ in the outer gradient alone.
 *
 * Their weights are theta and, where the inner rates are learned, ln of one rate per parameter.
 */
export function gradientTrainee(kernels: Kernels, shape: LearnerShape): Trainee {
  const network = networkOf(shape)
  const count = perceptronCount(network.sizes)
  const learners = new Map<string, Maml>()
  const learnerFor = ({ tasks, supportRows, queryRows }: EpisodeBatch): Maml => {
    const key = `${tasks} ${supportRows} ${queryRows}`
    const known = learners.get(key)
    if (known) return known
    const maml = createMaml(kernels, { ...network, tasks, supportRows, queryRows, steps: shape.innerSteps })
    learners.set(key, maml)
    return maml
  }
  return {
    backend: kernels.backend,
    blocks: [{ name: 'theta', count }, ...(shape.learnRates ? [{ name: 'lnRates', count }] : [])],
    initial: (rng) => {
      const theta = initialWeights(network.sizes, rng, shape.slotsFrom)
      if (!shape.learnRates) return theta
      const weights = new Float32Array(2 * count).fill(Math.log(shape.innerRate), count)
      weights.set(theta)
      return weights
    },
    gradient: (weights, batch, _, gradient) => {
      const theta = weights.subarray(0, count)
      const rates = ratesOf(shape, weights)
      if (shape.learner === 'reptile') return reptileGradient(kernels, shape, theta, rates, batch, gradient)
      const maml = learnerFor(batch)
      kernels.view(maml.parameters, count).set(theta)
      kernels.view(maml.rates, count).set(rates)
      const loss = maml.gradient(batch, shape.learner === 'fomaml' ? 1 : 2)
      gradient.set(kernels.view(maml.metaGradient, count))
      clearSlots(shape, gradient)
      if (shape.learnRates) {
        const ofRates = kernels.view(maml.rateGradient, count)
        for (let k = 0; k < count; k++) gradient[count + k] = ofRates[k]! * rates[k]!
        tieSlots(shape, gradient.subarray(count))
      }
      return loss
    },
    dispose: () => learners.clear(),
  }
}

/** Reptile (Nichol et al. 2018, algorithm 2): theta - mean of phi, where phi has descended on all rows of a task. */
function reptileGradient(
  kernels: Kernels,
  shape: LearnerShape,
  theta: Float32Array,
  rates: Float32Array,
  batch: EpisodeBatch,
  gradient: Float32Array,
): number {
  const network = networkOf(shape)
  gradient.fill(0)
  let loss = 0
  for (let task = 0; task < batch.tasks; task++) {
    const rows = allRows(batch, task, shape)
    const { parameters, losses } = descend(kernels, network, theta, rates, rows, shape.innerSteps)
    for (let k = 0; k < theta.length; k++) gradient[k]! += (theta[k]! - parameters[k]!) / batch.tasks
    loss += losses.at(-1)! / batch.tasks
  }
  clearSlots(shape, gradient)
  return loss
}

function allRows(batch: EpisodeBatch, task: number, { inputs, outputs }: LearnerShape) {
  const { supportRows, queryRows } = batch
  const join = (support: Float32Array, query: Float32Array, width: number): Float32Array => {
    const joined = new Float32Array((supportRows + queryRows) * width)
    joined.set(support.subarray(task * supportRows * width, (task + 1) * supportRows * width))
    joined.set(query.subarray(task * queryRows * width, (task + 1) * queryRows * width), supportRows * width)
    return joined
  }
  return {
    count: supportRows + queryRows,
    x: join(batch.supportX, batch.queryX, inputs),
    y: join(batch.supportY, batch.queryY, outputs),
  }
}

/** Adaptation and prediction of the gradient learners. */
export const adaptGradientLearner: AdaptLearner = (kernels, shape, weights, support, { steps }) => {
  const network = networkOf(shape)
  const rates = ratesOf(shape, weights)
  const { parameters, losses, diverged } = descend(
    kernels,
    network,
    weights.subarray(0, rates.length),
    rates,
    support,
    steps,
  )
  return {
    predict: (x, rows) => ({ mean: outputsOf(kernels, network, parameters, x, rows), spread: null, samples: [] }),
    supportLosses: losses,
    diverged,
  }
}

/** The inner rate of each parameter: 0 below the head for ANIL. */
export function ratesOf(shape: LearnerShape, weights: Float32Array): Float32Array {
  const count = shape.learnRates ? weights.length / 2 : weights.length
  const rates = shape.learnRates
    ? weights.subarray(count).map((ln) => Math.exp(ln))
    : new Float32Array(count).fill(shape.innerRate)
  if (shape.learner === 'anil') rates.fill(0, 0, count - shape.outputs * ((shape.hidden.at(-1) ?? shape.inputs) + 1))
  return rates
}

/** The weights of the slots stay 0 at the start of every adaptation, so that no order of resources is learned. */
export function clearSlots({ inputs, slotsFrom, hidden, outputs }: LearnerShape, gradient: Float32Array): void {
  const width = hidden[0] ?? outputs
  gradient.fill(0, slotsFrom * width, inputs * width)
}

/** What every slot has alike moves by the sum of what each asks for. */
export function tieSlots({ inputs, slotsFrom, hidden, outputs }: LearnerShape, gradient: Float32Array): void {
  const width = hidden[0] ?? outputs
  for (let unit = 0; unit < width; unit++) {
    let sum = 0
    for (let slot = slotsFrom; slot < inputs; slot++) sum += gradient[slot * width + unit]!
    for (let slot = slotsFrom; slot < inputs; slot++) gradient[slot * width + unit] = sum
  }
}
