import type { Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from '../../neural/tensorflow.ts'
import { normal } from '../../random/distributions.ts'
import type { Rows } from '../episodes/episode.ts'
import { embed, embeddingSize, encoderSizes, perceptronCount, sharing } from './encoder.ts'
import { initialWeights } from './initial-weights.ts'
import { outputsOf } from './inner-steps.ts'
import type { AdaptLearner, LearnerShape, Prediction } from './learner.ts'
import { meanAndSpread } from './posterior.ts'
import { perceptron, perceptronBlocks, related, type TensorLearner } from './tensor-trainee.ts'

/** Numbers of one pooled support embedding. */
const pooled = 32
/** Hidden units of the network that reads the pools. */
const amortisationUnits = 64

/** Sizes of the three perceptrons: encoder, what is pooled of each support row, and the amortisation network. */
function sizesOf(shape: LearnerShape) {
  const size = embeddingSize(shape)
  const head = (size + 1) * shape.outputs
  return {
    encoder: encoderSizes(shape),
    pool: [size + shape.outputs, pooled, pooled],
    amortisation: [(1 + shape.relations.length) * (pooled + 1), amortisationUnits, 2 * head],
    head,
  }
}

/** Weights of the three perceptrons, and the ln noise. */
export function versaCount(shape: LearnerShape): number {
  const { encoder, pool, amortisation } = sizesOf(shape)
  return perceptronCount(encoder) + perceptronCount(pool) + perceptronCount(amortisation) + 1
}

/**
 * VERSA (Gordon et al. 2019): an amortisation network reads the pooled support set and gives mean and ln variance of the
 * weights of a linear head on the encoder; no gradient at adaptation. Training maximises the ln of the likelihood averaged
 * over samples of the head, with a learned noise.
 *
 * A pool is the mean over the support rows of a perceptron of [embedding, target], with ln(1 + rows) beside it. Beside the
 * pool of all rows each one-hot block of the inputs has one of the rows that share its 1 with the question, as VERSA has for
 * each class those of its own.
 *
 * Weights: encoder | pool | amortisation | ln noise.
 */
export function versaLearner(tf: Tensorflow, shape: LearnerShape): TensorLearner {
  const sizes = sizesOf(shape)
  const blocks = [
    perceptronBlocks('encoder', sizes.encoder),
    perceptronBlocks('pool', sizes.pool),
    perceptronBlocks('amortisation', sizes.amortisation),
  ]
  const [encoderEnd, poolEnd] = [blocks[0]!.length, blocks[0]!.length + blocks[1]!.length]
  const activation = shape.activation === 'tanh' ? tf.tanh : tf.relu
  const size = embeddingSize(shape)
  const { outputs, samples } = shape
  return {
    blocks: [...blocks.flat(), { name: 'lnNoise', shape: [1] }],
    initial: (rng) => {
      const amortisation = initialWeights(sizes.amortisation, rng)
      // Small variances at the start: ln variance about -6.
      amortisation.fill(-6, amortisation.length - sizes.head)
      return Float32Array.of(
        ...initialWeights(sizes.encoder, rng),
        ...initialWeights(sizes.pool, rng),
        ...amortisation,
        Math.log(shape.noise),
      )
    },
    loss: (weights, { supportX, supportY, queryX, queryY }, rng) => {
      const encode = (x: Tensor): Tensor =>
        perceptron(tf, weights.slice(0, encoderEnd), tf.slice(x, [0, 0, 0], [-1, -1, shape.slotsFrom]), activation)
      const read = perceptron(
        tf,
        weights.slice(encoderEnd, poolEnd),
        tf.concat([encode(supportX), supportY], 2),
        activation,
      )
      const [tasks, rows] = queryX.shape as [number, number]
      const pool = (relation: Tensor): Tensor => {
        const count = tf.sum(relation, 2, true)
        return tf.concat([tf.div(tf.matMul(relation, read), tf.maximum(count, 1)), tf.log(tf.add(count, 1))], 2)
      }
      const pools = [
        pool(tf.ones([tasks, rows, supportX.shape[1]!])),
        ...shape.relations.map(({ from, to }) => pool(related(tf, queryX, supportX, from, to))),
      ]
      const head = perceptron(tf, weights.slice(poolEnd, -1), tf.concat(pools, 2), activation)
      const mean = tf.slice(head, [0, 0, 0], [-1, -1, sizes.head])
      const deviation = tf.exp(tf.div(tf.slice(head, [0, 0, sizes.head], [-1, -1, sizes.head]), 2))
      const encoded = tf.concat([encode(queryX), tf.ones([tasks, rows, 1])], 2)
      const lnNoise = weights.at(-1)!
      const likelihoods = Array.from({ length: samples }, () => {
        const draws = Float32Array.from({ length: tasks * sizes.head }, () => normal(rng, 0, 1))
        const w = tf.add(mean, tf.mul(deviation, tf.tensor(draws, [tasks, 1, sizes.head])))
        const y = tf.sum(tf.mul(tf.reshape(w, [tasks, rows, outputs, size + 1]), tf.expandDims(encoded, 2)), 3)
        // ln N(target | y, noise^2) but for a constant, summed over the outputs.
        const errors = tf.sum(tf.square(tf.sub(y, queryY)), 2)
        return tf.sub(tf.neg(tf.div(errors, tf.mul(2, tf.exp(tf.mul(2, lnNoise))))), tf.mul(outputs, lnNoise))
      })
      return tf.neg(tf.mean(tf.sub(tf.logSumExp(tf.stack(likelihoods, 2), 2), Math.log(samples))))
    },
  }
}

/** Adaptation of VERSA: one pass through the amortisation network for each question; samples of the head are its posterior. */
export const adaptVersa: AdaptLearner = (kernels, shape, weights, support, { rng }) => {
  const sizes = sizesOf(shape)
  const [encoderEnd, poolEnd] = [
    perceptronCount(sizes.encoder),
    perceptronCount(sizes.encoder) + perceptronCount(sizes.pool),
  ]
  const encoder = weights.subarray(0, encoderEnd)
  const size = embeddingSize(shape)
  const { outputs } = shape
  const run = (of: readonly number[], from: number, x: Float32Array, rows: number): Float32Array => {
    const network = { sizes: of, activation: shape.activation, loss: 'squared-error' as const }
    return outputsOf(kernels, network, weights.subarray(from, from + perceptronCount(of)), x, rows)
  }
  const embedded = embed(kernels, shape, encoder, support.x, support.count)
  const joined = new Float32Array(support.count * (size + outputs))
  for (let k = 0; k < support.count; k++) {
    joined.set(embedded.subarray(k * size, (k + 1) * size), k * (size + outputs))
    joined.set(support.y.subarray(k * outputs, (k + 1) * outputs), k * (size + outputs) + size)
  }
  const read = run(sizes.pool, encoderEnd, joined, support.count)
  const draws = Array.from({ length: shape.samples }, () =>
    Float32Array.from({ length: sizes.head }, () => normal(rng, 0, 1)),
  )
  return {
    predict: (x, rows): Prediction => {
      const head = run(sizes.amortisation, poolEnd, poolsOf(shape, support, read, x, rows), rows)
      const query = embed(kernels, shape, encoder, x, rows)
      return meanAndSpread(
        draws.map((draw) =>
          Float32Array.from({ length: rows * outputs }, (_, k) => {
            const [row, output] = [Math.floor(k / outputs), k % outputs]
            let y = 0
            for (let d = 0; d <= size; d++) {
              const weight = output * (size + 1) + d
              const at = row * 2 * sizes.head + weight
              const w = head[at]! + Math.exp(head[at + sizes.head]! / 2) * draw[weight]!
              y += w * (d < size ? query[row * size + d]! : 1)
            }
            return y
          }),
        ),
      )
    },
    supportLosses: [],
    diverged: false,
  }
}

/** Of each question: the pool of all support rows, then of those that share each block's 1 with it. */
function poolsOf(shape: LearnerShape, support: Rows, read: Float32Array, x: Float32Array, rows: number): Float32Array {
  const { inputs, relations } = shape
  const width = (1 + relations.length) * (pooled + 1)
  const pools = new Float32Array(rows * width)
  for (let row = 0; row < rows; row++) {
    for (let b = 0; b <= relations.length; b++) {
      const at = row * width + b * (pooled + 1)
      let count = 0
      for (let k = 0; k < support.count; k++) {
        if (b > 0 && sharing(x, row, support.x, k, inputs, relations[b - 1]!) === 0) continue
        count++
        for (let d = 0; d < pooled; d++) pools[at + d]! += read[k * pooled + d]!
      }
      for (let d = 0; d < pooled; d++) pools[at + d]! /= Math.max(1, count)
      pools[at + pooled] = Math.log(1 + count)
    }
  }
  return pools
}
