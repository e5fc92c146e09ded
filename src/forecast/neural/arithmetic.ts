import type { Kernels, Numbers } from '../../kernels/kernels.ts'

/** Numbers of a network: 32 bits, except where gradients are checked. */
export type Values = Numbers

/** The matrix product and the memory it computes in; all else of a network is loops over `Values`. */
export interface Arithmetic {
  readonly kernels: Kernels
  /** A new array of zeros in the memory of the kernels. */
  readonly allocate: (length: number) => Values
  /**
   * c (m x n) = a (m x k) b (k x n), or c += a b. Entry (i, j) of `a` is at aStart + i aRow + j aColumn; the rows of
   * `b` and `c` are contiguous and start `bRow` and `cRow` entries apart. All three come from `allocate`.
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

/** What the kernels may put between two arrays, in numbers. */
const padding = 32

/**
 * Builds something whose arrays all lie in the memory of the kernels. Growing that memory would make earlier views
 * stale, so it is built twice: once with arrays of length 0 to learn how much it needs, then with the room reserved.
 *
 * @param build - must ask for the same lengths each time, and may look into the arrays only afterwards
 */
export function withArithmetic<T>(kernels: Kernels, build: (arithmetic: Arithmetic) => T): T {
  let total = 0
  const empty = kernels.view(kernels.mark(), 0)
  build({
    ...arithmeticOf(kernels),
    allocate: (length) => {
      total += length + padding
      return empty
    },
  })
  const mark = kernels.mark()
  kernels.allocate(total)
  kernels.release(mark)
  return build(arithmeticOf(kernels))
}

function arithmeticOf(kernels: Kernels): Arithmetic {
  return {
    kernels,
    allocate: (length) => kernels.view(kernels.allocate(length), length),
    multiply: (m, n, k, a, aStart, aRow, aColumn, b, bStart, bRow, c, cStart, cRow, accumulate) =>
      kernels.gemm(
        m,
        n,
        k,
        offsetOf(a) + aStart,
        aRow,
        aColumn,
        offsetOf(b) + bStart,
        bRow,
        1,
        offsetOf(c) + cStart,
        cRow,
        accumulate ? 1 : 0,
      ),
  }
}

/** Where a view begins in the memory of the kernels. */
export function offsetOf(values: Values): number {
  return values.byteOffset / values.BYTES_PER_ELEMENT
}
