import type { Architecture, Parameter, ParameterLayout } from './architecture.ts'
import type { Values } from './arithmetic.ts'

/** Ternary weights are 0 where |w| is at most this share of the mean of |w| (Li, Zhang, Liu 2016). */
const ternaryThreshold = 0.7

/** +1 or -1, never 0: sign(0) = +1. */
export function signOf(x: number): number {
  return x >= 0 ? 1 : -1
}

/**
 * The weights that the forward pass multiplies with: where an architecture binarises, alpha sign(w) with alpha the
 * mean of |w| of the output unit (a column of the kernel), or 1 / sqrt(fan-in); elsewhere the weights themselves.
 *
 * @param alphas - one scale per column of each binary kernel, filled here for the gradient; `alphaCount(layout)` of them
 */
export function effectiveWeights(
  layout: ParameterLayout,
  { binarize, scale }: Architecture,
  weights: Values,
  effective: Values,
  alphas: Float64Array,
): void {
  effective.set(weights)
  let first = 0
  for (const parameter of binaryKernels(layout)) {
    const { rows, columns, start } = parameter
    for (let column = 0; column < columns; column++) {
      const mean = meanMagnitude(weights, parameter, column, 0)
      const limit = binarize === 'ternary' ? ternaryThreshold * mean : -1
      const kept = binarize === 'ternary' ? meanMagnitude(weights, parameter, column, limit) : mean
      const alpha = scale === 'row' ? kept : 1 / Math.sqrt(rows)
      alphas[first + column] = alpha
      for (let i = start + column; i < start + rows * columns; i += columns) {
        effective[i] = Math.abs(weights[i]!) > limit ? alpha * signOf(weights[i]!) : 0
      }
    }
    first += columns
  }
}

/** The gradient of the latent weights from that of the effective ones: straight through, times alpha, where |w| <= 1. */
export function straightThrough(
  layout: ParameterLayout,
  weights: Values,
  alphas: Float64Array,
  gradient: Values,
): void {
  let first = 0
  for (const { rows, columns, start } of binaryKernels(layout)) {
    for (let i = 0; i < rows * columns; i++) {
      const open = Math.abs(weights[start + i]!) <= 1
      gradient[start + i] = open ? gradient[start + i]! * alphas[first + (i % columns)]! : 0
    }
    first += columns
  }
}

/** Brings latent weights back to [-1, 1], beyond which no gradient would move them again. */
export function clipLatent(layout: ParameterLayout, weights: Values): void {
  for (const { rows, columns, start } of binaryKernels(layout)) {
    for (let i = start; i < start + rows * columns; i++) {
      weights[i] = Math.max(-1, Math.min(1, weights[i]!))
    }
  }
}

/** How many scales `effectiveWeights` writes. */
export function alphaCount(layout: ParameterLayout): number {
  return binaryKernels(layout).reduce((sum, { columns }) => sum + columns, 0)
}

function binaryKernels(layout: ParameterLayout): readonly Parameter[] {
  return layout.all.filter(({ binary }) => binary)
}

/** Mean of |w| over the entries of a column that are larger than `limit`; 0 where there are none. */
function meanMagnitude(weights: Values, { rows, columns, start }: Parameter, column: number, limit: number): number {
  let sum = 0
  let count = 0
  for (let i = start + column; i < start + rows * columns; i += columns) {
    const magnitude = Math.abs(weights[i]!)
    if (limit > 0 && magnitude <= limit) continue
    sum += magnitude
    count++
  }
  return count === 0 ? 0 : sum / count
}
