/**
 * Solves A w = b by Cholesky's decomposition, in place.
 *
 * @param lower - the lower triangle of A, which is positive definite, in a p x p matrix; it becomes that of the decomposition
 * @param right - b; it becomes w, and is returned
 */
export function solveCholesky(lower: Float64Array, right: Float64Array): Float64Array {
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
