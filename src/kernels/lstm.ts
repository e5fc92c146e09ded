import type { Kernels, Offset } from './kernels.ts'
import {
  addRecurrentGradient,
  carryBack,
  type CellBlocks,
  hardFlag,
  recurrentProduct,
  type RecurrentPass,
  seenState,
  timeOf,
} from './recurrent-pass.ts'

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i, f, o = sigma(W x + U h' + b),  g = tanh(Wg x + Ug h' + bg),  c = f c' + i g,  h = o tanh(c)
 *
 * The sums W x + b of all steps already stand in `tape.gates`; `tape.inner` holds c.
 */
export function lstmForward(kernels: Kernels, pass: RecurrentPass): void {
  const { shape, steps, batch, states, stateRow, tape } = pass
  const { units } = shape
  const width = 4 * units
  for (let i = 0; i < steps; i++) {
    const t = timeOf(pass, i)
    const { seen, seenStride } = seenState(kernels, pass, i)
    const gates = tape.gates + t * batch * width
    const cell = tape.inner + t * batch * units
    recurrentProduct(kernels, pass, seen, seenStride, 0, width, gates, 1)
    const next = states + t * batch * stateRow
    kernels.lstm(batch, units, hardFlag(shape), gates, previousCell(pass, i), cell, next, stateRow)
  }
}

/** Backpropagation through time: the gradients of the sums, in `tape.gateGradient`, and of the recurrent kernel. */
export function lstmBackward(
  kernels: Kernels,
  pass: RecurrentPass,
  statesGradient: Offset,
  gradients: CellBlocks,
): void {
  const { shape, steps, batch, stateRow, tape } = pass
  const { units } = shape
  const { carry, cellCarry } = tape
  const width = 4 * units
  for (const block of [carry, cellCarry]) kernels.view(block, batch * units).fill(0)
  for (let i = steps - 1; i >= 0; i--) {
    const t = timeOf(pass, i)
    const gates = tape.gates + t * batch * width
    const gradient = tape.gateGradient + t * batch * width
    const cell = tape.inner + t * batch * units
    const d = statesGradient + t * batch * stateRow
    const before = previousCell(pass, i)
    kernels.lstmBackward(batch, units, hardFlag(shape), d, stateRow, carry, cellCarry, before, cell, gates, gradient)
    kernels.view(carry, batch * units).fill(0)
    carryBack(kernels, pass, width, gradient, width, 0)
  }
  addRecurrentGradient(kernels, pass, width, tape.gateGradient, width, gradients.recurrent)
}

function previousCell(pass: RecurrentPass, i: number): Offset {
  const { tape, batch, shape } = pass
  return i === 0 ? tape.zeros : tape.inner + timeOf(pass, i - 1) * batch * shape.units
}
