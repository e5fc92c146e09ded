import type { Tensor } from '@tensorflow/tfjs'
import { beforeAll, expect, test } from 'vitest'
import { createMaml, type MamlShape } from '../../src/kernels/maml.ts'
import { createWasmKernels } from '../../src/kernels/wasm-kernels.ts'
import { type SafeOps, safeOps } from '../../src/neural/safe-ops.ts'
import { loadTensorflow, type Tensorflow } from '../../src/neural/tensorflow.ts'
import { draws, relativeDifference } from '../kernels/closeness.ts'

const rate = 0.1
let tf: Tensorflow
let safe: SafeOps

beforeAll(async () => {
  ;({ tf } = await loadTensorflow('cpu'))
  safe = safeOps(tf)
})

/** The mean query loss after the inner steps as tfjs records it, with the gradient in all weights; one task. */
function byTfjs(shape: MamlShape, weights: Tensor[], data: readonly Tensor[], ops: Pick<SafeOps, 'tanh'>): Tensor[] {
  const [x, y, x2, y2] = data as [Tensor, Tensor, Tensor, Tensor]
  const loss = (theta: Tensor[], input: Tensor, target: Tensor): Tensor => {
    let value = input
    for (let l = 0; l < theta.length; l += 2) {
      value = tf.add(tf.matMul(value as never, theta[l] as never), theta[l + 1]!)
      if (l < theta.length - 2) value = shape.activation === 'relu' ? tf.relu(value) : ops.tanh(value)
    }
    return shape.loss === 'squared-error'
      ? tf.mean(tf.square(tf.sub(value, target)))
      : tf.mean(safe.softmaxCrossEntropy(target, value))
  }
  const afterSteps = (...start: Tensor[]): Tensor => {
    let theta = start
    for (let s = 0; s < shape.steps; s++) {
      const gradients = tf.grads((...at: Tensor[]) => loss(at, x, y))(theta)
      theta = theta.map((value, i) => tf.sub(value, tf.mul(rate, gradients[i]!)))
    }
    return loss(theta, x2, y2)
  }
  return tf.grads(afterSteps)(weights)
}

/** The meta-gradients of the kernels and of tfjs on one drawn task. */
function both(net: Pick<MamlShape, 'activation' | 'loss' | 'steps'>, ops: Pick<SafeOps, 'tanh'>) {
  const shape: MamlShape = { ...net, sizes: [3, 8, 7, 4], tasks: 1, supportRows: 5, queryRows: 6 }
  const kernels = createWasmKernels()
  const maml = createMaml(kernels, shape)
  const count = maml.mlp.parameterCount
  const theta = Float32Array.from(draws('theta', count, 0.5))
  kernels.view(maml.parameters, count).set(theta)
  kernels.view(maml.rates, count).fill(rate)
  const oneHot = (rows: number) => Float32Array.from({ length: 4 * rows }, (_, i) => (i % 4 === (i >> 2) % 3 ? 1 : 0))
  const batch = {
    supportX: Float32Array.from(draws('x', 15)),
    supportY: oneHot(5),
    queryX: Float32Array.from(draws('x2', 18)),
    queryY: oneHot(6),
  }
  maml.gradient(batch)
  const expected = tf.tidy(() => {
    const weights = maml.mlp.layers.flatMap(({ inputs, outputs, weights: from, bias }) => [
      tf.tensor2d(theta.slice(from, bias), [inputs, outputs]),
      tf.tensor1d(theta.slice(bias, bias + outputs)),
    ])
    const data = [
      tf.tensor2d(batch.supportX, [5, 3]),
      tf.tensor2d(batch.supportY, [5, 4]),
      tf.tensor2d(batch.queryX, [6, 3]),
      tf.tensor2d(batch.queryY, [6, 4]),
    ]
    return byTfjs(shape, weights, data, ops).flatMap((gradient) => [...gradient.dataSync()])
  })
  return relativeDifference(kernels.view(maml.metaGradient, count), expected)
}

const nets = (['relu', 'tanh'] as const).flatMap((activation) =>
  (['squared-error', 'cross-entropy'] as const).flatMap((loss) => [1, 5].map((steps) => ({ activation, loss, steps }))),
)

test.each(nets)('exact MAML of the kernels is that of tfjs with safe operations: %o', (net) => {
  expect(both(net, safe)).toBeLessThan(1e-5)
})

test('with the tanh of tfjs itself it would not be', () => {
  expect(both({ activation: 'tanh', loss: 'squared-error', steps: 1 }, { tanh: tf.tanh })).toBeGreaterThan(0.02)
})
