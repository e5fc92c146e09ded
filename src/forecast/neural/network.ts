import {
  type Architecture,
  averageWidth,
  encodedWidth,
  type ParameterLayout,
  parameterLayout,
  readoutWidth,
  readsAverage,
  stateWidth,
} from './architecture.ts'
import { type Arithmetic, offsetOf, type Values } from './arithmetic.ts'
import { alphaCount, effectiveWeights, straightThrough } from './binarise.ts'
import { type DensePass, denseLayerBackward, denseLayerForward } from './dense-layer.ts'
import type { DropoutMasks } from './dropout.ts'
import { averageSequence, averageSequenceBackward, featureAverageWeights } from './feature-average.ts'
import { gruBackward, gruForward } from './gru.ts'
import { lstmBackward, lstmForward } from './lstm.ts'
import { createRecurrentTape, type RecurrentPass, type RecurrentTape } from './recurrent-layer.ts'

/** A network with room for its activations; the weights come in with each call. */
export interface Network {
  readonly layout: ParameterLayout
  /**
   * Runs a batch of windows.
   *
   * @param weights - flat, in the order of `layout`
   * @param input - (window x batch x inputs), time-major, target in column 0
   * @param batch - at most the batch the network was made for
   * @param masks - `null` at inference
   * @returns (batch x outputs) in its first entries; overwritten by the next call
   */
  readonly forward: (weights: Values, input: Values, batch: number, masks: DropoutMasks | null) => Values
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
 * @param purpose - what is only ever used for inference gets no room for gradients
 */
export function createNetwork(
  architecture: Architecture,
  arithmetic: Arithmetic,
  batchLimit: number,
  purpose: 'training' | 'inference' = 'training',
): Network {
  const { window: steps, bidirectional, readout, wfaSource, outputs, binarize } = architecture
  const layout = parameterLayout(architecture)
  const { kernels, allocate } = arithmetic
  const rows = steps * batchLimit
  const binarised = binarize !== 'none'
  const effective = binarised ? allocate(layout.size) : null
  const alphas = new Float64Array(alphaCount(layout))
  const averageWeights = featureAverageWeights(steps, architecture.wfaTau)
  const encoded = layout.encoder.map(({ kernel }) => allocate(rows * kernel.columns))
  const gradientRows = purpose === 'training' ? rows : 0
  const encodedGradients = layout.encoder.map(({ kernel }) => allocate(gradientRows * kernel.columns))
  const states = layout.layers.map((cells) => allocate(rows * cells[0]!.units * cells.length))
  const statesGradients = layout.layers.map((cells) => allocate(gradientRows * cells[0]!.units * cells.length))
  const tapes = layout.layers.map((cells) =>
    cells.map((cell) => createRecurrentTape(arithmetic, cell, steps, batchLimit, purpose)),
  )
  const width = readoutWidth(architecture)
  const stateColumns = stateWidth(architecture)
  const read = allocate(batchLimit * width)
  const readGradient = allocate(batchLimit * width)
  const output = allocate(batchLimit * outputs)
  const [cellForward, cellBackward] =
    architecture.cell === 'gru' ? [gruForward, gruBackward] : [lstmForward, lstmBackward]
  let weights: Values = output
  let latent: Values = output
  let input: Values = output
  let batch = 0
  let masks: DropoutMasks | null = null

  /** What the recurrent layers read. */
  const features = (): Values => encoded.at(-1) ?? input

  function pass(layer: number, direction: number): RecurrentPass {
    const cells = layout.layers[layer]!
    const tape: RecurrentTape = tapes[layer]![direction]!
    const signed = binarize === 'weights+activations'
    return {
      kernels,
      parameters: cells[direction]!,
      resetAfter: architecture.resetAfter,
      hard: architecture.recurrentActivation === 'hardSigmoid' ? 1 : 0,
      reverse: direction === 1,
      steps,
      batch,
      inputView: { signed, mask: masks?.input[layer]![direction] ?? null },
      stateView: { signed, mask: masks?.state[layer]![direction] ?? null },
      input: layer === 0 ? features() : states[layer - 1]!,
      states: states[layer]!,
      stateRow: cells[0]!.units * cells.length,
      stateColumn: direction * cells[0]!.units,
      tape,
    }
  }

  /** The time step whose state is the last of a direction. */
  const finalStep = (direction: number): number => (direction === 1 ? 0 : steps - 1)
  const directions = bidirectional ? [0, 1] : [0]
  const averaged = (): [Values, number] =>
    wfaSource === 'encoder' ? [features(), encodedWidth(architecture)] : [states.at(-1)!, stateColumns]
  const meanWeights = new Float64Array(steps).fill(1 / steps)
  const averageColumn = width - (readsAverage(readout) ? averageWidth(architecture) : 0)

  function readSequence(): void {
    const last = states.at(-1)!
    if (readout === 'mean') averageSequence(meanWeights, last, batch, stateColumns, read, 0, width)
    if (readout === 'last' || readout === 'last+wfa') {
      const units = stateColumns / directions.length
      for (const direction of directions) {
        for (let b = 0; b < batch; b++) {
          const from = (finalStep(direction) * batch + b) * stateColumns + direction * units
          const to = b * width + direction * units
          for (let j = 0; j < units; j++) read[to + j] = last[from + j]!
        }
      }
    }
    if (readsAverage(readout)) {
      const [source, columns] = averaged()
      averageSequence(averageWeights, source, batch, columns, read, averageColumn, width)
    }
    scaleBy(read, masks?.readout ?? null, batch * width)
  }

  function readSequenceBackward(): void {
    const gradient = statesGradients.at(-1)!
    scaleBy(readGradient, masks?.readout ?? null, batch * width)
    if (readout === 'mean') averageSequenceBackward(meanWeights, readGradient, batch, stateColumns, 0, width, gradient)
    if (readout === 'last' || readout === 'last+wfa') {
      const units = stateColumns / directions.length
      for (const direction of directions) {
        for (let b = 0; b < batch; b++) {
          const to = (finalStep(direction) * batch + b) * stateColumns + direction * units
          const from = b * width + direction * units
          for (let j = 0; j < units; j++) gradient[to + j] = gradient[to + j]! + readGradient[from + j]!
        }
      }
    }
    if (!readsAverage(readout)) return
    const [, columns] = averaged()
    const target = wfaSource === 'encoder' ? encodedGradients.at(-1) : gradient
    if (target) averageSequenceBackward(averageWeights, readGradient, batch, columns, averageColumn, width, target)
  }

  const hiddenPass = (index: number): DensePass => ({
    ...layout.encoder[index]!,
    hidden: true,
    count: steps * batch,
    input: index === 0 ? input : encoded[index - 1]!,
    output: encoded[index]!,
  })
  const headPass = (): DensePass => ({ ...layout.head, hidden: false, count: batch, input: read, output })
  /** The target's column of the time-major input: entry (window b, step t) is at b inputs + t batch inputs. */
  const skipRow = architecture.inputs

  return {
    layout,
    forward(givenWeights, givenInput, givenBatch, givenMasks) {
      latent = givenWeights
      input = givenInput
      batch = givenBatch
      masks = givenMasks
      weights = effective ?? latent
      if (effective) effectiveWeights(layout, architecture, latent, effective, alphas)
      layout.encoder.forEach((_, index) => denseLayerForward(kernels, hiddenPass(index), weights))
      layout.layers.forEach((cells, layer) => {
        cells.forEach((_, direction) => cellForward(pass(layer, direction), weights))
      })
      readSequence()
      denseLayerForward(kernels, headPass(), weights)
      if (layout.skip) {
        const skip = offsetOf(weights) + layout.skip.start
        const [x, y] = [offsetOf(input), offsetOf(output)]
        kernels.gemm(batch, outputs, steps, x, skipRow, skipRow * batch, skip, outputs, 1, y, outputs, 1)
      }
      return output
    },
    backward(outputGradient, gradient) {
      for (const values of [...encodedGradients, ...statesGradients]) values.fill(0)
      denseLayerBackward(kernels, headPass(), weights, outputGradient, gradient, readGradient)
      if (layout.skip) {
        const skip = offsetOf(gradient) + layout.skip.start
        const [x, dy] = [offsetOf(input), offsetOf(outputGradient)]
        kernels.gemm(steps, outputs, batch, x, skipRow * batch, skipRow, dy, outputs, 1, skip, outputs, 1)
      }
      readSequenceBackward()
      for (let layer = layout.layers.length - 1; layer >= 0; layer--) {
        const below = layer > 0 ? statesGradients[layer - 1]! : (encodedGradients.at(-1) ?? null)
        for (const direction of directions) {
          cellBackward(pass(layer, direction), weights, statesGradients[layer]!, gradient, below)
        }
      }
      for (let index = layout.encoder.length - 1; index >= 0; index--) {
        const below = index === 0 ? null : encodedGradients[index - 1]!
        denseLayerBackward(kernels, hiddenPass(index), weights, encodedGradients[index]!, gradient, below)
      }
      if (binarised) straightThrough(layout, latent, alphas, gradient)
    },
  }
}

function scaleBy(values: Values, mask: Values | null, count: number): void {
  if (!mask) return
  for (let i = 0; i < count; i++) values[i] = values[i]! * mask[i]!
}
