import type { Tensor } from '@tensorflow/tfjs'
import type { Tensorflow } from './tensorflow.ts'

/** Operations whose gradients may be differentiated again, any number of times. */
export interface SafeOps {
  readonly tanh: (x: Tensor) => Tensor
  readonly sigmoid: (x: Tensor) => Tensor
  readonly exp: (x: Tensor) => Tensor
  /** Over the last axis. */
  readonly softmax: (x: Tensor) => Tensor
  /** Over the last axis. */
  readonly logSoftmax: (x: Tensor) => Tensor
  /** Over the last axis: one loss per row; `targets` are probabilities. */
  readonly softmaxCrossEntropy: (targets: Tensor, logits: Tensor) => Tensor
  /** Elementwise; `targets` in [0, 1]. */
  readonly sigmoidCrossEntropy: (targets: Tensor, logits: Tensor) => Tensor
  /** Into [low, high]; the gradient is 1 inside and 0 outside. */
  readonly clip: (x: Tensor, low: number, high: number) => Tensor
  /**
   * The sign of each value, +1 for 0, with the straight-through gradient: that of the hard tanh, 1 where |x| <= 1
   * (Hubara et al. 2016, equation 4).
   */
  readonly sign: (x: Tensor) => Tensor
}

/**
 * The operations of tfjs that are wrong when a gradient is taken of a gradient, written so that they are right.
 *
 * In tfjs 4.22 the gradient of tanh, sigmoid, exp, softmax, logSoftmax and of the losses built on them uses the saved
 * *output* of the operation. The engine records the copy of that output before the operation itself, so a second gradient
 * never finds the way from the output back to the input: that part of the result is missing, without an error. Here only
 * inputs are saved, and the output is computed again by the same safe operation when it is needed. relu, softplus,
 * matMul, and the arithmetic of tfjs are right as they are.
 */
export function safeOps(tf: Tensorflow): SafeOps {
  const tanh = unary(tf, tf.tanh, (dy, x) => tf.mul(dy, tf.sub(1, tf.square(tanh(x)))))
  const sigmoid = unary(tf, tf.sigmoid, (dy, x) => {
    const y = sigmoid(x)
    return tf.mul(dy, tf.mul(y, tf.sub(1, y)))
  })
  const exp = unary(tf, tf.exp, (dy, x) => tf.mul(dy, exp(x)))
  const softmax = unary(
    tf,
    (x) => tf.softmax(x),
    (dy, x) => {
      const y = softmax(x)
      const weighted = tf.mul(dy, y)
      return tf.sub(weighted, tf.mul(tf.sum(weighted, -1, true), y))
    },
  )
  const logSoftmax = unary(
    tf,
    (x) => tf.logSoftmax(x),
    (dy, x) => tf.sub(dy, tf.mul(tf.sum(dy, -1, true), softmax(x))),
  )
  // step(0) is 0, so that 0 counts as positive and |x| = 1 as inside.
  const sign = unary(
    tf,
    (x) => tf.sub(1, tf.mul(2, tf.step(tf.neg(x)))),
    (dy, x) => tf.mul(dy, tf.sub(1, tf.step(tf.sub(tf.abs(x), 1)))),
  )
  return {
    tanh,
    sigmoid,
    exp,
    softmax,
    logSoftmax,
    softmaxCrossEntropy: (targets, logits) => tf.neg(tf.sum(tf.mul(targets, logSoftmax(logits)), -1)),
    sigmoidCrossEntropy: (targets, logits) =>
      tf.add(tf.sub(tf.relu(logits), tf.mul(logits, targets)), tf.softplus(tf.neg(tf.abs(logits)))),
    clip: (x, low, high) => tf.minimum(tf.maximum(x, low), high),
    sign,
  }
}

type Unary = (x: Tensor) => Tensor

/** An operation whose gradient sees its input alone. */
function unary(tf: Tensorflow, forward: Unary, backward: (dy: Tensor, x: Tensor) => Tensor): Unary {
  return (x) =>
    tf.customGrad((input, save) => {
      const value = input as Tensor
      ;(save as (tensors: Tensor[]) => void)([value])
      return { value: forward(value), gradFunc: (dy: Tensor, saved: Tensor[]) => backward(dy, saved[0]!) }
    })(x)
}
