import type { Kernels, Offset } from './kernels.ts'
import {
  allocateTape,
  type CellBlocks,
  type CellShape,
  gateCount,
  type PackedCell,
  type Presentation,
} from './recurrent-pass.ts'
import { recurrentBackward, recurrentForward } from './recurrent.ts'

/** Recurrent layers on top of each other; each reads the states of all steps of the one below. */
export interface StackShape {
  readonly cell: CellShape['cell']
  readonly hard?: boolean
  readonly inputs: number
  /** Units of each layer, from the one that reads the input up; of each direction. */
  readonly units: readonly number[]
  /** Two directions stand side by side in the states: forward, then backward. */
  readonly bidirectional: boolean
}

/** What each direction of one layer sees of its input and of its state. */
export type LayerViews = readonly { readonly inputView: Presentation; readonly stateView: Presentation }[]

/** What may differ from products of real numbers; for each layer, for each direction. */
export interface StackProducts {
  readonly views?: readonly LayerViews[]
  /** Products of signs, for prediction; see `packCell`. */
  readonly packed?: readonly (readonly PackedCell[])[]
}

/** A stack with room for its activations. Its parameters lie in one block, its gradients in another of the same layout. */
export interface RecurrentStack {
  /** For each layer, for each direction: where the arrays stand in a block, counted from its beginning. */
  readonly blocks: readonly (readonly CellBlocks[])[]
  readonly parameterCount: number
  /** Width of the states of the top layer. */
  readonly outputs: number
  /**
   * Computes the states of all layers.
   *
   * @param input - steps x batch x inputs, time-major
   * @returns the states of the top layer, steps x batch x outputs
   */
  readonly forward: (
    parameters: Offset,
    input: Offset,
    steps: number,
    batch: number,
    products?: StackProducts,
  ) => Offset
  /**
   * Gradients of the last forward pass: adds to `gradients` and, unless it is `null`, to `inputGradient`.
   *
   * @param statesGradient - of what `forward` returned
   */
  readonly backward: (statesGradient: Offset, gradients: Offset, inputGradient: Offset | null) => void
}

/**
 * Makes a stack for sequences of up to `steps` and batches of up to `batch`.
 *
 * @param purpose - what only predicts needs no room for gradients
 */
export function createRecurrentStack(
  kernels: Kernels,
  { cell, hard = false, inputs, units, bidirectional }: StackShape,
  steps: number,
  batch: number,
  purpose: 'training' | 'prediction' = 'training',
): RecurrentStack {
  const directions = bidirectional ? [false, true] : [false]
  let parameterCount = 0
  const layers = units.map((width, l) => {
    const below = l === 0 ? inputs : units[l - 1]! * directions.length
    const shape: CellShape = { cell, inputs: below, units: width, hard }
    const outputs = width * directions.length
    return {
      shape,
      outputs,
      cells: directions.map((reverse) => {
        const { blocks, count } = layOutCell(shape, parameterCount)
        parameterCount += count
        return { reverse, blocks, tape: allocateTape(kernels, shape, steps, batch, purpose) }
      }),
      states: kernels.allocate(steps * batch * outputs),
      statesGradient: kernels.allocate(purpose === 'training' && l < units.length - 1 ? steps * batch * outputs : 0),
    }
  })
  let last = { parameters: 0, input: 0, steps: 0, batch: 0, products: {} as StackProducts }

  const passes = (l: number) => {
    const { shape, cells, states, outputs } = layers[l]!
    const { parameters, products } = last
    return cells.map(({ reverse, blocks, tape }, direction) => ({
      shape,
      weights: shift(blocks, parameters),
      reverse,
      steps: last.steps,
      batch: last.batch,
      ...(products.views?.[l]?.[direction] ?? unchanged),
      packed: products.packed?.[l]?.[direction] ?? null,
      input: l === 0 ? last.input : layers[l - 1]!.states,
      states: states + direction * shape.units,
      stateRow: outputs,
      tape,
    }))
  }

  return {
    blocks: layers.map(({ cells }) => cells.map(({ blocks }) => blocks)),
    parameterCount,
    outputs: layers.at(-1)!.outputs,
    forward: (parameters, input, presentSteps, presentBatch, products = {}) => {
      last = { parameters, input, steps: presentSteps, batch: presentBatch, products }
      for (const l of layers.keys()) for (const pass of passes(l)) recurrentForward(kernels, pass)
      return layers.at(-1)!.states
    },
    backward: (statesGradient, gradients, inputGradient) => {
      for (let l = layers.length - 1; l >= 0; l--) {
        const below = layers[l - 1]
        if (below) kernels.view(below.statesGradient, last.steps * last.batch * below.outputs).fill(0)
        const { shape, cells } = layers[l]!
        const ofStates = l === layers.length - 1 ? statesGradient : layers[l]!.statesGradient
        for (const [direction, pass] of passes(l).entries()) {
          const own = shift(cells[direction]!.blocks, gradients)
          const ofInput = below ? below.statesGradient : inputGradient
          recurrentBackward(kernels, pass, ofStates + direction * shape.units, own, ofInput)
        }
      }
    },
  }
}

const unchanged = { inputView: { signed: false, mask: null }, stateView: { signed: false, mask: null } } as const

/** The arrays of one cell in a block, one after the other. */
function layOutCell({ cell, inputs, units }: CellShape, start: number): { blocks: CellBlocks; count: number } {
  const gates = gateCount(cell) * units
  const recurrent = start + inputs * gates
  const bias = recurrent + units * gates
  const end = bias + gates
  const hasCandidateBias = cell === 'gru-after'
  return {
    blocks: { kernel: start, recurrent, bias, candidateBias: hasCandidateBias ? end : null },
    count: end + (hasCandidateBias ? units : 0) - start,
  }
}

function shift({ kernel, recurrent, bias, candidateBias }: CellBlocks, by: Offset): CellBlocks {
  return {
    kernel: kernel + by,
    recurrent: recurrent + by,
    bias: bias + by,
    candidateBias: candidateBias === null ? null : candidateBias + by,
  }
}
