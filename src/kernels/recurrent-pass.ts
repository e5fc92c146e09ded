import type { Flag, Kernels, Offset } from './kernels.ts'

/** The cell of a recurrent layer. */
export interface CellShape {
  /** `'gru-after'` applies the reset gate after the product (cuDNN, PyTorch), `'gru'` before it (Keras until 2019, tfjs). */
  readonly cell: 'gru' | 'gru-after' | 'lstm'
  readonly inputs: number
  readonly units: number
  /** The piecewise linear gate of Keras, max(0, min(1, x / 5 + 1/2)), instead of the logistic function. */
  readonly hard: boolean
}

/** Where the weights of a cell stand, or their gradients. */
export interface CellBlocks {
  /** inputs x gates; columns r, z, n of a GRU, i, f, g, o of an LSTM, `units` each. */
  readonly kernel: Offset
  /** units x gates. */
  readonly recurrent: Offset
  /** gates. */
  readonly bias: Offset
  /** Of `'gru-after'` alone: the candidate's bias inside the reset, `units` numbers. */
  readonly candidateBias: Offset | null
}

/** What stands between a sequence and the product that reads it. */
export interface Presentation {
  /** The product sees signs (binarised activations); the gradient passes straight through. */
  readonly signed: boolean
  /** Dropout: batch x width, 0 or 1 / (1 - rate), the same at every step; `null` for none. */
  readonly mask: Offset | null
}

/** The weights of a cell whose products are of signs alone, for prediction; biases stay as they are. */
export interface PackedCell {
  /** The first column of the kernels that is computed, and how many: see {@link hasIdleReset}. */
  readonly firstColumn: number
  readonly columns: number
  /** A row of signs for each column of the kernel, and for each of the recurrent kernel. */
  readonly kernel: Offset
  readonly recurrent: Offset
  /** What the product with each column is multiplied with. */
  readonly kernelScale: Offset
  readonly recurrentScale: Offset
  /** `columns` zeros, from which a product starts that is added to nothing. */
  readonly zeros: Offset
  /** Room for the signs of what the products read. */
  readonly inputBits: Offset
  readonly stateBits: Offset
}

/** One direction of a recurrent layer over a batch of sequences; all sequences are time-major (steps x batch x width). */
export interface RecurrentPass {
  readonly shape: CellShape
  readonly weights: CellBlocks
  /** Computes the products of a forward pass from signs; `null` for real weights. */
  readonly packed: PackedCell | null
  /** From the last step to the first. */
  readonly reverse: boolean
  readonly steps: number
  readonly batch: number
  readonly inputView: Presentation
  readonly stateView: Presentation
  readonly input: Offset
  /** States: steps x batch rows, `stateRow` apart, of which this direction owns `units` columns from here on. */
  readonly states: Offset
  readonly stateRow: number
  readonly tape: RecurrentTape
}

/** What the forward pass leaves for the backward pass, and room for both. */
export interface RecurrentTape {
  /** Gate values (steps x batch x gates). */
  readonly gates: Offset
  /** GRU: what the candidate's product reads or gives; LSTM: the cell (steps x batch x units). */
  readonly inner: Offset
  /** Input and previous states as the products saw them, where a {@link Presentation} changes them. */
  readonly seenInput: Offset
  readonly seenState: Offset
  /** Gradients of the gates' sums (steps x batch x gates). */
  readonly gateGradient: Offset
  readonly sums: Offset
  readonly carry: Offset
  readonly cellCarry: Offset
  readonly scratch: Offset
  /** The state before the first step: zeros (batch x units). */
  readonly zeros: Offset
}

/** Number of gates of a cell: blocks of columns in its kernels. */
export function gateCount(cell: CellShape['cell']): 3 | 4 {
  return cell === 'lstm' ? 4 : 3
}

/**
 * True for a reset gate that acts before the product and is never 0: sign(r h) = sign(h), so where the product sees signs
 * the gate changes nothing. The piecewise linear gate can be 0.
 */
export function hasIdleReset({ cell, hard }: CellShape): boolean {
  return cell === 'gru' && !hard
}

/**
 * Room for passes of up to `steps` x `batch`.
 *
 * @param purpose - what only predicts needs no room for gradients
 */
export function allocateTape(
  { allocate }: Kernels,
  { cell, inputs, units }: CellShape,
  steps: number,
  batch: number,
  purpose: 'training' | 'prediction' = 'training',
): RecurrentTape {
  const rows = steps * batch
  const gradientRows = purpose === 'training' ? rows : 0
  const gates = gateCount(cell) * units
  return {
    gates: allocate(rows * gates),
    inner: allocate(rows * units),
    seenInput: allocate(rows * inputs),
    seenState: allocate(rows * units),
    gateGradient: allocate(gradientRows * gates),
    sums: allocate(batch * gates),
    carry: allocate(batch * units),
    cellCarry: allocate(batch * units),
    scratch: allocate(Math.max(batch * units, gradientRows * inputs)),
    zeros: allocate(batch * units),
  }
}

/** Step number i of the recurrence stands at this time step of the sequence. */
export function timeOf({ reverse, steps }: RecurrentPass, i: number): number {
  return reverse ? steps - 1 - i : i
}

/** The state before step i, and the distance between its rows. */
export function previousState(pass: RecurrentPass, i: number): { readonly previous: Offset; readonly stride: number } {
  const { states, stateRow, batch, shape, tape } = pass
  if (i === 0) return { previous: tape.zeros, stride: shape.units }
  return { previous: states + timeOf(pass, i - 1) * batch * stateRow, stride: stateRow }
}

/** The state before step i as the product with the recurrent kernel sees it. */
export function seenState(kernels: Kernels, pass: RecurrentPass, i: number): { seen: Offset; seenStride: number } {
  const { batch, stateView, shape, tape } = pass
  const { previous, stride } = previousState(pass, i)
  if (readsAsIs(pass)) return { seen: previous, seenStride: stride }
  const seen = tape.seenState + timeOf(pass, i) * batch * shape.units
  show(kernels, stateView, batch, batch, shape.units, previous, stride, seen)
  return { seen, seenStride: shape.units }
}

/** True when the product needs no changed copy of the state; packing takes the signs itself. */
export function readsAsIs({ packed, stateView }: RecurrentPass): boolean {
  return packed !== null || isPlain(stateView)
}

/** The columns from `first` on of sums (=|+=) a state times those of the recurrent kernel, for one step. */
export function recurrentProduct(
  kernels: Kernels,
  { shape, weights, packed, batch }: RecurrentPass,
  state: Offset,
  stateRow: number,
  first: number,
  count: number,
  sums: Offset,
  accumulate: Flag,
): void {
  const { units } = shape
  const gates = gateCount(shape.cell) * units
  const target = sums + first
  if (packed === null) {
    const from = weights.recurrent + first
    return kernels.gemm(batch, count, units, state, stateRow, 1, from, gates, 1, target, gates, accumulate)
  }
  const { stateBits, recurrent, recurrentScale, zeros } = packed
  const rows = recurrent + first * signWords(units)
  const [start, startRow] = accumulate ? [target, gates] : [zeros, 0]
  kernels.packSigns(batch, units, state, stateRow, stateBits)
  kernels.signProduct(batch, count, units, stateBits, rows, recurrentScale + first, start, startRow, target, gates)
}

/**
 * gradient += the sum over the steps of seen state' . gradient of the sums: `columns` columns of the recurrent kernel.
 *
 * @param sumsGradient - first of the columns, in rows `row` apart
 */
export function addRecurrentGradient(
  { gemm }: Kernels,
  pass: RecurrentPass,
  columns: number,
  sumsGradient: Offset,
  row: number,
  gradient: Offset,
): void {
  const { shape, reverse, steps, batch, stateView, states, stateRow, tape } = pass
  const { units } = shape
  const gates = gateCount(shape.cell) * units
  if (!isPlain(stateView)) {
    gemm(units, columns, steps * batch, tape.seenState, 1, units, sumsGradient, row, 1, gradient, gates, 1)
    return
  }
  // The state before a step is that of the neighbour; before the first step it is 0.
  const rows = (steps - 1) * batch
  const before = states + (reverse ? batch * stateRow : 0)
  const after = sumsGradient + (reverse ? 0 : batch * row)
  gemm(units, columns, rows, before, 1, stateRow, after, row, 1, gradient, gates, 1)
}

/** Adds a gradient of the sums of one step, taken back through the recurrent kernel, to the carried gradient. */
export function carryBack(
  kernels: Kernels,
  { shape, weights, batch, stateView, tape }: RecurrentPass,
  columns: number,
  sumsGradient: Offset,
  row: number,
  firstColumn: number,
): void {
  const { units } = shape
  const gates = gateCount(shape.cell) * units
  const from = weights.recurrent + firstColumn
  const { mask } = stateView
  const target = mask === null ? tape.carry : tape.scratch
  kernels.gemm(batch, units, columns, sumsGradient, row, 1, from, 1, gates, target, units, mask === null ? 1 : 0)
  if (mask !== null) kernels.present(batch, units, 0, batch, mask, tape.scratch, units, tape.carry, units, 1)
}

/** Writes `rows` rows as the product shall see them. */
export function show(
  { present }: Kernels,
  { signed, mask }: Presentation,
  rows: number,
  batch: number,
  width: number,
  source: Offset,
  sourceRow: number,
  target: Offset,
): void {
  present(rows, width, signed ? 1 : 0, mask === null ? 0 : batch, mask ?? 0, source, sourceRow, target, width, 0)
}

/** Numbers that hold the signs of a row of `width`. */
export function signWords(width: number): number {
  return 2 * Math.ceil(width / 64)
}

/** True when the product sees its input unchanged. */
export function isPlain({ signed, mask }: Presentation): boolean {
  return !signed && mask === null
}

/** The flag of the piecewise linear gate, for the kernels. */
export function hardFlag({ hard }: CellShape): Flag {
  return hard ? 1 : 0
}

/** The input as the product sees it. */
export function seenInput({ inputView, input, tape }: RecurrentPass): Offset {
  return isPlain(inputView) ? input : tape.seenInput
}
