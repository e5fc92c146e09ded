import { offsetOf, type Values } from './arithmetic.ts'
import {
  addRecurrentGradient,
  addToCarry,
  presentState,
  projectInput,
  projectInputBackward,
  type RecurrentPass,
  recurrentProduct,
  recurrentProductBackward,
  stepPlaces,
} from './recurrent-layer.ts'

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i, f, o = sigma(W x + U h' + b),  g = tanh(Wg x + Ug h' + bg),  c = f c' + i g,  h = o tanh(c)
 *
 * Columns of the kernels: i, f, g, o. `tape.inner` holds c.
 */
export function lstmForward(pass: RecurrentPass, weights: Values): void {
  const { kernels, parameters, hard, steps, batch, stateRow } = pass
  const { units } = parameters
  projectInput(pass, weights)
  for (let i = 0; i < steps; i++) {
    const places = stepPlaces(pass, i)
    recurrentProduct(pass, presentState(pass, places), weights, 0, 4 * units, places.gates, 1)
    kernels.lstm(batch, units, hard, places.gates, places.previousInner, places.inner, places.next, stateRow)
  }
}

/** Gradients of `lstmForward`; parameters as those of `gruBackward`. */
export function lstmBackward(
  pass: RecurrentPass,
  weights: Values,
  statesGradient: Values,
  gradient: Values,
  inputGradient: Values | null,
): void {
  const { kernels, parameters, hard, steps, batch, stateRow, tape } = pass
  const { units } = parameters
  const width = 4 * units
  const [carry, cellCarry] = [offsetOf(tape.carry), offsetOf(tape.cellCarry)]
  const toGradient = offsetOf(statesGradient) - offsetOf(pass.states)
  tape.carry.fill(0)
  tape.cellCarry.fill(0)
  for (let i = steps - 1; i >= 0; i--) {
    const { next, gates, inner, previousInner, sumGradient: sums } = stepPlaces(pass, i)
    kernels.lstmBackward(
      batch,
      units,
      hard,
      next + toGradient,
      stateRow,
      carry,
      cellCarry,
      previousInner,
      inner,
      gates,
      sums,
    )
    recurrentProductBackward(pass, sums, width, weights, 0, width, 0)
    tape.carry.fill(0)
    addToCarry(pass)
  }
  addRecurrentGradient(pass, tape.seenState, offsetOf(tape.sumGradient), width, gradient, 0, width)
  projectInputBackward(pass, weights, gradient, inputGradient)
}
