import type { Values } from './arithmetic.ts'

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

/** What an optimiser remembers between steps: plain data. */
export interface OptimiserState {
  /** Steps taken. */
  readonly steps: number
  /** sgd: the last step; adam: mean of the gradient. */
  readonly first: Values
  /** adam: mean of its square; sgd: empty. */
  readonly second: Values
  /** adam: running powers of the decay rates, so that no power is taken. */
  readonly firstPower: number
  readonly secondPower: number
}

const firstDecay = 0.9
const secondDecay = 0.999
const epsilon = 1e-8

export function initialState({ name }: OptimizerOptions, size: number): OptimiserState {
  return {
    steps: 0,
    first: new Float32Array(size),
    second: new Float32Array(name === 'adam' ? size : 0),
    firstPower: 1,
    secondPower: 1,
  }
}

/** Takes one step: changes the weights and the arrays of the state, returns the state after it. */
export function optimiserStep(
  options: OptimizerOptions,
  state: OptimiserState,
  weights: Values,
  gradient: Values,
): OptimiserState {
  const { first, second } = state
  const { learningRate } = options
  if (options.name === 'sgd') {
    for (let i = 0; i < weights.length; i++) {
      first[i] = options.momentum * first[i]! - learningRate * gradient[i]!
      weights[i] = weights[i]! + first[i]!
    }
    return { ...state, steps: state.steps + 1 }
  }
  const firstPower = state.firstPower * firstDecay
  const secondPower = state.secondPower * secondDecay
  const rate = (learningRate * Math.sqrt(1 - secondPower)) / (1 - firstPower)
  for (let i = 0; i < weights.length; i++) {
    const slope = gradient[i]!
    first[i] = firstDecay * first[i]! + (1 - firstDecay) * slope
    second[i] = secondDecay * second[i]! + (1 - secondDecay) * slope * slope
    weights[i] = weights[i]! - (rate * first[i]!) / (Math.sqrt(second[i]!) + epsilon)
  }
  return { ...state, steps: state.steps + 1, firstPower, secondPower }
}

/** Shrinks a gradient whose Euclidean norm exceeds the limit to the limit; returns the norm it had. */
export function clipNorm(gradient: Values, limit: number): number {
  let square = 0
  for (let i = 0; i < gradient.length; i++) square += gradient[i]! * gradient[i]!
  const norm = Math.sqrt(square)
  if (norm > limit) for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i]! * limit) / norm
  return norm
}
