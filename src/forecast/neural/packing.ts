import type { Kernels, Offset } from '../../kernels/kernels.ts'
import { packCell } from '../../kernels/packed-cell.ts'
import { type CellShape, type PackedCell, signWords } from '../../kernels/recurrent-pass.ts'
import type { CellParameters, ParameterLayout } from './architecture.ts'
import { offsetOf, type Values } from './arithmetic.ts'

/** What all cells of a stack have in common. */
export type CellKind = Omit<CellShape, 'inputs' | 'units'>

/** Packs the cells of a stack: signs of the weights, 32 in a number, with the scales of their columns. */
export type Packing = (weights: Values, alphas: Float64Array) => PackedCell[][]

/** What the kernels may put between two arrays, in numbers. */
const padding = 32

/**
 * Sets memory aside for the packed cells now, while no view depends on it: growing the memory later would make views stale.
 *
 * @param alphas - scales as `effectiveWeights` writes them: kernel, then recurrent kernel of each cell
 */
export function createPacking(
  kernels: Kernels,
  { layers }: ParameterLayout,
  cellKind: CellKind,
  steps: number,
  batchLimit: number,
): Packing {
  const start = kernels.mark()
  for (const cell of layers.flat()) kernels.allocate(packedSize(cell, steps, batchLimit))

  return (weights, alphas) => {
    const top = kernels.mark()
    kernels.release(start)
    let first = 0
    const packed = layers.map((directions) =>
      directions.map((cell) => {
        const { columns } = cell.kernel
        const scales = {
          kernel: alphas.subarray(first, first + columns),
          recurrent: alphas.subarray(first + columns, first + 2 * columns),
        }
        first += 2 * columns
        const shape = { ...cellKind, inputs: cell.inputs, units: cell.units }
        return packCell(kernels, shape, blocksOf(cell, offsetOf(weights)), scales, steps, batchLimit)
      }),
    )
    kernels.release(top)
    return packed
  }
}

/** Numbers that packing a cell takes: bits, scales, and a transposed kernel in passing. */
function packedSize({ inputs, units, kernel: { columns } }: CellParameters, steps: number, batchLimit: number): number {
  const inputWords = (steps * batchLimit + columns) * signWords(inputs)
  const stateWords = (batchLimit + columns) * signWords(units)
  return inputWords + stateWords + 3 * columns + Math.max(inputs, units) * columns + 9 * padding
}

function blocksOf({ kernel, recurrent, bias, recurrentBias }: CellParameters, base: Offset) {
  return {
    kernel: base + kernel.start,
    recurrent: base + recurrent.start,
    bias: base + bias.start,
    candidateBias: recurrentBias && base + recurrentBias.start,
  }
}
