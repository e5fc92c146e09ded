import type { CellParameters } from './architecture.ts'
import type { Arithmetic, Values } from './arithmetic.ts'
import { type Presentation, isPlain, present, presentBackward } from './presented.ts'

/** One direction of one recurrent layer over a batch of windows; all sequences are time-major. */
export interface RecurrentPass {
  readonly arithmetic: Arithmetic
  readonly parameters: CellParameters
  readonly resetAfter: boolean
  readonly hard: boolean
  /** From the last step to the first. */
  readonly reverse: boolean
  readonly steps: number
  readonly batch: number
  /** What the products with the kernel and with the recurrent kernel see. */
  readonly inputView: Presentation
  readonly stateView: Presentation
  /** (steps x batch x inputs). */
  readonly input: Values
  /** States (steps x batch x stateRow); this direction owns `units` columns from `stateColumn` on. */
  readonly states: Values
  readonly stateRow: number
  readonly stateColumn: number
  readonly tape: RecurrentTape
}

/** What the forward pass of one direction leaves for the backward pass. */
export interface RecurrentTape {
  /** The input as the product saw it, where that differs from the input; (steps x batch x inputs). */
  readonly seenInput: Values
  /** The previous state as the product saw it; (steps x batch x units). */
  readonly seenState: Values
  /** Gate values after their activations; (steps x batch x gates). */
  readonly gates: Values
  /** GRU: the reset state as seen (`resetAfter` false), or U h + c inside the reset (true). LSTM: the cell state. (steps x batch x units). */
  readonly inner: Values
  /** Gradient of the gates' sums; (steps x batch x gates). */
  readonly gateGradient: Values
  /** With `resetAfter`: gradient of the recurrent sums, which differs in the candidate; (steps x batch x gates). */
  readonly recurrentGradient: Values
  /** (batch x gates) and (batch x units). */
  readonly sums: Values
  readonly carry: Values
  readonly cellCarry: Values
  readonly stateGradient: Values
  /** Transposed kernels and the gradient of the seen input. */
  readonly recurrentTransposed: Values
  readonly kernelTransposed: Values
  readonly seenGradient: Values
}

export function createRecurrentTape(
  arithmetic: Arithmetic,
  { inputs, units, kernel }: CellParameters,
  steps: number,
  batch: number,
  purpose: 'training' | 'inference',
): RecurrentTape {
  const rows = steps * batch
  const gradientRows = purpose === 'training' ? rows : 0
  const gates = kernel.columns
  const { allocate } = arithmetic
  return {
    seenInput: allocate(rows * inputs),
    seenState: allocate(rows * units),
    gates: allocate(rows * gates),
    inner: allocate(rows * units),
    gateGradient: allocate(gradientRows * gates),
    recurrentGradient: allocate(gradientRows * gates),
    sums: allocate(batch * gates),
    carry: allocate(batch * units),
    cellCarry: allocate(batch * units),
    stateGradient: allocate(batch * units),
    recurrentTransposed: allocate(units * gates),
    kernelTransposed: allocate(inputs * gates),
    seenGradient: allocate(gradientRows * inputs),
  }
}

/** Step number i of the recurrence stands at this time step of the window. */
export function timeOf({ reverse, steps }: RecurrentPass, i: number): number {
  return reverse ? steps - 1 - i : i
}

/** Index of the state before step i in `states`; -1 at the first step, where it is 0. */
export function previousStart(pass: RecurrentPass, i: number): number {
  return i === 0 ? -1 : timeOf(pass, i - 1) * pass.batch * pass.stateRow + pass.stateColumn
}

/** gates = seen input . kernel + bias, for all steps at once. */
export function projectInput(pass: RecurrentPass, weights: Values): void {
  const { arithmetic, parameters, steps, batch, inputView, input, tape } = pass
  const { inputs, kernel, bias } = parameters
  const rows = steps * batch
  const columns = kernel.columns
  if (!isPlain(inputView)) {
    for (let t = 0; t < steps; t++) {
      const start = t * batch * inputs
      present(inputView, input, start, inputs, batch, inputs, tape.seenInput, start)
    }
  }
  const { gates } = tape
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) gates[row * columns + j] = weights[bias.start + j]!
  }
  arithmetic.multiply(
    rows,
    columns,
    inputs,
    seenInput(pass),
    0,
    inputs,
    1,
    weights,
    kernel.start,
    columns,
    gates,
    0,
    columns,
    true,
  )
}

function seenInput({ inputView, input, tape }: RecurrentPass): Values {
  return isPlain(inputView) ? input : tape.seenInput
}

/** The state before step i as the product sees it; returns its index in `tape.seenState`. */
export function presentState(pass: RecurrentPass, i: number): number {
  const { batch, parameters, stateView, states, stateRow, tape } = pass
  const start = timeOf(pass, i) * batch * parameters.units
  const previous = previousStart(pass, i)
  if (previous >= 0) {
    present(stateView, states, previous, stateRow, batch, parameters.units, tape.seenState, start)
    return start
  }
  // The first state is 0, whose sign is +1.
  tape.carry.fill(0, 0, batch * parameters.units)
  present(stateView, tape.carry, 0, parameters.units, batch, parameters.units, tape.seenState, start)
  return start
}

/** Gradients of kernel, bias and input from those of the gates' sums, for all steps at once. */
export function projectInputBackward(
  pass: RecurrentPass,
  weights: Values,
  gradient: Values,
  inputGradient: Values | null,
): void {
  const { arithmetic, parameters, steps, batch, inputView, tape } = pass
  const { inputs, kernel, bias } = parameters
  const rows = steps * batch
  const columns = kernel.columns
  const { gateGradient } = tape
  addColumnSums(gateGradient, rows, columns, 0, columns, gradient, bias.start)
  arithmetic.multiply(
    inputs,
    columns,
    rows,
    seenInput(pass),
    0,
    1,
    inputs,
    gateGradient,
    0,
    columns,
    gradient,
    kernel.start,
    columns,
    true,
  )
  if (!inputGradient) return
  transpose(weights, kernel.start, inputs, columns, tape.kernelTransposed)
  const plain = isPlain(inputView)
  const target = plain ? inputGradient : tape.seenGradient
  arithmetic.multiply(
    rows,
    inputs,
    columns,
    gateGradient,
    0,
    columns,
    1,
    tape.kernelTransposed,
    0,
    inputs,
    target,
    0,
    inputs,
    plain,
  )
  if (plain) return
  for (let t = 0; t < steps; t++) {
    const start = t * batch * inputs
    presentBackward(inputView, tape.seenGradient, start, batch, inputs, inputGradient, start, inputs)
  }
}

/** target (columns x rows) = source (rows x columns) transposed. */
export function transpose(source: Values, start: number, rows: number, columns: number, target: Values): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) target[j * rows + i] = source[start + i * columns + j]!
  }
}

/** sums[sumsStart + j] += the sum of column first + j of the source, whose rows are `width` long. */
export function addColumnSums(
  source: Values,
  rows: number,
  width: number,
  first: number,
  columns: number,
  sums: Values,
  sumsStart: number,
): void {
  for (let i = 0; i < rows; i++) {
    const from = i * width + first
    for (let j = 0; j < columns; j++) sums[sumsStart + j] = sums[sumsStart + j]! + source[from + j]!
  }
}
