import type { Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../../neural/tensorflow.ts'
import { embed, embeddingSize, encoderSizes, perceptronCount } from './encoder.ts'
import { initialWeights } from './initial-weights.ts'
import { softmaxRows } from './inner-steps.ts'
import type { AdaptLearner, LearnerShape } from './learner.ts'
import { perceptron, perceptronBlocks, type TensorLearner } from './tensor-trainee.ts'

/** A logit that leaves nothing of a probability. */
const never = -1e9

/**
 * Prototypical networks (Snell, Swersky and Zemel 2017): classes are resources. The prototype of a resource is the mean
 * embedding of the support tasks, weighted by the ratio that each has there (soft prototypes); a task is shared out by
 * p(j | x) = softmax_j(-||f(x) - c_j||^2). A resource that no support task uses has no prototype and gets nothing.
 */
export function prototypicalLearner(tf: Tensorflow, shape: LearnerShape): TensorLearner {
  const sizes = encoderSizes(shape)
  return {
    blocks: perceptronBlocks('encoder', sizes),
    initial: (rng) => initialWeights(sizes, rng),
    loss: (weights, { supportX, supportY, queryX, queryY }) => {
      const f = (x: Tensor): Tensor =>
        perceptron(
          tf,
          weights,
          tf.slice(x, [0, 0, 0], [-1, -1, shape.slotsFrom]),
          shape.activation === 'tanh' ? tf.tanh : tf.relu,
        )
      const [support, query] = [f(supportX), f(queryX)]
      // [tasks, resources, 1]: how much of the support tasks each resource has.
      const mass = tf.expandDims(tf.sum(supportY, 1), 2)
      const prototypes = tf.div(tf.matMul(supportY, support, true, false), tf.add(mass, 1e-6))
      const products = tf.matMul(query, prototypes, false, true)
      const squares = (x: Tensor): Tensor => tf.sum(tf.square(x), 2, true)
      const distances = tf.sub(
        tf.add(squares(query), tf.transpose(squares(prototypes), [0, 2, 1])),
        tf.mul(2, products),
      )
      const has = tf.transpose(tf.cast(tf.greater(mass, 1e-6), 'float32'), [0, 2, 1])
      const logits = tf.add(tf.neg(distances), tf.mul(tf.sub(1, has), never))
      // What the targets give to resources without a prototype is out of reach: the rest counts.
      const targets = tf.mul(queryY, has)
      return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 2)))
    },
  }
}

/** Adaptation of a prototypical network: the prototypes. Without a support set every resource gets the same. */
export const adaptPrototypical: AdaptLearner = (kernels, shape, weights, support) => {
  const size = embeddingSize(shape)
  const { outputs } = shape
  const encoder = weights.subarray(0, perceptronCount(encoderSizes(shape)))
  const embedded = embed(kernels, shape, encoder, support.x, support.count)
  const prototypes = new Float64Array(outputs * size)
  const mass = new Float64Array(outputs)
  for (let row = 0; row < support.count; row++) {
    for (let j = 0; j < outputs; j++) {
      const ratio = support.y[row * outputs + j]!
      mass[j]! += ratio
      for (let d = 0; d < size; d++) prototypes[j * size + d]! += ratio * embedded[row * size + d]!
    }
  }
  for (let j = 0; j < outputs; j++) for (let d = 0; d < size; d++) prototypes[j * size + d]! /= mass[j]! + 1e-6
  const isEmpty = mass.every((m) => m <= 1e-6)
  return {
    predict: (x, rows) => {
      const query = embed(kernels, shape, encoder, x, rows)
      const logits = Float32Array.from({ length: rows * outputs }, (_, k) => {
        const [row, j] = [Math.floor(k / outputs), k % outputs]
        if (isEmpty) return 0
        if (mass[j]! <= 1e-6) return never
        let distance = 0
        for (let d = 0; d < size; d++) {
          const apart = query[row * size + d]! - prototypes[j * size + d]!
          distance += apart * apart
        }
        return -distance
      })
      return { mean: softmaxRows(logits, outputs), spread: null, samples: [] }
    },
    supportLosses: [],
    diverged: false,
  }
}
