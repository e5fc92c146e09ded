import type { Kernels } from '../../kernels/kernels.ts'
import { offsetOf, type Values } from './arithmetic.ts'

/** How weights follow their gradient. */
export type OptimizerOptions =
  | {
      /** Stochastic gradient descent with momentum: dw(t) = -rate dJ/dw + momentum dw(t - 1). */
      readonly name: 'sgd'
      /** > 0 */
      readonly learningRate: number
      /** In [0, 1). */
      readonly momentum: number
    }
  | {
      /** Adam (Kingma and Ba 2015) with decay rates .9 and .999 and epsilon 1e-8. */
      readonly name: 'adam'
      /** > 0 */
      readonly learningRate: number
    }

/** Running powers of Adam's decay rates, so that no power is taken. */
export interface DecayPowers {
  readonly first: number
  readonly second: number
}

/** Arrays of equal length in the memory of the kernels. */
export interface OptimiserArrays {
  readonly weights: Values
  readonly gradient: Values
  /** sgd: the velocity; adam: the mean of the gradient. */
  readonly first: Values
  /** adam: the mean of its square. */
  readonly second: Values
}

const firstDecay = 0.9
const secondDecay = 0.999
const epsilon = 1e-8

/** Takes one step: changes weights and moments, returns the powers after it. */
export function optimiserStep(
  kernels: Kernels,
  options: OptimizerOptions,
  { weights, gradient, first, second }: OptimiserArrays,
  powers: DecayPowers,
): DecayPowers {
  const { learningRate } = options
  const [w, g, m, v] = [weights, gradient, first, second].map(offsetOf) as [number, number, number, number]
  if (options.name === 'sgd') {
    kernels.sgd(weights.length, w, g, m, learningRate, options.momentum)
    return powers
  }
  const next = { first: powers.first * firstDecay, second: powers.second * secondDecay }
  const corrections = [1 / (1 - next.first), 1 / (1 - next.second)] as const
  kernels.adam(weights.length, w, g, m, v, learningRate, firstDecay, secondDecay, epsilon, ...corrections)
  return next
}

/** Shrinks a gradient whose Euclidean norm exceeds the limit to the limit; returns the norm it had. */
export function clipNorm(gradient: Values, limit: number): number {
  let square = 0
  for (let i = 0; i < gradient.length; i++) square += gradient[i]! * gradient[i]!
  const norm = Math.sqrt(square)
  if (norm > limit) for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i]! * limit) / norm
  return norm
}
