import type { Kernels, Offset } from './kernels.ts'
import {
  addRecurrentGradient,
  carryBack,
  type CellBlocks,
  hardFlag,
  previousState,
  readsAsIs,
  recurrentProduct,
  type RecurrentPass,
  seenState,
  show,
  timeOf,
} from './recurrent-pass.ts'

/**
 * The gated recurrent unit, in the convention in which the update gate z keeps the past (Keras, PyTorch):
 *
 *     r = sigma(Wr x + Ur h' + br),  z = sigma(Wz x + Uz h' + bz),  h = z h' + (1 - z) n
 *     'gru':        n = tanh(Wn x + bn + Un (r h'))          (Cho et al. 2014)
 *     'gru-after':  n = tanh(Wn x + bn + r (Un h' + cn))     (cuDNN)
 *
 * The sums W x + b of all steps already stand in `tape.gates`.
 */
export function gruForward(kernels: Kernels, pass: RecurrentPass): void {
  const { shape, weights, batch, stateView, states, stateRow, tape } = pass
  const { cell, units } = shape
  const { sums } = tape
  const hard = hardFlag(shape)
  const width = 3 * units
  for (let i = 0; i < pass.steps; i++) {
    const t = timeOf(pass, i)
    const { previous, stride } = previousState(pass, i)
    const { seen, seenStride } = seenState(kernels, pass, i)
    const gates = tape.gates + t * batch * width
    const inner = tape.inner + t * batch * units
    const next = states + t * batch * stateRow
    if (cell === 'gru-after') {
      recurrentProduct(kernels, pass, seen, seenStride, 0, width, sums, 0)
      const bias = weights.candidateBias!
      kernels.gruAfter(batch, units, hard, gates, sums, bias, previous, stride, inner, next, stateRow)
      continue
    }
    recurrentProduct(kernels, pass, seen, seenStride, 0, 2 * units, sums, 0)
    kernels.gruGates(batch, units, hard, gates, sums, previous, stride, inner)
    if (!readsAsIs(pass)) show(kernels, stateView, batch, batch, units, inner, units, inner)
    recurrentProduct(kernels, pass, inner, units, 2 * units, units, sums, 0)
    kernels.gruState(batch, units, gates, sums, previous, stride, next, stateRow)
  }
}

/** Backpropagation through time: the gradients of the sums, in `tape.gateGradient`, and of all that the states read. */
export function gruBackward(
  kernels: Kernels,
  pass: RecurrentPass,
  statesGradient: Offset,
  gradients: CellBlocks,
): void {
  const { shape, weights, steps, batch, stateView, stateRow, tape } = pass
  const { cell, units } = shape
  const { carry, scratch } = tape
  const hard = hardFlag(shape)
  const width = 3 * units
  kernels.view(carry, batch * units).fill(0)
  for (let i = steps - 1; i >= 0; i--) {
    const t = timeOf(pass, i)
    const { previous, stride } = previousState(pass, i)
    const gates = tape.gates + t * batch * width
    const gradient = tape.gateGradient + t * batch * width
    const inner = tape.inner + t * batch * units
    const d = statesGradient + t * batch * stateRow
    if (cell === 'gru-after') {
      kernels.gruAfterBackward(batch, units, hard, d, stateRow, carry, gates, previous, stride, inner, gradient)
      carryBack(kernels, pass, units, inner, units, 2 * units)
    } else {
      kernels.gruStateBackward(batch, units, hard, d, stateRow, carry, gates, previous, stride, gradient)
      const ofCandidate = weights.recurrent + 2 * units
      kernels.gemm(batch, units, units, gradient + 2 * units, width, 1, ofCandidate, 1, width, scratch, units, 0)
      const { mask } = stateView
      if (mask !== null) kernels.present(batch, units, 0, batch, mask, scratch, units, scratch, units, 0)
      kernels.gruResetBackward(batch, units, hard, scratch, carry, gates, previous, stride, gradient)
    }
    carryBack(kernels, pass, 2 * units, gradient, width, 0)
  }
  addRecurrentGradient(kernels, pass, 2 * units, tape.gateGradient, width, gradients.recurrent)
  const ofCandidate = gradients.recurrent + 2 * units
  const rows = steps * batch
  if (cell === 'gru-after') {
    addRecurrentGradient(kernels, pass, units, tape.inner, units, ofCandidate)
    kernels.columnSums(rows, units, tape.inner, units, gradients.candidateBias!, 1)
  } else {
    const candidateSums = tape.gateGradient + 2 * units
    kernels.gemm(units, units, rows, tape.inner, 1, units, candidateSums, width, 1, ofCandidate, width, 1)
  }
}
