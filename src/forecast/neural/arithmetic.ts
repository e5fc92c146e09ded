import type { Kernels, Numbers, Offset } from '../../kernels/kernels.ts'

/** Numbers of a network: 32 bits, except where gradients are checked. */
export type Values = Numbers

/** The kernels, and arrays in their memory. */
export interface Arithmetic {
  readonly kernels: Kernels
  /** A new array of zeros in the memory of the kernels. */
  readonly allocate: (length: number) => Values
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
    kernels,
    allocate: (length) => {
      total += length + padding
      return empty
    },
  })
  const mark = kernels.mark()
  kernels.allocate(total)
  kernels.release(mark)
  return build({ kernels, allocate: (length) => kernels.view(kernels.allocate(length), length) })
}

/** Where a view begins in the memory of the kernels. */
export function offsetOf(values: Values): Offset {
  return values.byteOffset / values.BYTES_PER_ELEMENT
}
