/** How the recurrent weights are stored and used. */
export type Binarisation = 'none' | 'weights' | 'weights+activations' | 'ternary'

/** What the head reads of the sequence. */
export type Readout = 'last' | 'mean' | 'wfa' | 'last+wfa'

/** The shape of a network: with its weights, all that a forward pass needs. Plain data. */
export interface Architecture {
  /** Steps T of the input window. */
  readonly window: number
  /** Input columns p: the target first, then the features. */
  readonly inputs: number
  /** Widths of the time-distributed tanh layers before the recurrence; empty for none. */
  readonly encoder: readonly number[]
  readonly cell: 'gru' | 'lstm'
  /** Widths of the stacked recurrent layers, first to last. */
  readonly units: readonly number[]
  readonly bidirectional: boolean
  /** Where the reset gate acts: on the state (false) or on its product with the weights (true); GRU only. */
  readonly resetAfter: boolean
  readonly recurrentActivation: 'sigmoid' | 'hardSigmoid'
  readonly binarize: Binarisation
  /** Scale of binarised weights: the mean of |w| of each output unit, or 1 / sqrt(fan-in). */
  readonly scale: 'row' | 'none'
  readonly readout: Readout
  readonly wfaTau: number
  /** What is averaged: the encoder's output or the states of the last recurrent layer. */
  readonly wfaSource: 'encoder' | 'hidden'
  /** Adds a linear function of the window of the target straight to the outputs. */
  readonly linearSkip: boolean
  /** The input column it reads: 0, the normalised target, or 1, its distance to the threshold of a decision head. */
  readonly skipColumn: 0 | 1
  /** Numbers the head puts out. */
  readonly outputs: number
}

/** One array of weights inside the flat vector of all. */
export interface Parameter {
  readonly name: string
  readonly rows: number
  readonly columns: number
  /** Index of its first entry in the flat vector. */
  readonly start: number
  /** True for the recurrent layers' kernels, which `binarize` concerns. */
  readonly binary: boolean
}

/** Where one direction of one recurrent layer keeps its weights in the flat vector. */
export interface CellParameters {
  readonly inputs: number
  readonly units: number
  readonly kernel: Parameter
  readonly recurrent: Parameter
  readonly bias: Parameter
  /** GRU with `resetAfter` only: the candidate's bias inside the reset. */
  readonly recurrentBias: Parameter | null
}

/** All weights of an architecture, in the order in which they lie in the flat vector. */
export interface ParameterLayout {
  readonly encoder: readonly { readonly kernel: Parameter; readonly bias: Parameter }[]
  /** By layer, then by direction: forward, and backward where there is one. */
  readonly layers: readonly (readonly CellParameters[])[]
  readonly head: { readonly kernel: Parameter; readonly bias: Parameter }
  readonly skip: Parameter | null
  readonly all: readonly Parameter[]
  readonly size: number
}

/** Blocks of columns of a cell's kernels: reset, update, candidate; input, forget, candidate, output. */
export const gateCount: { readonly gru: 3; readonly lstm: 4 } = { gru: 3, lstm: 4 }

/** Width of what the head reads. */
export function readoutWidth(architecture: Architecture): number {
  const { readout } = architecture
  return (readout === 'wfa' ? 0 : stateWidth(architecture)) + (readsAverage(readout) ? averageWidth(architecture) : 0)
}

export function readsAverage(readout: Readout): boolean {
  return readout === 'wfa' || readout === 'last+wfa'
}

/** Width of the last recurrent layer's output, both directions together. */
export function stateWidth({ units, bidirectional }: Architecture): number {
  return units.at(-1)! * (bidirectional ? 2 : 1)
}

export function encodedWidth({ encoder, inputs }: Architecture): number {
  return encoder.at(-1) ?? inputs
}

export function averageWidth(architecture: Architecture): number {
  return architecture.wfaSource === 'encoder' ? encodedWidth(architecture) : stateWidth(architecture)
}

export function parameterLayout(architecture: Architecture): ParameterLayout {
  const all: Parameter[] = []
  let size = 0
  const add = (name: string, rows: number, columns: number, binary: boolean = false): Parameter => {
    const parameter = { name, rows, columns, start: size, binary }
    size += rows * columns
    all.push(parameter)
    return parameter
  }
  const { cell, units, bidirectional, resetAfter, outputs } = architecture
  const encoder = architecture.encoder.map((width, index, widths) => ({
    kernel: add(`encoder${index}.kernel`, widths[index - 1] ?? architecture.inputs, width),
    bias: add(`encoder${index}.bias`, 1, width),
  }))
  const directions = bidirectional ? ['forward', 'backward'] : ['forward']
  const layers = units.map((width, index) =>
    directions.map((direction): CellParameters => {
      const name = `layer${index}.${direction}`
      const inputs = index === 0 ? encodedWidth(architecture) : units[index - 1]! * directions.length
      const columns = gateCount[cell] * width
      return {
        inputs,
        units: width,
        kernel: add(`${name}.kernel`, inputs, columns, true),
        recurrent: add(`${name}.recurrent`, width, columns, true),
        bias: add(`${name}.bias`, 1, columns),
        recurrentBias: cell === 'gru' && resetAfter ? add(`${name}.recurrentBias`, 1, width) : null,
      }
    }),
  )
  const head = {
    kernel: add('head.kernel', readoutWidth(architecture), outputs),
    bias: add('head.bias', 1, outputs),
  }
  const skip = architecture.linearSkip ? add('skip.kernel', architecture.window, outputs) : null
  return { encoder, layers, head, skip, all, size }
}
