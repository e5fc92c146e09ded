import type { Tensor } from '@tensorflow/tfjs'
import type { SafeOps } from '../../neural/safe-ops.ts'
import type { Tensorflow } from '../../neural/tensorflow.ts'
import {
  type Architecture,
  type CellParameters,
  type Parameter,
  parameterLayout,
  readsAverage,
} from './architecture.ts'
import { alphaCount, effectiveWeights } from './binarise.ts'
import type { DropoutMasks } from './dropout.ts'
import { featureAverageWeights } from './feature-average.ts'

/** tfjs and its operations that are right under nested gradients. */
export interface TfjsOps {
  readonly tf: Tensorflow
  readonly ops: SafeOps
}

/**
 * The network of `network.ts` in operations of tfjs, whose gradient tfjs finds by itself: the oracle of the gradients by
 * hand, and a trainer.
 *
 * @param parameters - one tensor per entry of the layout, in its order
 * @param input - (window x batch x inputs)
 * @param masks - `null` at inference
 * @returns (batch x outputs)
 */
export function tfjsNetwork(
  { tf, ops }: TfjsOps,
  architecture: Architecture,
  parameters: readonly Tensor[],
  input: Tensor,
  masks: DropoutMasks | null,
): Tensor {
  const { window: steps, readout, wfaSource, wfaTau, binarize } = architecture
  const layout = parameterLayout(architecture)
  const batch = input.shape[1]!
  const effective = effectiveTensors({ tf, ops }, architecture, parameters)
  const tensorOf = (parameter: Parameter): Tensor => effective[layout.all.indexOf(parameter)]!
  const maskTensor = (mask: ArrayLike<number> | null): Tensor | null =>
    mask && tf.tensor2d(Float32Array.from(mask), [batch, mask.length / batch])

  let sequence = tf.unstack(input)
  for (const { kernel, bias } of layout.encoder) {
    sequence = sequence.map((x) => ops.tanh(tf.add(tf.matMul(x, tensorOf(kernel)), tensorOf(bias))))
  }
  const encoded = sequence
  layout.layers.forEach((cells, layer) => {
    const directions = cells.map((cell, direction) => {
      const signed = binarize === 'weights+activations'
      const view = (mask: ArrayLike<number> | null): TensorView =>
        presentedTensor({ tf, ops }, signed, maskTensor(mask))
      return direct(
        { tf, ops, architecture, cell, tensorOf, batch },
        sequence,
        direction === 1,
        view(masks?.input[layer]![direction] ?? null),
        view(masks?.state[layer]![direction] ?? null),
      )
    })
    sequence = sequence.map((_, t) =>
      tf.concat(
        directions.map((states) => states[t]!),
        1,
      ),
    )
  })
  const parts: Tensor[] = []
  if (readout === 'mean') parts.push(tf.mean(tf.stack(sequence), 0))
  if (readout === 'last' || readout === 'last+wfa') {
    const units = architecture.units.at(-1)!
    parts.push(tf.slice(sequence[steps - 1]!, [0, 0], [batch, units]))
    if (architecture.bidirectional) parts.push(tf.slice(sequence[0]!, [0, units], [batch, units]))
  }
  if (readsAverage(readout)) {
    const weights = featureAverageWeights(steps, wfaTau)
    const source = wfaSource === 'encoder' ? encoded : sequence
    parts.push(tf.addN(source.map((x, t) => tf.mul(x, weights[t]!))))
  }
  const read = tf.concat(parts, 1)
  const readMask = maskTensor(masks?.readout ?? null)
  const kept = readMask ? tf.mul(read, readMask) : read
  const output = tf.add(tf.matMul(kept, tensorOf(layout.head.kernel)), tensorOf(layout.head.bias))
  if (!layout.skip) return output
  const target = tf.transpose(
    tf.reshape(tf.slice(input, [0, 0, architecture.skipColumn], [steps, batch, 1]), [steps, batch]),
  )
  return tf.add(output, tf.matMul(target, tensorOf(layout.skip)))
}

type TensorView = (x: Tensor) => Tensor

/** What a product sees of a tensor: its signs, its dropout. */
function presentedTensor({ tf, ops }: TfjsOps, signed: boolean, mask: Tensor | null): TensorView {
  return (x) => {
    const value = signed ? ops.sign(x) : x
    return mask ? tf.mul(value, mask) : value
  }
}

interface Direction extends TfjsOps {
  readonly architecture: Architecture
  readonly cell: CellParameters
  readonly tensorOf: (parameter: Parameter) => Tensor
  readonly batch: number
}

/** The states of one direction of a layer, in the order of time. */
function direct(
  { tf, ops, architecture, cell, tensorOf, batch }: Direction,
  sequence: readonly Tensor[],
  reverse: boolean,
  viewInput: TensorView,
  viewState: TensorView,
): Tensor[] {
  const { units } = cell
  const [kernel, recurrent, bias] = [cell.kernel, cell.recurrent, cell.bias].map(tensorOf) as [Tensor, Tensor, Tensor]
  const gate =
    architecture.recurrentActivation === 'sigmoid'
      ? ops.sigmoid
      : (x: Tensor) => ops.clip(tf.add(tf.mul(x, 0.2), 0.5), 0, 1)
  const columns = (x: Tensor, first: number, count: number): Tensor =>
    tf.slice(x, [0, first * units], [-1, count * units])
  const states: Tensor[] = []
  let state: Tensor = tf.zeros([batch, units])
  let memory: Tensor = tf.zeros([batch, units])
  for (let i = 0; i < sequence.length; i++) {
    const t = reverse ? sequence.length - 1 - i : i
    const sums = tf.add(tf.matMul(viewInput(sequence[t]!), kernel), bias)
    const seen = viewState(state)
    if (architecture.cell === 'lstm') {
      const all = tf.add(sums, tf.matMul(seen, recurrent))
      const [input, forget, output] = [0, 1, 3].map((block) => gate(columns(all, block, 1))) as [Tensor, Tensor, Tensor]
      memory = tf.add(tf.mul(forget, memory), tf.mul(input, ops.tanh(columns(all, 2, 1))))
      state = tf.mul(output, ops.tanh(memory))
    } else {
      const gates = gate(tf.add(columns(sums, 0, 2), tf.matMul(seen, columns(recurrent, 0, 2))))
      const [reset, update] = [columns(gates, 0, 1), columns(gates, 1, 1)]
      const candidateKernel = columns(recurrent, 2, 1)
      const past = architecture.resetAfter
        ? tf.mul(reset, tf.add(tf.matMul(seen, candidateKernel), tensorOf(cell.recurrentBias!)))
        : tf.matMul(viewState(tf.mul(reset, state)), candidateKernel)
      const candidate = ops.tanh(tf.add(columns(sums, 2, 1), past))
      state = tf.add(candidate, tf.mul(update, tf.sub(state, candidate)))
    }
    states[t] = state
  }
  return states
}

/**
 * What the products multiply with. Binary and ternary kernels take their values from `effectiveWeights`; the gradient
 * passes through the sign, times alpha, which counts as a constant.
 */
function effectiveTensors({ tf, ops }: TfjsOps, architecture: Architecture, parameters: readonly Tensor[]): Tensor[] {
  if (architecture.binarize === 'none') return [...parameters]
  const layout = parameterLayout(architecture)
  const latent = new Float32Array(layout.size)
  layout.all.forEach(({ start }, k) => latent.set(parameters[k]!.dataSync() as Float32Array, start))
  const effective = new Float32Array(layout.size)
  const alphas = new Float64Array(alphaCount(layout))
  effectiveWeights(layout, architecture, latent, effective, alphas)
  let first = 0
  return layout.all.map(({ rows, columns, start, binary }, k) => {
    const parameter = parameters[k]!
    if (!binary) return parameter
    const alpha = tf.tensor2d(Float32Array.from(alphas.subarray(first, first + columns)), [1, columns])
    first += columns
    const straight = tf.mul(ops.sign(parameter), alpha)
    const value = tf.tensor2d(effective.slice(start, start + rows * columns), [rows, columns])
    // value - alpha sign(w) is a constant: 0 for binary weights, what makes a sign a 0 for ternary ones.
    const signs = latent.slice(start, start + rows * columns).map((w) => (w >= 0 ? 1 : -1))
    return tf.add(straight, tf.sub(value, tf.mul(tf.tensor2d(signs, [rows, columns]), alpha)))
  })
}
