import { type Regression, weightedLeastSquares } from './least-squares.ts'

/** Residuals below this share of the mean one count as this large: the weight 1 / |residual| has no bound at 0. */
const residualFloorShare = 1e-2

/** The fit has settled when its sum of absolute residuals falls by less than this share in an iteration. */
const settledShare = 1e-5

/**
 * Least absolute deviations: the w that minimises sum_i |target_i - w . input_i|, by iteratively reweighted least squares
 * (Schlossmacher 1973): each iteration solves least squares with the weights 1 / |residual| of the one before.
 *
 * @param iterations - at most so many, >= 1
 * @returns the best w of all iterations
 */
export function leastAbsoluteDeviations(regression: Regression, iterations: number): Float64Array {
  const weights = new Float64Array(regression.rowCount).fill(1)
  let best: { readonly w: Float64Array; readonly sum: number } = {
    w: new Float64Array(regression.columnCount),
    sum: Infinity,
  }
  for (let k = 0; k < iterations; k++) {
    const w = weightedLeastSquares(regression, weights)
    const sum = absoluteResiduals(regression, w, weights)
    const gained = best.sum - sum
    if (gained > 0) best = { w, sum }
    if (!(gained > settledShare * sum)) break
    const floor = (residualFloorShare * sum) / regression.rowCount
    for (let i = 0; i < weights.length; i++) weights[i] = 1 / Math.max(weights[i]!, floor)
  }
  return best.w
}

/** Writes |residual| of each row into `residuals` and returns their sum. */
function absoluteResiduals(
  { rowCount, columnCount: p, inputs, targets }: Regression,
  w: Float64Array,
  residuals: Float64Array,
): number {
  let sum = 0
  for (let i = 0; i < rowCount; i++) {
    let forecast = 0
    for (let a = 0; a < p; a++) forecast += w[a]! * inputs[i * p + a]!
    residuals[i] = Math.abs(targets[i]! - forecast)
    sum += residuals[i]!
  }
  return sum
}
