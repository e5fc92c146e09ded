import { hardSigmoid, hardSigmoidSlope, sigmoid, sigmoidSlope } from './activations.ts'
import type { Values } from './arithmetic.ts'
import { present, presentBackward } from './presented.ts'
import {
  addColumnSums,
  presentState,
  previousStart,
  projectInput,
  projectInputBackward,
  type RecurrentPass,
  timeOf,
  transpose,
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
  const { arithmetic, parameters, resetAfter, hard, steps, batch, stateView, states, stateRow, stateColumn, tape } =
    pass
  const { units, recurrent, recurrentBias } = parameters
  const { gates, inner, seenState, sums } = tape
  const gate = hard ? hardSigmoid : sigmoid
  const width = 3 * units
  projectInput(pass, weights)
  for (let i = 0; i < steps; i++) {
    const t = timeOf(pass, i)
    const seen = presentState(pass, i)
    const previous = previousStart(pass, i)
    const gatesStart = t * batch * width
    const innerStart = t * batch * units
    const stateStart = t * batch * stateRow + stateColumn
    const columns = resetAfter ? width : 2 * units
    arithmetic.multiply(
      batch,
      columns,
      units,
      seenState,
      seen,
      units,
      1,
      weights,
      recurrent.start,
      width,
      sums,
      0,
      width,
      false,
    )
    for (let b = 0; b < batch; b++) {
      const g = gatesStart + b * width
      for (let j = 0; j < 2 * units; j++) gates[g + j] = gate(gates[g + j]! + sums[b * width + j]!)
    }
    if (resetAfter) {
      for (let b = 0; b < batch; b++) {
        for (let j = 0; j < units; j++) {
          inner[innerStart + b * units + j] = sums[b * width + 2 * units + j]! + weights[recurrentBias!.start + j]!
        }
      }
    } else {
      // inner = r h', as the product with Un sees it.
      for (let b = 0; b < batch; b++) {
        for (let j = 0; j < units; j++) {
          const before = previous < 0 ? 0 : states[previous + b * stateRow + j]!
          inner[innerStart + b * units + j] = gates[gatesStart + b * width + j]! * before
        }
      }
      present(stateView, inner, innerStart, units, batch, units, inner, innerStart)
      arithmetic.multiply(
        batch,
        units,
        units,
        inner,
        innerStart,
        units,
        1,
        weights,
        recurrent.start + 2 * units,
        width,
        sums,
        2 * units,
        width,
        false,
      )
    }
    for (let b = 0; b < batch; b++) {
      const g = gatesStart + b * width
      for (let j = 0; j < units; j++) {
        const reset = gates[g + j]!
        const update = gates[g + units + j]!
        const past = resetAfter ? reset * inner[innerStart + b * units + j]! : sums[b * width + 2 * units + j]!
        const candidate = Math.tanh(gates[g + 2 * units + j]! + past)
        gates[g + 2 * units + j] = candidate
        const before = previous < 0 ? 0 : states[previous + b * stateRow + j]!
        states[stateStart + b * stateRow + j] = candidate + update * (before - candidate)
      }
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
  const { arithmetic, parameters, resetAfter, hard, steps, batch, stateView, states, stateRow, stateColumn, tape } =
    pass
  const { units, recurrent, recurrentBias } = parameters
  const { gates, inner, seenState, gateGradient, recurrentGradient, carry, stateGradient, recurrentTransposed } = tape
  const slope = hard ? hardSigmoidSlope : sigmoidSlope
  const width = 3 * units
  transpose(weights, recurrent.start, units, width, recurrentTransposed)
  carry.fill(0, 0, batch * units)
  for (let i = steps - 1; i >= 0; i--) {
    const t = timeOf(pass, i)
    const previous = previousStart(pass, i)
    const gatesStart = t * batch * width
    const innerStart = t * batch * units
    const stateStart = t * batch * stateRow + stateColumn
    for (let b = 0; b < batch; b++) {
      const g = gatesStart + b * width
      for (let j = 0; j < units; j++) {
        const reset = gates[g + j]!
        const update = gates[g + units + j]!
        const candidate = gates[g + 2 * units + j]!
        const before = previous < 0 ? 0 : states[previous + b * stateRow + j]!
        const total = statesGradient[stateStart + b * stateRow + j]! + carry[b * units + j]!
        const candidateSum = total * (1 - update) * (1 - candidate * candidate)
        const updateSum = total * (before - candidate) * slope(update)
        carry[b * units + j] = total * update
        gateGradient[g + units + j] = updateSum
        gateGradient[g + 2 * units + j] = candidateSum
        if (resetAfter) {
          const resetSum = candidateSum * inner[innerStart + b * units + j]! * slope(reset)
          gateGradient[g + j] = resetSum
          recurrentGradient[g + j] = resetSum
          recurrentGradient[g + units + j] = updateSum
          recurrentGradient[g + 2 * units + j] = candidateSum * reset
        }
      }
    }
    if (resetAfter) {
      arithmetic.multiply(
        batch,
        units,
        width,
        recurrentGradient,
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
    } else {
      arithmetic.multiply(
        batch,
        units,
        units,
        gateGradient,
        gatesStart + 2 * units,
        width,
        1,
        recurrentTransposed,
        2 * units * units,
        units,
        stateGradient,
        0,
        units,
        false,
      )
      for (let b = 0; b < batch; b++) {
        const g = gatesStart + b * width
        for (let j = 0; j < units; j++) {
          const at = b * units + j
          const before = previous < 0 ? 0 : states[previous + b * stateRow + j]!
          const seen = stateView.mask ? stateGradient[at]! * stateView.mask[at]! : stateGradient[at]!
          gateGradient[g + j] = seen * before * slope(gates[g + j]!)
          carry[at] = carry[at]! + seen * gates[g + j]!
        }
      }
      arithmetic.multiply(
        batch,
        units,
        2 * units,
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
    }
    presentBackward(stateView, stateGradient, 0, batch, units, carry, 0, units)
  }
  const rows = steps * batch
  if (resetAfter) {
    arithmetic.multiply(
      units,
      width,
      rows,
      seenState,
      0,
      1,
      units,
      recurrentGradient,
      0,
      width,
      gradient,
      recurrent.start,
      width,
      true,
    )
    addColumnSums(recurrentGradient, rows, width, 2 * units, units, gradient, recurrentBias!.start)
  } else {
    arithmetic.multiply(
      units,
      2 * units,
      rows,
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
    arithmetic.multiply(
      units,
      units,
      rows,
      inner,
      0,
      1,
      units,
      gateGradient,
      2 * units,
      width,
      gradient,
      recurrent.start + 2 * units,
      width,
      true,
    )
  }
  projectInputBackward(pass, weights, gradient, inputGradient)
}
