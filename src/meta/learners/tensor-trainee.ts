import type { Tensor, Tensor2D } from '@tensorflow/tfjs'
import type { LoadedTensorflow, Tensorflow } from '../../neural/tensorflow.ts'
import type { Rng } from '../../random/rng.ts'
import type { EpisodeBatch } from '../episodes/episode.ts'
import type { LearnerShape, Trainee } from './learner.ts'

/** A named array of weights with its shape as a tensor. */
export interface TensorBlock {
  readonly name: string
  readonly shape: readonly number[]
}

/** A batch as tensors: [tasks, rows, columns]. */
export interface TensorBatch {
  readonly supportX: Tensor
  readonly supportY: Tensor
  readonly queryX: Tensor
  readonly queryY: Tensor
}

/** What a learner is to tfjs: its weights and a meta-loss of them. */
export interface TensorLearner {
  readonly blocks: readonly TensorBlock[]
  readonly initial: (rng: Rng) => Float32Array
  readonly loss: (weights: readonly Tensor[], batch: TensorBatch, rng: Rng) => Tensor
}

/**
 * Training by the automatic gradients of tfjs. All tasks of a batch are one tensor. Nothing is left behind: every tensor of
 * an iteration lives in one `tidy`.
 */
export function tensorTrainee({ tf, backend }: LoadedTensorflow, learner: TensorLearner, shape: LearnerShape): Trainee {
  const counts = learner.blocks.map(({ shape: dimensions }) => dimensions.reduce((a, b) => a * b, 1))
  const { inputs, outputs } = shape
  return {
    backend: `tfjs-${backend}`,
    blocks: learner.blocks.map(({ name }, k) => ({ name, count: counts[k]! })),
    initial: learner.initial,
    gradient: (weights, batch, rng, gradient) =>
      tf.tidy(() => {
        let from = 0
        const tensors = learner.blocks.map(({ shape: dimensions }, k) => {
          from += counts[k]!
          return tf.tensor(weights.slice(from - counts[k]!, from), [...dimensions])
        })
        const data = tensorBatch(tf, batch, inputs, outputs)
        const { value, grads } = tf.valueAndGrads((...given) => learner.loss(given, data, rng).asScalar())(tensors)
        let at = 0
        for (const grad of grads) {
          gradient.set(grad.dataSync(), at)
          at += grad.size
        }
        return value.dataSync()[0]!
      }),
    dispose: () => {},
  }
}

function tensorBatch(tf: Tensorflow, batch: EpisodeBatch, inputs: number, outputs: number): TensorBatch {
  const { tasks, supportRows, queryRows } = batch
  return {
    supportX: tf.tensor(batch.supportX, [tasks, supportRows, inputs]),
    supportY: tf.tensor(batch.supportY, [tasks, supportRows, outputs]),
    queryX: tf.tensor(batch.queryX, [tasks, queryRows, inputs]),
    queryY: tf.tensor(batch.queryY, [tasks, queryRows, outputs]),
  }
}

/** The blocks of a perceptron in the order of the kernels: W1, b1, W2, b2, ... */
export function perceptronBlocks(name: string, sizes: readonly number[]): TensorBlock[] {
  return sizes.slice(1).flatMap((outputs, l) => [
    { name: `${name}/W${l + 1}`, shape: [sizes[l]!, outputs] },
    { name: `${name}/b${l + 1}`, shape: [outputs] },
  ])
}

/** A perceptron with linear outputs on [tasks, rows, columns]. */
export function perceptron(
  tf: Tensorflow,
  weights: readonly Tensor[],
  x: Tensor,
  activation: (x: Tensor) => Tensor,
): Tensor {
  const [tasks, rows, columns] = x.shape as [number, number, number]
  let h: Tensor = tf.reshape(x, [tasks * rows, columns])
  for (let k = 0; k < weights.length; k += 2) {
    h = tf.add(tf.matMul(h as Tensor2D, weights[k] as Tensor2D), weights[k + 1]!)
    if (k + 2 < weights.length) h = activation(h)
  }
  return tf.reshape(h, [tasks, rows, h.shape[1]!])
}

/** Which rows of two sets share the 1 of a block of columns: [tasks, query rows, support rows], of 0 and 1. */
export function related(tf: Tensorflow, queryX: Tensor, supportX: Tensor, from: number, to: number): Tensor {
  const part = (x: Tensor): Tensor => tf.slice(x, [0, 0, from], [-1, -1, to - from])
  return tf.matMul(part(queryX), part(supportX), false, true)
}
