import type { Tensor } from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SafeOps, safeOps } from '../../src/neural/safe-ops.ts'
import { loadTensorflow, type Tensorflow, type TensorflowBackend } from '../../src/neural/tensorflow.ts'

type Op = (x: Tensor) => Tensor

const targets = [
  [0, 1, 0, 0],
  [1, 0, 0, 0],
  [0, 0, 0, 1],
]

/** Each operation twice: as tfjs has it, and as it is safe. */
function pairs(tf: Tensorflow, safe: SafeOps): Record<string, { raw: Op; safe: Op }> {
  const z = tf.tensor2d(targets)
  const { NONE } = tf.Reduction
  return {
    tanh: { raw: tf.tanh, safe: safe.tanh },
    sigmoid: { raw: tf.sigmoid, safe: safe.sigmoid },
    exp: { raw: tf.exp, safe: safe.exp },
    softmax: { raw: (x) => tf.softmax(x), safe: safe.softmax },
    logSoftmax: { raw: (x) => tf.logSoftmax(x), safe: safe.logSoftmax },
    softmaxCrossEntropy: {
      raw: (x) => tf.losses.softmaxCrossEntropy(z, x, undefined, undefined, NONE),
      safe: (x) => safe.softmaxCrossEntropy(z, x),
    },
    sigmoidCrossEntropy: {
      raw: (x) => tf.losses.sigmoidCrossEntropy(z, x, undefined, undefined, NONE),
      safe: (x) => safe.sigmoidCrossEntropy(z, x),
    },
  }
}

const names = ['tanh', 'sigmoid', 'exp', 'softmax', 'logSoftmax', 'softmaxCrossEntropy', 'sigmoidCrossEntropy'] as const

/** The loss after one step of gradient descent, as MAML has it: its gradient needs the gradient of a gradient. */
function lossAfterStep(tf: Tensorflow, op: Op, x: Tensor): (w: Tensor) => Tensor {
  const loss = (w: Tensor): Tensor => tf.sum(tf.square(op(tf.mul(x, w))))
  return (w) => loss(tf.sub(w, tf.mul(1.5, tf.grad(loss)(w))))
}

/** Largest error of the gradient against central differences, as a share of the largest difference. */
function relativeError(tf: Tensorflow, op: Op): number {
  return tf.tidy(() => {
    const x = tf.tensor2d([0.3, -0.8, 0.5, 0.9, -0.4, 0.7, -0.6, 0.2, 0.8, 0.1, -0.3, -0.9], [3, 4])
    const w = tf.tensor2d([0.9, 0.4, -0.5, 0.7, 0.3, -0.8, 0.6, 0.5, -0.2, 0.8, 0.4, -0.6], [3, 4])
    const loss = lossAfterStep(tf, op, x)
    const gradient = tf.grad(loss)(w).dataSync()
    const step = 1e-2
    const differences = Array.from(gradient, (_, i) => {
      const nudge = tf.tensor2d(
        Float32Array.from({ length: 12 }, (_x, j) => (j === i ? step : 0)),
        [3, 4],
      )
      const [above] = loss(tf.add(w, nudge)).dataSync()
      const [below] = loss(tf.sub(w, nudge)).dataSync()
      return (above! - below!) / (2 * step)
    })
    const scale = Math.max(...differences.map(Math.abs))
    return Math.max(...differences.map((difference, i) => Math.abs(difference - gradient[i]!))) / scale
  })
}

describe.each<TensorflowBackend>(['cpu', 'wasm'])('gradients of gradients on the %s backend', (backend) => {
  let tf: Tensorflow
  let safe: SafeOps
  let tensorsBefore: number

  beforeAll(async () => {
    ;({ tf } = await loadTensorflow(backend))
    safe = safeOps(tf)
    tensorsBefore = tf.memory().numTensors
  })

  afterAll(() => {
    expect(tf.memory().numTensors).toBe(tensorsBefore)
  })

  test.each(names)('safe %s agrees with central differences', (name) => {
    expect(tf.tidy(() => relativeError(tf, pairs(tf, safe)[name]!.safe))).toBeLessThan(2e-3)
  })

  // When this fails, tfjs has repaired the gradient and the safe operation is no longer needed.
  test.each(names)('tfjs %s is wrong by itself, without an error', (name) => {
    expect(tf.tidy(() => relativeError(tf, pairs(tf, safe)[name]!.raw))).toBeGreaterThan(2e-2)
  })

  test.each(names)('safe %s has the value and the first gradient of tfjs', (name) => {
    tf.tidy(() => {
      const x = tf.tensor2d([0.3, -0.8, 2.5, 0.9, -4, 0.7, -0.6, 0.2, 0.8, 0, -0.3, -9], [3, 4])
      const both = pairs(tf, safe)[name]!
      const dy = tf.linspace(0.5, 2, both.raw(x).size).reshape(both.raw(x).shape)
      expect(largestDifference(both.safe(x), both.raw(x))).toBeLessThan(2e-6)
      expect(largestDifference(tf.grad(both.safe)(x, dy), tf.grad(both.raw)(x, dy))).toBeLessThan(2e-5)
    })
  })

  test('clip has gradient 1 inside and 0 outside', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-2, -0.5, 0.5, 2])
      expect([...safe.clip(x, -1, 1).dataSync()]).toEqual([-1, -0.5, 0.5, 1])
      expect([
        ...tf
          .grad((v) => safe.clip(v, -1, 1))(x)
          .dataSync(),
      ]).toEqual([0, 1, 1, 0])
    })
  })

  test('sign counts 0 as positive and passes the gradient where |x| <= 1', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-1.5, -1, -0.5, 0, 0.5, 1, 1.5])
      expect([...safe.sign(x).dataSync()]).toEqual([-1, -1, -1, 1, 1, 1, 1])
      expect([...tf.grad(safe.sign)(x).dataSync()]).toEqual([0, 1, 1, 1, 1, 1, 0])
    })
  })
})

function largestDifference(a: Tensor, b: Tensor): number {
  const other = b.dataSync()
  return Math.max(...Array.from(a.dataSync(), (value, i) => Math.abs(value - other[i]!)))
}
