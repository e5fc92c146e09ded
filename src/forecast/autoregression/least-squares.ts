import { solveCholesky } from './cholesky.ts'

/** Rows of a regression, dense, row by row. */
export interface Regression {
  readonly rowCount: number
  readonly columnCount: number
  /** rowCount x columnCount. */
  readonly inputs: Float64Array
  readonly targets: Float64Array
}

/** Share of the mean diagonal that is added to it, so that columns that repeat each other do not end the computation. */
const ridgeShare = 1e-9

/**
 * Weighted least squares: the w that minimises sum_i weight_i (target_i - w . input_i)^2, by the normal equations and
 * Cholesky's decomposition.
 *
 * @param weights - one per row, >= 0
 */
export function weightedLeastSquares(regression: Regression, weights: Float64Array): Float64Array {
  const { columnCount: p } = regression
  const normal = new Float64Array(p * p)
  const right = new Float64Array(p)
  addNormalEquations(regression, weights, normal, right)
  let trace = 0
  for (let a = 0; a < p; a++) trace += normal[a * p + a]!
  for (let a = 0; a < p; a++) normal[a * p + a]! += (ridgeShare * trace) / p
  return solveCholesky(normal, right)
}

/** Rows that are taken together: each entry of the normal equations is loaded and stored once for all of them. */
const rowsTogether = 4

/** Lower triangle of X' W X into `normal`, X' W y into `right`. */
function addNormalEquations(
  { rowCount, columnCount: p, inputs, targets }: Regression,
  weights: Float64Array,
  normal: Float64Array,
  right: Float64Array,
): void {
  const whole = rowCount - (rowCount % rowsTogether)
  for (let i = 0; i < whole; i += rowsTogether) {
    const [r0, r1, r2, r3] = [i * p, (i + 1) * p, (i + 2) * p, (i + 3) * p]
    for (let a = 0; a < p; a++) {
      const x0 = weights[i]! * inputs[r0 + a]!
      const x1 = weights[i + 1]! * inputs[r1 + a]!
      const x2 = weights[i + 2]! * inputs[r2 + a]!
      const x3 = weights[i + 3]! * inputs[r3 + a]!
      right[a]! += x0 * targets[i]! + x1 * targets[i + 1]! + x2 * targets[i + 2]! + x3 * targets[i + 3]!
      const row = a * p
      for (let b = 0; b <= a; b++)
        normal[row + b]! += x0 * inputs[r0 + b]! + x1 * inputs[r1 + b]! + x2 * inputs[r2 + b]! + x3 * inputs[r3 + b]!
    }
  }
  for (let i = whole; i < rowCount; i++)
    for (let a = 0; a < p; a++) {
      const x = weights[i]! * inputs[i * p + a]!
      right[a]! += x * targets[i]!
      for (let b = 0; b <= a; b++) normal[a * p + b]! += x * inputs[i * p + b]!
    }
}
