import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import type { Tensorflow } from '../../neural/tensorflow.ts'
import type { Rng } from '../../random/rng.ts'
import { uniform } from '../../random/sample.ts'
import { embed, embeddingSize, encoderSizes, perceptronCount, sharing } from './encoder.ts'
import { initialWeights } from './initial-weights.ts'
import { softmaxRows } from './inner-steps.ts'
import type { AdaptLearner, LearnerShape } from './learner.ts'
import { perceptron, perceptronBlocks, related, type TensorLearner } from './tensor-trainee.ts'

const epsilon = 1e-6

/**
 * Matching networks (Vinyals et al. 2016): y(x) = sum_k a(x, x_k) y_k, where a is the softmax of cosine similarities of
 * embeddings. Targets that are allocations give an allocation, corrections a correction.
 *
 * Embeddings end in the one-hot blocks of the row, each at a learned length: rows of one resource, or of one (class, kind),
 * are alike by as much as that helps. Under squared error a record of 0 stands beside the support set at a learned
 * similarity, so that an unlike support set is not followed.
 *
 * Full context (chosen form of the paper's section 2.1.2): an embedding g(x_k) sees the support set by one step of
 * attention, g = e_k + V sum_l softmax_l(e_k e_l) e_l, and so does a query.
 *
 * Weights: encoder | context V | ln sharpness, similarity of the record of 0, then one per block.
 */
export function matchingLearner(tf: Tensorflow, shape: LearnerShape): TensorLearner {
  const sizes = encoderSizes(shape)
  const size = embeddingSize(shape)
  const layers = perceptronBlocks('encoder', sizes)
  const context = shape.fullContext ? [{ name: 'context', shape: [size, size] }] : []
  const activation = shape.activation === 'tanh' ? tf.tanh : tf.relu
  return {
    blocks: [...layers, ...context, { name: 'similarity', shape: [2 + shape.relations.length] }],
    initial: (rng) => initialMatching(shape, sizes, size, rng),
    loss: (weights, { supportX, supportY, queryX, queryY }) => {
      const encoder = weights.slice(0, layers.length)
      const similarity = weights.at(-1)!
      const own = (x: Tensor): Tensor =>
        perceptron(tf, encoder, tf.slice(x, [0, 0, 0], [-1, -1, shape.slotsFrom]), activation)
      let [support, query] = [own(supportX), own(queryX)]
      if (shape.fullContext) {
        const plain = support
        const see = (e: Tensor): Tensor => {
          const seen = tf.matMul(tf.softmax(tf.matMul(e, plain, false, true)), plain)
          const [tasks, rows] = e.shape as [number, number]
          const turned = tf.matMul(
            tf.reshape(seen, [tasks * rows, size]) as Tensor2D,
            weights[layers.length] as Tensor2D,
          )
          return tf.add(e, tf.reshape(turned, [tasks, rows, size]))
        }
        support = see(plain)
        query = see(query)
      }
      const unit = (e: Tensor): Tensor => tf.div(e, tf.sqrt(tf.add(tf.sum(tf.square(e), 2, true), epsilon)))
      const parameter = (k: number): Tensor => tf.slice(similarity, [k], [1])
      let logits: Tensor = tf.mul(tf.matMul(unit(query), unit(support), false, true), tf.exp(parameter(0)))
      shape.relations.forEach(({ from, to }, k) => {
        logits = tf.add(logits, tf.mul(related(tf, queryX, supportX, from, to), parameter(2 + k)))
      })
      const [tasks, rows] = queryX.shape as [number, number]
      if (shape.loss === 'cross-entropy') {
        const allocation = tf.matMul(tf.softmax(logits), supportY)
        return tf.neg(tf.mean(tf.sum(tf.mul(queryY, tf.log(tf.add(allocation, epsilon))), 2)))
      }
      const none = tf.add(tf.zeros([tasks, rows, 1]), parameter(1))
      const attention = tf.slice(tf.softmax(tf.concat([logits, none], 2)), [0, 0, 0], [-1, -1, supportX.shape[1]!])
      return tf.mean(tf.square(tf.sub(tf.matMul(attention, supportY), queryY)))
    },
  }
}

function initialMatching(shape: LearnerShape, sizes: readonly number[], size: number, rng: Rng): Float32Array {
  const width = 0.1 / Math.sqrt(size)
  return Float32Array.of(
    ...initialWeights(sizes, rng),
    ...(shape.fullContext ? Array.from({ length: size * size }, () => uniform(rng, -width, width)) : []),
    Math.log(5),
    1,
    ...shape.relations.map(() => 1),
  )
}

/** Adaptation of a matching network: it remembers the support set. */
export const adaptMatching: AdaptLearner = (kernels, shape, weights, support) => {
  const size = embeddingSize(shape)
  const { inputs, outputs, relations } = shape
  const encoderCount = perceptronCount(encoderSizes(shape))
  const encoder = weights.subarray(0, encoderCount)
  const turn = weights.subarray(encoderCount, encoderCount + (shape.fullContext ? size * size : 0))
  const similarity = weights.subarray(weights.length - 2 - relations.length)
  const sharpness = Math.exp(similarity[0]!)
  const plain = embed(kernels, shape, encoder, support.x, support.count)
  const unit = (e: Float32Array, rows: number): Float32Array =>
    unitRows(shape.fullContext && support.count > 0 ? inContext(e, rows, plain, support.count, turn, size) : e, size)
  const known = unit(plain.slice(), support.count)
  return {
    predict: (x, rows) => {
      const query = unit(embed(kernels, shape, encoder, x, rows), rows)
      const isRegression = shape.loss === 'squared-error'
      const mean = new Float32Array(rows * outputs)
      // Nothing to match with: an even allocation, or no correction.
      if (support.count === 0) return { mean: mean.fill(isRegression ? 0 : 1 / outputs), spread: null, samples: [] }
      const width = support.count + (isRegression ? 1 : 0)
      for (let row = 0; row < rows; row++) {
        const attention = Float32Array.from({ length: width }, (_, k) => {
          if (k === support.count) return similarity[1]!
          let logit = sharpness * product(query, row, known, k, size)
          relations.forEach((block, b) => {
            logit += similarity[2 + b]! * sharing(x, row, support.x, k, inputs, block)
          })
          return logit
        })
        softmaxRows(attention, width)
        for (let k = 0; k < support.count; k++) {
          for (let j = 0; j < outputs; j++) mean[row * outputs + j]! += attention[k]! * support.y[k * outputs + j]!
        }
      }
      return { mean, spread: null, samples: [] }
    },
    supportLosses: [],
    diverged: false,
  }
}

function product(a: Float32Array, aRow: number, b: Float32Array, bRow: number, size: number): number {
  let sum = 0
  for (let d = 0; d < size; d++) sum += a[aRow * size + d]! * b[bRow * size + d]!
  return sum
}

function unitRows(e: Float32Array, size: number): Float32Array {
  for (let from = 0; from < e.length; from += size) {
    const row = e.subarray(from, from + size)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, epsilon))
    for (let d = 0; d < size; d++) row[d]! /= length
  }
  return e
}

/** One step of attention over the support set. */
function inContext(
  e: Float32Array,
  rows: number,
  support: Float32Array,
  count: number,
  turn: Float32Array,
  size: number,
): Float32Array {
  const result = e.slice()
  for (let row = 0; row < rows; row++) {
    const attention = softmaxRows(
      Float32Array.from({ length: count }, (_, k) => product(e, row, support, k, size)),
      count,
    )
    for (let from = 0; from < size; from++) {
      let seen = 0
      for (let k = 0; k < count; k++) seen += attention[k]! * support[k * size + from]!
      for (let d = 0; d < size; d++) result[row * size + d]! += seen * turn[from * size + d]!
    }
  }
  return result
}
