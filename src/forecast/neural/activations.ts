/** The logistic function. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Keras' piecewise linear stand-in for the logistic function. */
export function hardSigmoid(x: number): number {
  return Math.max(0, Math.min(1, 0.2 * x + 0.5))
}

/** Derivative of the logistic function by its value. */
export function sigmoidSlope(y: number): number {
  return y * (1 - y)
}

/** Derivative of `hardSigmoid` by its value. */
export function hardSigmoidSlope(y: number): number {
  return y > 0 && y < 1 ? 0.2 : 0
}
