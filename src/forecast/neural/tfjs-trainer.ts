import type { Tensor } from '@tensorflow/tfjs'
import { createReferenceKernels } from '../../kernels/reference-kernels.ts'
import { safeOps } from '../../neural/safe-ops.ts'
import { loadTensorflow, type TensorflowBackend } from '../../neural/tensorflow.ts'
import { type Architecture, parameterLayout } from './architecture.ts'
import { withArithmetic } from './arithmetic.ts'
import type { DropoutMasks } from './dropout.ts'
import { type HeadShape, outputsPerStep } from './loss.ts'
import { type TfjsOps, tfjsNetwork } from './tfjs-network.ts'
import type { Trainer } from './trainer.ts'

/**
 * A trainer by the gradients of tfjs. Weights stay in plain arrays, where the optimiser changes them; each batch goes to
 * tfjs and its gradient comes back.
 *
 * @throws CloudschedError `missing-peer` when tfjs is not installed
 */
export async function createTfjsTrainer(
  architecture: Architecture,
  shape: HeadShape,
  batchLimit: number,
  wanted: TensorflowBackend | 'auto' = 'auto',
): Promise<Trainer> {
  const { tf, backend, passedOver } = await loadTensorflow(wanted)
  const face: TfjsOps = { tf, ops: safeOps(tf) }
  const layout = parameterLayout(architecture)
  const kernels = createReferenceKernels()
  const { window, inputs, outputs } = architecture
  const { arrays, input, output } = withArithmetic(kernels, ({ allocate }) => ({
    arrays: {
      weights: allocate(layout.size),
      gradient: allocate(layout.size),
      first: allocate(layout.size),
      second: allocate(layout.size),
    },
    input: allocate(window * batchLimit * inputs),
    output: allocate(batchLimit * outputs),
  }))
  const targets = new Float64Array(batchLimit * shape.horizon)
  const tensors = (): Tensor[] =>
    layout.all.map(({ rows, columns, start }) =>
      tf.tensor2d(Float32Array.from(arrays.weights.subarray(start, start + rows * columns)), [rows, columns]),
    )
  const batchInput = (batch: number): Tensor =>
    tf.tensor3d(Float32Array.from(input.subarray(0, window * batch * inputs)), [window, batch, inputs])
  const forward = (parameters: readonly Tensor[], batch: number, masks: DropoutMasks | null): Tensor =>
    tfjsNetwork(face, architecture, parameters, batchInput(batch), masks)
  const lossOf = (parameters: readonly Tensor[], batch: number, masks: DropoutMasks | null): Tensor =>
    tfjsLoss(face, shape, forward(parameters, batch, masks), targets.subarray(0, batch * shape.horizon))

  return {
    backend: `tfjs-${backend}`,
    passedOver: [
      'wasm-kernels: tfjs was asked for',
      ...passedOver.map(({ backend: name, reason }) => `tfjs-${name}: ${reason}`),
    ],
    layout,
    arrays,
    kernels,
    input,
    targets,
    gradient: (batch, masks) =>
      tf.tidy(() => {
        const gradientOf = tf.valueAndGrads((...parameters: Tensor[]) =>
          tf.reshape(lossOf(parameters, batch, masks), []),
        )
        const { value, grads } = gradientOf(tensors())
        layout.all.forEach(({ start }, k) => arrays.gradient.set(grads[k]!.dataSync() as Float32Array, start))
        return value.dataSync()[0]!
      }),
    loss: (batch) => tf.tidy(() => lossOf(tensors(), batch, null).dataSync()[0]!),
    outputs: (batch) => {
      output.set(tf.tidy(() => forward(tensors(), batch, null).dataSync() as Float32Array))
      return output
    },
  }
}

/** `lossAndGradient` of `loss.ts` in operations of tfjs. */
export function tfjsLoss({ tf, ops }: TfjsOps, shape: HeadShape, outputs: Tensor, targets: Float64Array): Tensor {
  const count = targets.length
  const width = outputsPerStep(shape)
  const rows = tf.reshape(outputs, [count, width])
  if (shape.head === 'regression') {
    const errors = tf.sub(tf.tensor2d(Float32Array.from(targets), [count, 1]), rows)
    const levels = tf.tensor2d(Float32Array.from(shape.quantiles), [1, width])
    return tf.mul(2, tf.mean(tf.maximum(tf.mul(levels, errors), tf.mul(tf.sub(levels, 1), errors))))
  }
  const classes = tf.oneHot(tf.tensor1d(Int32Array.from(targets), 'int32'), width)
  const losses = ops.softmaxCrossEntropy(tf.cast(classes, 'float32'), rows)
  if (shape.head === 'levels') return tf.mean(losses)
  const weights = Float32Array.from(targets, (label) => (label === 1 ? shape.positiveWeight : 1))
  return tf.mean(tf.mul(losses, tf.tensor1d(weights)))
}
