import { denseForward, inputGradient, weightGradient } from '../../kernels/dense.ts'
import type { Flag, Kernels, Offset } from '../../kernels/kernels.ts'
import type { CellParameters } from './architecture.ts'
import { type Arithmetic, offsetOf, type Values } from './arithmetic.ts'
import { isPlain, type Presentation, present, presentBackward } from './presented.ts'

/** One direction of one recurrent layer over a batch of windows; all sequences are time-major. */
export interface RecurrentPass {
  readonly kernels: Kernels
  readonly parameters: CellParameters
  readonly resetAfter: boolean
  /** 1 takes the piecewise linear gate. */
  readonly hard: Flag
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

/** What the forward pass of one direction leaves for the backward pass, and scratch. A sequence is (steps x batch x ...). */
export interface RecurrentTape {
  /** Sequence: the input as the product saw it, where that differs from the input. */
  readonly seenInput: Values
  /** Sequence: the previous state as the product saw it. */
  readonly seenState: Values
  /** Sequence: values of the gates and of the candidate, in the blocks of the kernel's columns. */
  readonly gates: Values
  /** Sequence. GRU: r h as the product saw it (`resetAfter` false), or U h + c inside the reset (true). LSTM: the cell. */
  readonly inner: Values
  /** Sequence: gradient of the sums of gates and candidate. */
  readonly sumGradient: Values
  /** Sequence: gradient of the seen input. */
  readonly seenGradient: Values
  /** (batch x columns of the kernel). */
  readonly sums: Values
  /** (batch x units): gradients that flow to the step before. */
  readonly carry: Values
  readonly cellCarry: Values
  readonly stateGradient: Values
  /** (batch x units) zeros: state and cell before the first step. */
  readonly zeros: Values
}

export function createRecurrentTape(
  { allocate }: Arithmetic,
  { inputs, units, kernel }: CellParameters,
  steps: number,
  batch: number,
  purpose: 'training' | 'inference',
): RecurrentTape {
  const rows = steps * batch
  const gradientRows = purpose === 'training' ? rows : 0
  return {
    seenInput: allocate(rows * inputs),
    seenState: allocate(rows * units),
    gates: allocate(rows * kernel.columns),
    inner: allocate(rows * units),
    sumGradient: allocate(gradientRows * kernel.columns),
    seenGradient: allocate(gradientRows * inputs),
    sums: allocate(batch * kernel.columns),
    carry: allocate(batch * units),
    cellCarry: allocate(batch * units),
    stateGradient: allocate(batch * units),
    zeros: allocate(batch * units),
  }
}

/** Where step i of the recurrence finds and leaves its numbers. */
export interface StepPlaces {
  /** The time step of the window. */
  readonly time: number
  /** Before the first step of the recurrence, state and cell are 0. */
  readonly isFirst: boolean
  /** The state before, and the distance of its rows. */
  readonly previous: Offset
  readonly previousRow: number
  readonly next: Offset
  readonly gates: Offset
  readonly inner: Offset
  readonly previousInner: Offset
  /** In `sumGradient`. */
  readonly sumGradient: Offset
}

export function stepPlaces(pass: RecurrentPass, i: number): StepPlaces {
  const { parameters, reverse, steps, batch, states, stateRow, stateColumn, tape } = pass
  const { units, kernel } = parameters
  const time = reverse ? steps - 1 - i : i
  const before = reverse ? time + 1 : time - 1
  const zeros = offsetOf(tape.zeros)
  const stateAt = (t: number): Offset => offsetOf(states) + t * batch * stateRow + stateColumn
  const inner = offsetOf(tape.inner)
  return {
    time,
    isFirst: i === 0,
    previous: i === 0 ? zeros : stateAt(before),
    previousRow: i === 0 ? units : stateRow,
    next: stateAt(time),
    gates: offsetOf(tape.gates) + time * batch * kernel.columns,
    inner: inner + time * batch * units,
    previousInner: i === 0 ? zeros : inner + before * batch * units,
    sumGradient: offsetOf(tape.sumGradient) + time * batch * kernel.columns,
  }
}

/** gates = seen input . kernel + bias, for all steps at once. */
export function projectInput(pass: RecurrentPass, weights: Values): void {
  const { kernels, parameters, steps, batch, inputView, input, tape } = pass
  const { inputs, kernel, bias } = parameters
  if (!isPlain(inputView)) {
    for (let t = 0; t < steps; t++) {
      const start = t * batch * inputs
      present(inputView, input, start, inputs, batch, inputs, tape.seenInput, start)
    }
  }
  const w = offsetOf(weights)
  const shape = { rows: steps * batch, inputs, outputs: kernel.columns }
  denseForward(kernels, shape, offsetOf(seenInput(pass)), w + kernel.start, w + bias.start, offsetOf(tape.gates))
}

function seenInput({ inputView, input, tape }: RecurrentPass): Values {
  return isPlain(inputView) ? input : tape.seenInput
}

/** Writes the state before a step into the tape, as the product sees it, and returns where it is. */
export function presentState(pass: RecurrentPass, { time, isFirst, previous, previousRow }: StepPlaces): Offset {
  const { batch, parameters, stateView, states, tape } = pass
  const { units } = parameters
  const start = time * batch * units
  const [source, at] = isFirst ? [tape.zeros, 0] : [states, previous - offsetOf(states)]
  present(stateView, source, at, previousRow, batch, units, tape.seenState, start)
  return offsetOf(tape.seenState) + start
}

/** target (batch x count) (=|+=) a state . columns `first` .. of the recurrent kernel. */
export function recurrentProduct(
  { kernels, parameters, batch }: RecurrentPass,
  state: Offset,
  weights: Values,
  first: number,
  count: number,
  target: Offset,
  accumulate: Flag,
): void {
  const { units, recurrent } = parameters
  const { columns } = recurrent
  const kernel = offsetOf(weights) + recurrent.start + first
  kernels.gemm(batch, count, units, state, units, 1, kernel, columns, 1, target, columns, accumulate)
}

/** Gradient of a state from that of its product with columns `first` .. of the recurrent kernel. */
export function recurrentProductBackward(
  { kernels, parameters, batch, tape }: RecurrentPass,
  sumGradient: Offset,
  row: number,
  weights: Values,
  first: number,
  count: number,
  accumulate: Flag,
): void {
  const { units, recurrent } = parameters
  const kernel = offsetOf(weights) + recurrent.start + first
  const target = offsetOf(tape.stateGradient)
  kernels.gemm(batch, units, count, sumGradient, row, 1, kernel, 1, recurrent.columns, target, units, accumulate)
}

/** Adds the gradient of columns `first` .. of the recurrent kernel: a sequence of states, transposed, times that of its sums. */
export function addRecurrentGradient(
  { kernels, parameters, steps, batch }: RecurrentPass,
  seen: Values,
  sumGradient: Offset,
  row: number,
  gradient: Values,
  first: number,
  count: number,
): void {
  const { units, recurrent } = parameters
  const target = offsetOf(gradient) + recurrent.start + first
  kernels.gemm(units, count, steps * batch, offsetOf(seen), 1, units, sumGradient, row, 1, target, recurrent.columns, 1)
}

/** Adds the gradient of the state that a product saw to `carry`, the gradient of the state before. */
export function addToCarry({ batch, parameters, stateView, tape }: RecurrentPass): void {
  const { units } = parameters
  presentBackward(stateView, tape.stateGradient, 0, batch, units, tape.carry, 0, units)
}

/** Gradients of kernel, bias and input from those of the sums, for all steps at once. */
export function projectInputBackward(
  pass: RecurrentPass,
  weights: Values,
  gradient: Values,
  ofInput: Values | null,
): void {
  const { kernels, parameters, steps, batch, inputView, tape } = pass
  const { inputs, kernel, bias } = parameters
  const rows = steps * batch
  const shape = { rows, inputs, outputs: kernel.columns }
  const [sums, dw] = [offsetOf(tape.sumGradient), offsetOf(gradient)]
  kernels.columnSums(rows, kernel.columns, sums, kernel.columns, dw + bias.start, 1)
  weightGradient(kernels, shape, offsetOf(seenInput(pass)), sums, dw + kernel.start, 1)
  if (!ofInput) return
  const plain = isPlain(inputView)
  const target = plain ? ofInput : tape.seenGradient
  inputGradient(kernels, shape, sums, offsetOf(weights) + kernel.start, offsetOf(target), plain ? 1 : 0)
  if (plain) return
  for (let t = 0; t < steps; t++) {
    const at = t * batch * inputs
    presentBackward(inputView, tape.seenGradient, at, batch, inputs, ofInput, at, inputs)
  }
}
