import { hardSigmoid, hardSigmoidSlope, sigmoid, sigmoidSlope } from './activations.ts'
import type { Values } from './arithmetic.ts'
import { presentBackward } from './presented.ts'
import {
  presentState,
  previousStart,
  projectInput,
  projectInputBackward,
  type RecurrentPass,
  timeOf,
  transpose,
} from './recurrent-layer.ts'

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000):
 *
 *     i, f, o = sigma(W x + U h' + b),  g = tanh(Wg x + Ug h' + bg),  c = f c' + i g,  h = o tanh(c)
 *
 * Columns of the kernels: i, f, g, o. `tape.inner` holds c.
 */
export function lstmForward(pass: RecurrentPass, weights: Values): void {
  const { arithmetic, parameters, hard, steps, batch, states, stateRow, stateColumn, tape } = pass
  const { units, recurrent } = parameters
  const { gates, inner, seenState } = tape
  const gate = hard ? hardSigmoid : sigmoid
  const width = 4 * units
  projectInput(pass, weights)
  for (let i = 0; i < steps; i++) {
    const t = timeOf(pass, i)
    const seen = presentState(pass, i)
    const gatesStart = t * batch * width
    const stateStart = t * batch * stateRow + stateColumn
    const cellStart = t * batch * units
    const previousCell = i === 0 ? -1 : timeOf(pass, i - 1) * batch * units
    arithmetic.multiply(
      batch,
      width,
      units,
      seenState,
      seen,
      units,
      1,
      weights,
      recurrent.start,
      width,
      gates,
      gatesStart,
      width,
      true,
    )
    for (let b = 0; b < batch; b++) {
      const g = gatesStart + b * width
      for (let j = 0; j < units; j++) {
        const input = gate(gates[g + j]!)
        const forget = gate(gates[g + units + j]!)
        const candidate = Math.tanh(gates[g + 2 * units + j]!)
        const output = gate(gates[g + 3 * units + j]!)
        const before = previousCell < 0 ? 0 : inner[previousCell + b * units + j]!
        const cell = forget * before + input * candidate
        gates[g + j] = input
        gates[g + units + j] = forget
        gates[g + 2 * units + j] = candidate
        gates[g + 3 * units + j] = output
        inner[cellStart + b * units + j] = cell
        states[stateStart + b * stateRow + j] = output * Math.tanh(cell)
      }
    }
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
  const { arithmetic, parameters, hard, steps, batch, stateView, stateRow, stateColumn, tape } = pass
  const { units, recurrent } = parameters
  const { gates, inner, seenState, gateGradient, carry, cellCarry, stateGradient, recurrentTransposed } = tape
  const slope = hard ? hardSigmoidSlope : sigmoidSlope
  const width = 4 * units
  transpose(weights, recurrent.start, units, width, recurrentTransposed)
  carry.fill(0, 0, batch * units)
  cellCarry.fill(0, 0, batch * units)
  for (let i = steps - 1; i >= 0; i--) {
    const t = timeOf(pass, i)
    const gatesStart = t * batch * width
    const stateStart = t * batch * stateRow + stateColumn
    const cellStart = t * batch * units
    const previousCell = previousStart(pass, i) < 0 ? -1 : timeOf(pass, i - 1) * batch * units
    for (let b = 0; b < batch; b++) {
      const g = gatesStart + b * width
      for (let j = 0; j < units; j++) {
        const at = b * units + j
        const input = gates[g + j]!
        const forget = gates[g + units + j]!
        const candidate = gates[g + 2 * units + j]!
        const output = gates[g + 3 * units + j]!
        const squashed = Math.tanh(inner[cellStart + at]!)
        const before = previousCell < 0 ? 0 : inner[previousCell + at]!
        const total = statesGradient[stateStart + b * stateRow + j]! + carry[at]!
        const cell = total * output * (1 - squashed * squashed) + cellCarry[at]!
        gateGradient[g + j] = cell * candidate * slope(input)
        gateGradient[g + units + j] = cell * before * slope(forget)
        gateGradient[g + 2 * units + j] = cell * input * (1 - candidate * candidate)
        gateGradient[g + 3 * units + j] = total * squashed * slope(output)
        cellCarry[at] = cell * forget
      }
    }
    arithmetic.multiply(
      batch,
      units,
      width,
      gateGradient,
      gatesStart,
      width,
      1,
      recurrentTransposed,
      0,
      units,
      stateGradient,
      0,
      units,
      false,
    )
    carry.fill(0, 0, batch * units)
    presentBackward(stateView, stateGradient, 0, batch, units, carry, 0, units)
  }
  arithmetic.multiply(
    units,
    width,
    steps * batch,
    seenState,
    0,
    1,
    units,
    gateGradient,
    0,
    width,
    gradient,
    recurrent.start,
    width,
    true,
  )
  projectInputBackward(pass, weights, gradient, inputGradient)
}
