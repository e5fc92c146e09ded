import type { Values } from './arithmetic.ts'

/**
 * Weights of the weighted feature average over a window of `steps`: exp(min(k - 1, T - k) / tau), normalised to sum 1
 * (Zhao et al. 2018 as the source quotes it, tau = 1). Computed as a softmax: the largest exponent is taken off first,
 * because as written it overflows 32 bits from 177 steps on and 64 bits from 1420.
 *
 * @param steps - T, a whole number >= 1
 * @param tau - width, > 0; Infinity gives the plain mean
 * @returns T weights, symmetric, largest in the middle
 */
export function featureAverageWeights(steps: number, tau: number = 1): Float64Array {
  const middle = Math.floor((steps - 1) / 2)
  const weights = Float64Array.from({ length: steps }, (_, k) => Math.exp((Math.min(k, steps - 1 - k) - middle) / tau))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** average (batch x width) = sum over t of weights[t] sequence[t]; written to columns `column` ... of rows `rowWidth` long. */
export function averageSequence(
  weights: Float64Array,
  sequence: Values,
  batch: number,
  width: number,
  average: Values,
  column: number,
  rowWidth: number,
): void {
  for (let b = 0; b < batch; b++) average.fill(0, b * rowWidth + column, b * rowWidth + column + width)
  for (let t = 0; t < weights.length; t++) {
    const weight = weights[t]!
    for (let b = 0; b < batch; b++) {
      const from = (t * batch + b) * width
      const to = b * rowWidth + column
      for (let j = 0; j < width; j++) average[to + j] = average[to + j]! + weight * sequence[from + j]!
    }
  }
}

/** Adds the gradient of `averageSequence` to that of its sequence. */
export function averageSequenceBackward(
  weights: Float64Array,
  averageGradient: Values,
  batch: number,
  width: number,
  column: number,
  rowWidth: number,
  sequenceGradient: Values,
): void {
  for (let t = 0; t < weights.length; t++) {
    const weight = weights[t]!
    for (let b = 0; b < batch; b++) {
      const to = (t * batch + b) * width
      const from = b * rowWidth + column
      for (let j = 0; j < width; j++) {
        sequenceGradient[to + j] = sequenceGradient[to + j]! + weight * averageGradient[from + j]!
      }
    }
  }
}
