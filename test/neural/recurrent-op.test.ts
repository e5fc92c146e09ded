import type { Tensor1D, Tensor3D } from '@tensorflow/tfjs'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openKernels } from '../../src/kernels/open-kernels.ts'
import { createRecurrentOp, type RecurrentOp } from '../../src/neural/recurrent-op.ts'
import { loadTensorflow, type Tensorflow } from '../../src/neural/tensorflow.ts'
import { draws, relativeDifference } from '../kernels/closeness.ts'

const [steps, batch, inputs, units] = [5, 3, 4, 6]
let tf: Tensorflow
let op: RecurrentOp
let x: Tensor3D
let parameters: Tensor1D
let tensorsBefore: number

beforeAll(async () => {
  ;({ tf } = await loadTensorflow('wasm'))
  op = createRecurrentOp(tf, openKernels(), { cell: 'gru', inputs, units: [units, units], bidirectional: true })
})

beforeEach(() => {
  tensorsBefore = tf.memory().numTensors
  x = tf.tensor3d(Float32Array.from(draws('x', steps * batch * inputs)), [steps, batch, inputs])
  parameters = tf.tensor1d(Float32Array.from(draws('parameters', op.parameterCount, 0.4)))
})

afterEach(() => {
  tf.dispose([x, parameters])
  expect(tf.memory().numTensors).toBe(tensorsBefore)
})

/** The same two layers as layers of tfjs, whose columns are z, r, n where ours are r, z, n. */
function withLayers(values: Float32Array) {
  let start = 0
  const take = (rows: number) => {
    const width = 3 * units
    const matrix = tf.tensor2d(values.subarray(start, start + rows * width), [rows, width])
    start += rows * width
    const [r, z, n] = tf.split(matrix, 3, 1)
    return tf.concat([z!, r!, n!], 1)
  }
  return [inputs, 2 * units].map((width) => {
    const layer = tf.layers.bidirectional({
      layer: tf.layers.gru({ units, returnSequences: true, recurrentActivation: 'sigmoid' }) as never,
      mergeMode: 'concat',
    })
    layer.build([batch, steps, width])
    const weights = [0, 1].flatMap(() => [take(width), take(units), take(1).reshape([3 * units])])
    layer.setWeights(weights)
    return layer
  })
}

test('states and gradients are those of the layers of tfjs', () => {
  let layers: ReturnType<typeof withLayers> = []
  tf.tidy(() => {
    layers = withLayers(parameters.dataSync() as Float32Array)
  })
  tf.tidy(() => {
    const dy = tf.tensor3d(Float32Array.from(draws('dy', steps * batch * 2 * units)), [steps, batch, 2 * units])
    const reference = (given: Tensor3D) =>
      layers
        .reduce((value, layer) => layer.apply(value) as Tensor3D, given.transpose([1, 0, 2]) as Tensor3D)
        .transpose([1, 0, 2])
    expect(relativeDifference(op.apply(x, parameters).dataSync(), reference(x).dataSync())).toBeLessThan(3e-6)
    const [ofX] = tf.grads((a, b) => tf.sum(tf.mul(op.apply(a as Tensor3D, b as Tensor1D), dy)))([x, parameters])
    const expected = tf.grad((a) => tf.sum(tf.mul(reference(a as Tensor3D), dy)))(x)
    expect(relativeDifference(ofX!.dataSync(), expected.dataSync())).toBeLessThan(1e-5)
  })
  for (const weight of layers.flatMap((layer) => layer.weights)) weight.dispose()
})

test('the gradient in the parameters agrees with central differences', () => {
  tf.tidy(() => {
    const loss = (p: Tensor1D) => tf.mean(tf.square(op.apply(x, p)))
    const gradient = tf
      .grad((p) => loss(p as Tensor1D))(parameters)
      .dataSync()
    const values = parameters.dataSync()
    for (const i of [0, 100, 300, op.parameterCount - 1]) {
      const moved = (by: number) =>
        loss(tf.tensor1d(values.map((value, j) => (j === i ? value + by : value)))).dataSync()[0]!
      expect(gradient[i]).toBeCloseTo((moved(0.02) - moved(-0.02)) / 0.04, 5)
    }
  })
})

test('a forward pass between the two of another one does not change its gradient', () => {
  tf.tidy(() => {
    const loss = (p: Tensor1D, given: Tensor3D) => tf.sum(tf.square(op.apply(given, p)))
    const alone = [x, tf.neg(x) as Tensor3D].map((given) => tf.grad((p) => loss(p as Tensor1D, given))(parameters))
    const both = tf.grad((p) => tf.add(loss(p as Tensor1D, x), loss(p as Tensor1D, tf.neg(x))))(parameters)
    expect(relativeDifference(both.dataSync(), tf.add(alone[0]!, alone[1]!).dataSync())).toBeLessThan(1e-6)
  })
})

test('a larger batch finds room, and a smaller one after it is not disturbed', () => {
  tf.tidy(() => {
    const before = op.apply(x, parameters).dataSync().slice()
    const wide = tf.tile(x, [2, 4, 1]) as Tensor3D
    expect(op.apply(wide, parameters).shape).toEqual([2 * steps, 4 * batch, 2 * units])
    expect(op.apply(x, parameters).dataSync()).toEqual(before)
  })
})

test('a gradient of its gradient is an error, not a wrong number', () => {
  const nested = () =>
    tf.tidy(() => tf.grad((p) => tf.sum(tf.square(tf.grad((q) => tf.sum(op.apply(x, q as Tensor1D)))(p))))(parameters))
  expect(nested).toThrow(/gradient of a gradient/)
  // tfjs never gives back what was saved for a gradient that throws; x and the parameters are ours.
  tensorsBefore = tf.memory().numTensors - 2
})
