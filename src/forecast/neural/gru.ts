import { offsetOf, type Values } from './arithmetic.ts'
import { isPlain, present } from './presented.ts'
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
 * Gated recurrent unit in the convention in which the update gate u keeps the past (Keras, PyTorch):
 *
 *     r = sigma(Wr x + Ur h' + br),  u = sigma(Wu x + Uu h' + bu),  h = u h' + (1 - u) n
 *     reset before:  n = tanh(Wn x + bn + Un (r h'))          (Cho et al. 2014; Keras until 2019, tfjs)
 *     reset after:   n = tanh(Wn x + bn + r (Un h' + cn))     (cuDNN, PyTorch)
 *
 * Columns of the kernels: r, u, n.
 */
export function gruForward(pass: RecurrentPass, weights: Values): void {
  const { kernels, parameters, resetAfter, hard, steps, batch, stateView, stateRow, tape } = pass
  const { units, recurrentBias } = parameters
  const sums = offsetOf(tape.sums)
  projectInput(pass, weights)
  for (let i = 0; i < steps; i++) {
    const places = stepPlaces(pass, i)
    const { previous, previousRow, next, gates, inner } = places
    const seen = presentState(pass, places)
    if (resetAfter) {
      const bias = offsetOf(weights) + recurrentBias!.start
      recurrentProduct(pass, seen, weights, 0, 3 * units, sums, 0)
      kernels.gruAfter(batch, units, hard, gates, sums, bias, previous, previousRow, inner, next, stateRow)
    } else {
      recurrentProduct(pass, seen, weights, 0, 2 * units, sums, 0)
      kernels.gruGates(batch, units, hard, gates, sums, previous, previousRow, inner)
      const start = places.time * batch * units
      if (!isPlain(stateView)) present(stateView, tape.inner, start, units, batch, units, tape.inner, start)
      recurrentProduct(pass, inner, weights, 2 * units, units, sums + 2 * units, 0)
      kernels.gruState(batch, units, gates, sums, previous, previousRow, next, stateRow)
    }
  }
}

/**
 * Gradients of `gruForward`: adds to those of the weights and, unless it is `null`, of the input.
 *
 * @param statesGradient - gradient of `states`, same layout
 */
export function gruBackward(
  pass: RecurrentPass,
  weights: Values,
  statesGradient: Values,
  gradient: Values,
  inputGradient: Values | null,
): void {
  const { kernels, parameters, resetAfter, hard, steps, batch, stateRow, tape } = pass
  const { units, recurrentBias } = parameters
  const width = 3 * units
  const [carry, stateGradient] = [offsetOf(tape.carry), offsetOf(tape.stateGradient)]
  const toGradient = offsetOf(statesGradient) - offsetOf(pass.states)
  tape.carry.fill(0)
  for (let i = steps - 1; i >= 0; i--) {
    const { previous, previousRow, next, gates, inner, sumGradient: sums } = stepPlaces(pass, i)
    const ofState = next + toGradient
    if (resetAfter) {
      kernels.gruAfterBackward(batch, units, hard, ofState, stateRow, carry, gates, previous, previousRow, inner, sums)
      recurrentProductBackward(pass, sums, width, weights, 0, 2 * units, 0)
      recurrentProductBackward(pass, inner, units, weights, 2 * units, units, 1)
    } else {
      kernels.gruStateBackward(batch, units, hard, ofState, stateRow, carry, gates, previous, previousRow, sums)
      recurrentProductBackward(pass, sums + 2 * units, width, weights, 2 * units, units, 0)
      maskStateGradient(pass)
      kernels.gruResetBackward(batch, units, hard, stateGradient, carry, gates, previous, previousRow, sums)
      recurrentProductBackward(pass, sums, width, weights, 0, 2 * units, 0)
    }
    addToCarry(pass)
  }
  const sums = offsetOf(tape.sumGradient)
  addRecurrentGradient(pass, tape.seenState, sums, width, gradient, 0, 2 * units)
  if (resetAfter) {
    const inner = offsetOf(tape.inner)
    addRecurrentGradient(pass, tape.seenState, inner, units, gradient, 2 * units, units)
    kernels.columnSums(steps * batch, units, inner, units, offsetOf(gradient) + recurrentBias!.start, 1)
  } else {
    addRecurrentGradient(pass, tape.inner, sums + 2 * units, width, gradient, 2 * units, units)
  }
  projectInputBackward(pass, weights, gradient, inputGradient)
}

/** From the gradient of the reset state that the product saw to that of the reset state. */
function maskStateGradient({ stateView: { mask }, tape: { stateGradient }, batch, parameters }: RecurrentPass): void {
  if (!mask) return
  for (let i = 0; i < batch * parameters.units; i++) stateGradient[i] = stateGradient[i]! * mask[i]!
}
