import type { Tensor } from '@tensorflow/tfjs'
import { safeOps } from '../../neural/safe-ops.ts'
import type { Tensorflow } from '../../neural/tensorflow.ts'
import { initialWeights } from './initial-weights.ts'
import { type LearnerShape, networkOf } from './learner.ts'
import { perceptronBlocks, type TensorLearner } from './tensor-trainee.ts'

/** The operations that a second derivative is taken of. */
export interface SecondOrderOps {
  readonly tanh: (x: Tensor) => Tensor
  readonly softmaxCrossEntropy: (targets: Tensor, logits: Tensor) => Tensor
}

/**
 * MAML by the automatic gradients of tfjs, all tasks of a batch at once: every task has its own copy of the weights,
 * [tasks, in, out], and one gradient of the summed support losses moves them all. The second way to the gradient that
 * `gradientTrainee` computes by hand, at about twenty times its cost.
 *
 * @param ops - the safe operations; the raw ones of tfjs give wrong second derivatives, which a test shows
 */
export function mamlByTensors(tf: Tensorflow, shape: LearnerShape, ops: SecondOrderOps = safeOps(tf)): TensorLearner {
  const { sizes } = networkOf(shape)
  const activation = shape.activation === 'tanh' ? ops.tanh : (x: Tensor): Tensor => tf.relu(x)
  const forward = (weights: readonly Tensor[], x: Tensor): Tensor => {
    let h = x
    for (let k = 0; k < weights.length; k += 2) {
      h = tf.add(tf.matMul(h, weights[k]!), weights[k + 1]!)
      if (k + 2 < weights.length) h = activation(h)
    }
    return h
  }
  /** One loss per task. */
  const losses = (weights: readonly Tensor[], x: Tensor, y: Tensor): Tensor => {
    const outputs = forward(weights, x)
    return shape.loss === 'squared-error'
      ? tf.mean(tf.square(tf.sub(outputs, y)), [1, 2])
      : tf.mean(ops.softmaxCrossEntropy(y, outputs), 1)
  }
  return {
    blocks: perceptronBlocks('theta', sizes),
    initial: (rng) => initialWeights(sizes, rng, shape.slotsFrom),
    loss: (theta, { supportX, supportY, queryX, queryY }) => {
      const tasks = supportX.shape[0]!
      // Adding zeros copies the weights once per task; tile and broadcastTo have a gradient that slices task by task.
      let weights = theta.map((w) => {
        const [rows, columns] = w.rank === 1 ? [1, w.shape[0]!] : (w.shape as [number, number])
        return tf.add(tf.reshape(w, [1, rows, columns]), tf.zeros([tasks, rows, columns]))
      })
      for (let step = 0; step < shape.innerSteps; step++) {
        const gradients = tf.grads((...given) => tf.sum(losses(given, supportX, supportY)))(weights)
        const previous = weights
        weights = previous.map((w, k) => tf.sub(w, tf.mul(shape.innerRate, gradients[k]!)))
      }
      return tf.mean(losses(weights, queryX, queryY))
    },
  }
}
