import type { Values } from './arithmetic.ts'

/** What the numbers of the head mean. */
export type HeadShape =
  | {
      /** Direct values: one output per step ahead and quantile. */
      readonly head: 'regression'
      readonly horizon: number
      readonly quantiles: readonly number[]
    }
  | {
      /** Ordered classes of the target: `classes` logits per step ahead. */
      readonly head: 'levels'
      readonly horizon: number
      readonly classes: number
    }
  | {
      /** Whether the threshold is reached within the next h steps: two logits (no, yes) per h. */
      readonly head: 'decision'
      readonly horizon: number
      /** Weight of the loss of a 'yes'; that of a 'no' is 1. */
      readonly positiveWeight: number
    }

/** Numbers that the head puts out. */
export function outputCount(shape: HeadShape): number {
  return shape.horizon * outputsPerStep(shape)
}

/** Numbers per step ahead. */
export function outputsPerStep(shape: HeadShape): number {
  if (shape.head === 'regression') return shape.quantiles.length
  return shape.head === 'levels' ? shape.classes : 2
}

/**
 * Loss of a batch and its gradient. Regression: twice the pinball loss, which at the median is the absolute error;
 * else the categorical cross-entropy of the softmax, H(p, q) = - sum p log q. A mean over windows, steps ahead and
 * quantiles.
 *
 * @param outputs - (batch x outputs)
 * @param targets - (batch x horizon): values, or numbers of the true classes
 * @param gradient - (batch x outputs), overwritten; `null` when it is not wanted
 */
export function lossAndGradient(
  shape: HeadShape,
  outputs: Values,
  targets: Values,
  batch: number,
  gradient: Values | null,
): number {
  return shape.head === 'regression'
    ? pinballLoss(shape.quantiles, outputs, targets, batch * shape.horizon, gradient)
    : crossEntropy(shape, outputs, targets, batch * shape.horizon, gradient)
}

function pinballLoss(
  quantiles: readonly number[],
  outputs: Values,
  targets: Values,
  count: number,
  gradient: Values | null,
): number {
  const total = count * quantiles.length
  let loss = 0
  for (let i = 0; i < count; i++) {
    for (let q = 0; q < quantiles.length; q++) {
      const at = i * quantiles.length + q
      const error = targets[i]! - outputs[at]!
      const slope = error > 0 ? 2 * quantiles[q]! : error < 0 ? 2 * (quantiles[q]! - 1) : 0
      // A network that has diverged must show in the loss: NaN is neither above nor below.
      loss += Number.isNaN(error) ? error : slope * error
      if (gradient) gradient[at] = -slope / total
    }
  }
  return loss / total
}

function crossEntropy(
  shape: HeadShape & { head: 'levels' | 'decision' },
  outputs: Values,
  targets: Values,
  count: number,
  gradient: Values | null,
): number {
  const classes = outputsPerStep(shape)
  let loss = 0
  for (let i = 0; i < count; i++) {
    const first = i * classes
    const truth = targets[i]!
    const weight = shape.head === 'decision' && truth === 1 ? shape.positiveWeight : 1
    const shift = logSumExp(outputs, first, classes)
    loss += weight * (shift - outputs[first + truth]!)
    if (!gradient) continue
    for (let c = 0; c < classes; c++) {
      const probability = Math.exp(outputs[first + c]! - shift)
      gradient[first + c] = (weight * (probability - (c === truth ? 1 : 0))) / count
    }
  }
  return loss / count
}

/** log of the sum of exp over `count` entries from `first` on, without overflow. */
export function logSumExp(values: Values, first: number, count: number): number {
  let largest = -Infinity
  for (let c = 0; c < count; c++) largest = Math.max(largest, values[first + c]!)
  let sum = 0
  for (let c = 0; c < count; c++) sum += Math.exp(values[first + c]! - largest)
  return largest + Math.log(sum)
}
