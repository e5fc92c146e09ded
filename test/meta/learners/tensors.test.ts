import * as tf from '@tensorflow/tfjs'
import { describe, expect, test } from 'vitest'
import { openKernels } from '../../../src/kernels/open-kernels.ts'
import { createReferenceKernels } from '../../../src/kernels/reference-kernels.ts'
import { gradientTrainee } from '../../../src/meta/learners/gradient-learners.ts'
import type { AdaptLearner, LearnerShape } from '../../../src/meta/learners/learner.ts'
import { mamlByTensors, type SecondOrderOps } from '../../../src/meta/learners/maml-tensors.ts'
import { adaptMatching, matchingLearner } from '../../../src/meta/learners/matching.ts'
import { queryLosses } from '../../../src/meta/learners/meta-loss.ts'
import { adaptPrototypical, prototypicalLearner } from '../../../src/meta/learners/prototypical.ts'
import { type TensorLearner, tensorTrainee } from '../../../src/meta/learners/tensor-trainee.ts'
import { adaptations } from '../../../src/meta/learners/registry.ts'
import { adaptVersa, versaLearner } from '../../../src/meta/learners/versa.ts'
import { loadTensorflow } from '../../../src/neural/tensorflow.ts'
import { createRng } from '../../../src/random/rng.ts'
import { shapeOf, smallBatch } from './small-episodes.ts'

const loaded = await loadTensorflow('cpu')

/** tfjs as it comes: its second derivatives are wrong. */
const rawOps: SecondOrderOps = {
  tanh: (x) => tf.tanh(x),
  softmaxCrossEntropy: (targets, logits) => tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), -1)),
}

function gradientOf(learner: TensorLearner, shape: LearnerShape, weights: Float32Array): Float32Array {
  const gradient = new Float32Array(weights.length)
  tensorTrainee(loaded, learner, shape).gradient(weights, smallBatch(shape), createRng(1), gradient)
  return gradient
}

function relativeError(found: Float32Array, truth: Float32Array): number {
  const scale = truth.reduce((most, g) => Math.max(most, Math.abs(g)), 0)
  return found.reduce((worst, g, k) => Math.max(worst, Math.abs(g - truth[k]!)), 0) / scale
}

const bent: readonly (readonly [string, LearnerShape])[] = [
  ['tanh', shapeOf({ activation: 'tanh' })],
  ['tanh and softmax', shapeOf({ activation: 'tanh', loss: 'cross-entropy', outputs: 3 })],
]
const every: typeof bent = [['relu', shapeOf()], ...bent]

/** Weights to look at, and the meta-gradient there in double precision. */
function referenceAt(shape: LearnerShape): { weights: Float32Array; truth: Float32Array } {
  const reference = gradientTrainee(createReferenceKernels('float64'), shape)
  const weights = reference.initial(createRng(3))
  const truth = new Float32Array(weights.length)
  reference.gradient(weights, smallBatch(shape), createRng(1), truth)
  return { weights, truth }
}

describe('second order', () => {
  test.each(every)('%s: the kernels and the safe operations of tfjs agree with float64', (_, shape) => {
    const { weights, truth } = referenceAt(shape)
    expect(relativeError(gradientOf(mamlByTensors(tf, shape), shape, weights), truth)).toBeLessThan(1e-5)
    const byKernels = new Float32Array(weights.length)
    gradientTrainee(openKernels(), shape).gradient(weights, smallBatch(shape), createRng(1), byKernels)
    expect(relativeError(byKernels, truth)).toBeLessThan(1e-5)
  })

  test.each(bent)('%s: the raw operations of tfjs do not', (_, shape) => {
    const { weights, truth } = referenceAt(shape)
    expect(relativeError(gradientOf(mamlByTensors(tf, shape, rawOps), shape, weights), truth)).toBeGreaterThan(0.01)
  })
})

test.each(every)('MAML with %s adapts and answers without tfjs as in tfjs, to 1e-5', (_, shape) => {
  const trainee = tensorTrainee(loaded, mamlByTensors(tf, shape), shape)
  const weights = trainee.initial(createRng(8))
  const loss = trainee.gradient(weights, smallBatch(shape), createRng(1), new Float32Array(weights.length))
  const adapt = adaptations.maml
  const { losses } = queryLosses(
    adapt,
    openKernels(),
    shape,
    weights,
    smallBatch(shape),
    shape.innerSteps,
    createRng(1),
  )
  const mean = losses.reduce((sum: number, l) => sum + l!, 0) / losses.length
  expect(Math.abs(mean - loss)).toBeLessThan(1e-5 * Math.max(1, loss))
})

const learners: readonly [string, LearnerShape, typeof versaLearner, AdaptLearner][] = [
  ['prototypical', shapeOf({ loss: 'cross-entropy', outputs: 3 }), prototypicalLearner, adaptPrototypical],
  ['matching, allocations', shapeOf({ loss: 'cross-entropy', outputs: 3 }), matchingLearner, adaptMatching],
  ['matching, full context', shapeOf({ fullContext: true, activation: 'tanh' }), matchingLearner, adaptMatching],
]

describe.each(learners)('%s', (_, shape, learner, adapt) => {
  test('answers without tfjs as its loss in tfjs says', () => {
    const trainee = tensorTrainee(loaded, learner(tf, shape), shape)
    const weights = trainee.initial(createRng(4))
    const loss = trainee.gradient(weights, smallBatch(shape), createRng(1), new Float32Array(weights.length))
    const { losses } = queryLosses(adapt, openKernels(), shape, weights, smallBatch(shape), 0, createRng(1))
    const mean = losses.reduce((sum: number, l) => sum + l!, 0) / losses.length
    expect(Math.abs(mean - loss)).toBeLessThan(1e-5 * Math.max(1, loss))
  })
})

test('VERSA answers without tfjs as its loss in tfjs says, where its head has no variance', () => {
  const shape = shapeOf({ activation: 'tanh', relations: [{ from: 0, to: 2 }], slotsFrom: 3, noise: 1 })
  const batch = smallBatch(shape)
  for (const x of [batch.supportX, batch.queryX]) {
    // A one-hot of two: rows are related or not.
    for (let row = 0; row < x.length; row += 3) x.set([row % 2, 1 - (row % 2)], row)
  }
  const trainee = tensorTrainee(loaded, versaLearner(tf, shape), shape)
  const weights = trainee.initial(createRng(5))
  // Variances of e^-40: the last bias of the amortisation network, before the ln noise. Its weights go too.
  weights.fill(-40, weights.length - 1 - 14, weights.length - 1)
  const loss = trainee.gradient(weights, batch, createRng(1), new Float32Array(weights.length))
  const { losses } = queryLosses(adaptVersa, openKernels(), shape, weights, batch, 0, createRng(1))
  // With noise 1 the loss is half the sum of squares over the two outputs: their mean square.
  const mean = losses.reduce((sum: number, l) => sum + l!, 0) / losses.length
  expect(mean).toBeCloseTo(loss, 5)
})

test('training leaves no tensor behind', () => {
  const shape = shapeOf({ activation: 'tanh' })
  for (const learner of [mamlByTensors(tf, shape), versaLearner(tf, shape), matchingLearner(tf, shape)]) {
    const trainee = tensorTrainee(loaded, learner, shape)
    const weights = trainee.initial(createRng(6))
    const gradient = new Float32Array(weights.length)
    trainee.gradient(weights, smallBatch(shape), createRng(1), gradient)
    const before = tf.memory().numTensors
    for (let k = 0; k < 5; k++) trainee.gradient(weights, smallBatch(shape), createRng(1), gradient)
    expect(tf.memory().numTensors).toBe(before)
  }
})
