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

/** Lower triangle of X' W X into `normal`, X' W y into `right`. Two rows at a time: each entry is loaded half as often. */
function addNormalEquations(
  { rowCount, columnCount: p, inputs, targets }: Regression,
  weights: Float64Array,
  normal: Float64Array,
  right: Float64Array,
): void {
  const even = rowCount - (rowCount % 2)
  for (let i = 0; i < even; i += 2) {
    const first = i * p
    const second = first + p
    const w = weights[i]!
    const v = weights[i + 1]!
    const y = targets[i]!
    const z = targets[i + 1]!
    for (let a = 0; a < p; a++) {
      const x = w * inputs[first + a]!
      const u = v * inputs[second + a]!
      right[a]! += x * y + u * z
      const row = a * p
      for (let b = 0; b <= a; b++) normal[row + b]! += x * inputs[first + b]! + u * inputs[second + b]!
    }
  }
  if (even === rowCount) return
  const last = even * p
  for (let a = 0; a < p; a++) {
    const x = weights[even]! * inputs[last + a]!
    right[a]! += x * targets[even]!
    for (let b = 0; b <= a; b++) normal[a * p + b]! += x * inputs[last + b]!
  }
}

/** Solves A w = b for a positive definite A given by its lower triangle, in place. */
function solveCholesky(lower: Float64Array, right: Float64Array): Float64Array {
  const p = right.length
  for (let a = 0; a < p; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = lower[a * p + b]!
      for (let k = 0; k < b; k++) sum -= lower[a * p + k]! * lower[b * p + k]!
      // A pivot of 0 is a column that the ones before it explain: it gets no weight.
      if (a === b) lower[a * p + a] = sum > 0 ? Math.sqrt(sum) : Infinity
      else lower[a * p + b] = sum / lower[b * p + b]!
    }
  }
  for (let a = 0; a < p; a++) {
    let sum = right[a]!
    for (let k = 0; k < a; k++) sum -= lower[a * p + k]! * right[k]!
    right[a] = sum / lower[a * p + a]!
  }
  for (let a = p - 1; a >= 0; a--) {
    let sum = right[a]!
    for (let k = a + 1; k < p; k++) sum -= lower[k * p + a]! * right[k]!
    right[a] = sum / lower[a * p + a]!
  }
  return right
}
