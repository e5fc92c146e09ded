import type { Offset } from '../../kernels/kernels.ts'
import type { PackedCell } from '../../kernels/recurrent-pass.ts'
import { createRecurrentStack, type LayerViews } from '../../kernels/recurrent-stack.ts'
import { type Architecture, encodedWidth, type ParameterLayout, parameterLayout, readoutWidth } from './architecture.ts'
import { type Arithmetic, offsetOf, type Values } from './arithmetic.ts'
import { alphaCount, effectiveWeights, straightThrough } from './binarise.ts'
import { type DensePass, denseLayerBackward, denseLayerForward } from './dense-layer.ts'
import type { DropoutMasks } from './dropout.ts'
import { type CellKind, createPacking } from './packing.ts'
import { createReader } from './readout.ts'

/** A network with room for its activations. */
export interface Network {
  readonly layout: ParameterLayout
  /**
   * Takes the weights for the calls that follow; again after they have changed. What only predicts takes them once: signs
   * of binarised weights and activations are packed then, 32 in a number.
   *
   * @param weights - flat, in the order of `layout`
   */
  readonly load: (weights: Values) => void
  /**
   * Runs a batch of windows.
   *
   * @param input - (window x batch x inputs), time-major, target in column 0
   * @param batch - at most the batch the network was made for
   * @param masks - `null` at inference
   * @returns (batch x outputs) in its first entries; overwritten by the next call
   */
  readonly forward: (input: Values, batch: number, masks: DropoutMasks | null) => Values
  /**
   * Gradient of the last `forward`: adds to `gradient`, flat as the weights.
   *
   * @param outputGradient - (batch x outputs); overwritten
   */
  readonly backward: (outputGradient: Values, gradient: Values) => void
}

/**
 * Encoder, stacked recurrent layers, weighted feature average and head of one architecture.
 *
 * @param purpose - what only ever predicts gets no room for gradients
 */
export function createNetwork(
  architecture: Architecture,
  { kernels, allocate }: Arithmetic,
  batchLimit: number,
  purpose: 'training' | 'prediction' = 'training',
): Network {
  const { window: steps, cell, units, bidirectional, resetAfter, outputs, binarize, skipColumn } = architecture
  const layout = parameterLayout(architecture)
  const rows = steps * batchLimit
  const gradientRows = purpose === 'training' ? rows : 0
  const effective = binarize === 'none' ? null : allocate(layout.size)
  const alphas = new Float64Array(alphaCount(layout))
  const encoded = layout.encoder.map(({ kernel }) => allocate(rows * kernel.columns))
  const encodedGradients = layout.encoder.map(({ kernel }) => allocate(gradientRows * kernel.columns))
  const cellShape: CellKind = {
    cell: cell === 'gru' && resetAfter ? 'gru-after' : cell,
    hard: architecture.recurrentActivation === 'hardSigmoid',
  }
  const stack = createRecurrentStack(
    kernels,
    { ...cellShape, inputs: encodedWidth(architecture), units, bidirectional },
    steps,
    batchLimit,
    purpose,
  )
  /** The weights of the stack lie side by side in the flat vector. */
  const stackStart = layout.layers[0]![0]!.kernel.start
  const statesGradient = allocate(gradientRows * stack.outputs)
  const maskRooms = layout.layers.map((cells) =>
    cells.map(({ inputs, units: width }) => ({
      input: allocate(purpose === 'training' ? batchLimit * inputs : 0),
      state: allocate(purpose === 'training' ? batchLimit * width : 0),
    })),
  )
  const reader = createReader(architecture)
  const readWidth = readoutWidth(architecture)
  const read = allocate(batchLimit * readWidth)
  const readGradient = allocate(batchLimit * readWidth)
  const output = allocate(batchLimit * outputs)
  const isPacked = purpose === 'prediction' && binarize === 'weights+activations'
  const packing = isPacked ? createPacking(kernels, layout, cellShape, steps, batchLimit) : null
  let packed: PackedCell[][] | null = null
  let weights: Values = output
  let latent: Values = output
  let input: Values = output
  let batch = 0
  let masks: DropoutMasks | null = null

  /** What the recurrent layers read. */
  const features = (): Values => encoded.at(-1) ?? input

  const hiddenPass = (index: number): DensePass => ({
    ...layout.encoder[index]!,
    hidden: true,
    count: steps * batch,
    input: index === 0 ? input : encoded[index - 1]!,
    output: encoded[index]!,
  })
  const headPass = (): DensePass => ({ ...layout.head, hidden: false, count: batch, input: read, output })
  /** A column of the time-major input: its entry (window b, step t) is b inputs + t batch inputs after the first. */
  const skipRow = architecture.inputs

  /** Signs of binarised activations, and the dropout masks, which go into the memory of the kernels. */
  function stackViews(): LayerViews[] {
    const signed = binarize === 'weights+activations'
    const place = (room: Values, mask: Values | null | undefined): Offset | null => {
      if (!mask) return null
      room.set(mask)
      return offsetOf(room)
    }
    return maskRooms.map((cells, layer) =>
      cells.map((room, direction) => ({
        inputView: { signed, mask: place(room.input, masks?.input[layer]![direction]) },
        stateView: { signed, mask: place(room.state, masks?.state[layer]![direction]) },
      })),
    )
  }

  return {
    layout,
    load(given) {
      latent = given
      weights = effective ?? latent
      if (effective) effectiveWeights(layout, architecture, latent, effective, alphas)
      packed = packing && packing(weights, alphas)
    },
    forward(givenInput, givenBatch, givenMasks) {
      input = givenInput
      batch = givenBatch
      masks = givenMasks
      layout.encoder.forEach((_, index) => denseLayerForward(kernels, hiddenPass(index), weights))
      const parameters = offsetOf(weights) + stackStart
      const products = packed ? { packed } : { views: stackViews() }
      const top = stack.forward(parameters, offsetOf(features()), steps, batch, products)
      const states = kernels.view(top, steps * batch * stack.outputs)
      reader.read(features(), states, batch, read)
      scaleBy(read, masks?.readout ?? null, batch * readWidth)
      denseLayerForward(kernels, headPass(), weights)
      if (layout.skip) {
        const skip = offsetOf(weights) + layout.skip.start
        const [x, y] = [offsetOf(input) + skipColumn, offsetOf(output)]
        kernels.gemm(batch, outputs, steps, x, skipRow, skipRow * batch, skip, outputs, 1, y, outputs, 1)
      }
      return output
    },
    backward(outputGradient, gradient) {
      for (const values of [...encodedGradients, statesGradient]) values.fill(0)
      denseLayerBackward(kernels, headPass(), weights, outputGradient, gradient, readGradient)
      if (layout.skip) {
        const skip = offsetOf(gradient) + layout.skip.start
        const [x, dy] = [offsetOf(input) + skipColumn, offsetOf(outputGradient)]
        kernels.gemm(steps, outputs, batch, x, skipRow * batch, skipRow, dy, outputs, 1, skip, outputs, 1)
      }
      scaleBy(readGradient, masks?.readout ?? null, batch * readWidth)
      const ofFeatures = encodedGradients.at(-1) ?? null
      reader.readBackward(readGradient, batch, ofFeatures, statesGradient)
      stack.backward(offsetOf(statesGradient), offsetOf(gradient) + stackStart, ofFeatures && offsetOf(ofFeatures))
      for (let index = layout.encoder.length - 1; index >= 0; index--) {
        const below = index === 0 ? null : encodedGradients[index - 1]!
        denseLayerBackward(kernels, hiddenPass(index), weights, encodedGradients[index]!, gradient, below)
      }
      if (effective) straightThrough(layout, latent, alphas, gradient)
    },
  }
}

function scaleBy(values: Values, mask: Values | null, count: number): void {
  if (!mask) return
  for (let i = 0; i < count; i++) values[i] = values[i]! * mask[i]!
}
