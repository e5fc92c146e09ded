import fc from 'fast-check'
import { createReferenceKernels } from '../../src/kernels/reference-kernels.ts'
import { createWasmKernels } from '../../src/kernels/wasm-kernels.ts'
import type { Kernels, Numbers, Offset } from '../../src/kernels/kernels.ts'
import { normal } from '../../src/random/distributions.ts'
import { createRng } from '../../src/random/rng.ts'

/** The kernels under test, each with a memory of its own. */
export const bothKernels: readonly (() => Kernels)[] = [createWasmKernels, () => createReferenceKernels()]

/** `count` standard normal numbers. */
export function draws(seed: number | string, count: number, scale = 1): Float64Array {
  const rng = createRng(seed)
  return Float64Array.from({ length: count }, () => scale * normal(rng, 0, 1))
}

/** Puts values into the memory of the kernels. */
export function place(kernels: Kernels, values: ArrayLike<number>): Offset {
  const offset = kernels.allocate(values.length)
  kernels.view(offset, values.length).set(values)
  return offset
}

/** The largest difference as a share of the largest value. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, scale] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    const distance = Math.abs(actual[i]! - expected[i]!)
    difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance)
    scale = Math.max(scale, Math.abs(expected[i]!))
  }
  return scale === 0 ? difference : difference / scale
}

/** Central differences of a function of the numbers in an array, which is left as it was. */
export function centralDifferences(values: Numbers, f: () => number, step = 1e-5): Float64Array {
  return Float64Array.from(values, (value, i) => {
    values[i] = value + step
    const above = f()
    values[i] = value - step
    const below = f()
    values[i] = value
    return (above - below) / (2 * step)
  })
}

/** Whole numbers that meet the ends of vectors and of tiles. */
export const sizes: fc.Arbitrary<number> = fc.integer({ min: 1, max: 37 })
