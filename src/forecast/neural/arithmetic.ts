/** Numbers of a network; training and prediction use 32 bits, gradient checks 64. */
export type Values = Float32Array | Float64Array

/** The matrix product, and memory that it can reach: what a backend supplies. All else is loops over `Values`. */
export interface Arithmetic {
  readonly backend: 'wasm-kernels' | 'typescript'
  /** A new array of zeros. */
  readonly allocate: (length: number) => Values
  /**
   * c (m x n) = a (m x k) b (k x n), or c += a b. Entry (i, j) of `a` is at aStart + i aRow + j aColumn; the rows of
   * `b` and `c` are contiguous and start `bRow` and `cRow` entries apart.
   */
  readonly multiply: (
    m: number,
    n: number,
    k: number,
    a: Values,
    aStart: number,
    aRow: number,
    aColumn: number,
    b: Values,
    bStart: number,
    bRow: number,
    c: Values,
    cStart: number,
    cRow: number,
    accumulate: boolean,
  ) => void
}
