import type { Kernels, Offset } from './kernels.ts'
import {
  type CellBlocks,
  type CellShape,
  gateCount,
  hasIdleReset,
  type PackedCell,
  signWords,
} from './recurrent-pass.ts'

/** What the product with each column of binarised weights is multiplied with, `gates` numbers each. */
export interface CellScales {
  readonly kernel: ArrayLike<number>
  readonly recurrent: ArrayLike<number>
}

/**
 * Packs the signs of a cell's weights, a bit each: 1/32 of their memory, and products of bits instead of numbers. What a
 * forward pass then computes is, up to rounding, what it computes from weights sign(w) times scale on states and inputs
 * that are seen as signs.
 *
 * @param steps - of the longest sequence
 * @param batch - the largest
 */
export function packCell(
  kernels: Kernels,
  shape: CellShape,
  weights: CellBlocks,
  scales: CellScales,
  steps: number,
  batch: number,
): PackedCell {
  const { inputs, units } = shape
  const gates = gateCount(shape.cell) * units
  const firstColumn = hasIdleReset(shape) ? units : 0
  const columns = gates - firstColumn
  const place = (values: ArrayLike<number>): Offset => {
    const offset = kernels.allocate(values.length)
    kernels.view(offset, values.length).set(values)
    return offset
  }
  const packed = {
    firstColumn,
    columns,
    kernel: kernels.allocate(columns * signWords(inputs)),
    recurrent: kernels.allocate(columns * signWords(units)),
    kernelScale: place(scales.kernel) + firstColumn,
    recurrentScale: place(scales.recurrent) + firstColumn,
    zeros: kernels.allocate(columns),
    inputBits: kernels.allocate(steps * batch * signWords(inputs)),
    stateBits: kernels.allocate(batch * signWords(units)),
  }
  packColumns(kernels, inputs, gates, weights.kernel, firstColumn, packed.kernel)
  packColumns(kernels, units, gates, weights.recurrent, firstColumn, packed.recurrent)
  return packed
}

/** A row of signs for each column of a matrix from the first that counts on. */
function packColumns(
  kernels: Kernels,
  rows: number,
  columns: number,
  matrix: Offset,
  firstColumn: number,
  bits: Offset,
): void {
  const mark = kernels.mark()
  const transposed = kernels.allocate(rows * columns)
  const [from, to] = [kernels.view(matrix, rows * columns), kernels.view(transposed, rows * columns)]
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j]!
  kernels.packSigns(columns - firstColumn, rows, transposed + firstColumn * rows, rows, bits)
  kernels.release(mark)
}
