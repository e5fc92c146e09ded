import { inputGradient, weightGradient } from './dense.ts'
import { gruBackward, gruForward } from './gru.ts'
import { gruOfSigns } from './gru-of-signs.ts'
import type { Kernels, Offset } from './kernels.ts'
import { lstmBackward, lstmForward } from './lstm.ts'
import {
  type CellBlocks,
  gateCount,
  hasIdleReset,
  isPlain,
  type RecurrentPass,
  seenInput,
  show,
} from './recurrent-pass.ts'

/** Computes the states of all steps. */
export function recurrentForward(kernels: Kernels, pass: RecurrentPass): void {
  const { shape, weights, packed, steps, batch, inputView, input, tape } = pass
  const { inputs, units } = shape
  const rows = steps * batch
  const gates = gateCount(shape.cell) * units
  // The part of the gates' sums that needs no state, for all steps at once.
  if (packed !== null) {
    const { inputBits, kernel, kernelScale, columns } = packed
    const bias = weights.bias + packed.firstColumn
    kernels.packSigns(rows, inputs, input, inputs, inputBits)
    kernels.signProduct(rows, columns, inputs, inputBits, kernel, kernelScale, bias, 0, tape.gates, columns)
    if (hasIdleReset(shape)) return gruOfSigns(kernels, pass, packed)
  } else {
    kernels.setRows(rows, gates, weights.bias, tape.gates)
    if (!isPlain(inputView)) show(kernels, inputView, rows, batch, inputs, input, inputs, tape.seenInput)
    kernels.gemm(rows, gates, inputs, seenInput(pass), inputs, 1, weights.kernel, gates, 1, tape.gates, gates, 1)
  }
  if (shape.cell === 'lstm') lstmForward(kernels, pass)
  else gruForward(kernels, pass)
}

/**
 * Gradients of a {@link recurrentForward} that has just run: adds to those of the weights and, unless it is `null`, to that
 * of the input.
 *
 * @param statesGradient - rows and columns as `states`
 */
export function recurrentBackward(
  kernels: Kernels,
  pass: RecurrentPass,
  statesGradient: Offset,
  gradients: CellBlocks,
  ofInput: Offset | null,
): void {
  const { shape, weights, steps, batch, inputView, tape } = pass
  const { inputs, units } = shape
  const rows = steps * batch
  const outputs = gateCount(shape.cell) * units
  const layer = { rows, inputs, outputs }
  if (shape.cell === 'lstm') lstmBackward(kernels, pass, statesGradient, gradients)
  else gruBackward(kernels, pass, statesGradient, gradients)
  kernels.columnSums(rows, outputs, tape.gateGradient, outputs, gradients.bias, 1)
  weightGradient(kernels, layer, seenInput(pass), tape.gateGradient, gradients.kernel, 1)
  if (ofInput === null) return
  if (inputView.mask === null) return inputGradient(kernels, layer, tape.gateGradient, weights.kernel, ofInput, 1)
  inputGradient(kernels, layer, tape.gateGradient, weights.kernel, tape.scratch, 0)
  kernels.present(rows, inputs, 0, batch, inputView.mask, tape.scratch, inputs, ofInput, inputs, 1)
}
