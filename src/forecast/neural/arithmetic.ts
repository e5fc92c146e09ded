import type { Kernels, Numbers, Offset } from '../../kernels/kernels.ts'

/** Numbers of a network: 32 bits, except where gradients are checked. */
export type Values = Numbers

/** The kernels, and arrays in their memory. */
export interface Arithmetic {
  readonly kernels: Kernels
  /** A new array of zeros in the memory of the kernels. */
  readonly allocate: (length: number) => Values
}

/**
 * Builds something whose arrays all lie in the memory of the kernels. Growing that memory makes earlier views stale, so
 * it is built twice: the first time the memory grows, the second time it is large enough.
 *
 * @param build - must ask for the same lengths each time, and may look into the arrays only afterwards
 */
export function withArithmetic<T>(kernels: Kernels, build: (arithmetic: Arithmetic) => T): T {
  const arithmetic = { kernels, allocate: (length: number) => kernels.view(kernels.allocate(length), length) }
  const mark = kernels.mark()
  build(arithmetic)
  kernels.release(mark)
  return build(arithmetic)
}

/** Where a view begins in the memory of the kernels. */
export function offsetOf(values: Values): Offset {
  return values.byteOffset / values.BYTES_PER_ELEMENT
}
