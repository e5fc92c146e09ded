import type { Kernels } from '../../kernels/kernels.ts'
import type { MlpShape } from '../../kernels/mlp.ts'
import type { ColumnBlock } from '../episodes/episode.ts'
import { outputsOf } from './inner-steps.ts'
import type { LearnerShape } from './learner.ts'

/** Length of an embedding. */
export function embeddingSize({ hidden }: LearnerShape): number {
  return hidden.at(-1) ?? 16
}

/** Sizes of the encoder f: it reads the columns before the slots, which say nothing of what a resource is like. */
export function encoderSizes(shape: LearnerShape): number[] {
  return [shape.slotsFrom, ...shape.hidden, embeddingSize(shape)]
}

/** Embeds rows without tfjs. */
export function embed(
  kernels: Kernels,
  shape: LearnerShape,
  weights: Float32Array,
  x: Float32Array,
  rows: number,
): Float32Array {
  const network: MlpShape = { sizes: encoderSizes(shape), activation: shape.activation, loss: 'squared-error' }
  return outputsOf(kernels, network, weights, columnsBefore(x, rows, shape.inputs, shape.slotsFrom), rows)
}

function columnsBefore(x: Float32Array, rows: number, columns: number, end: number): Float32Array {
  if (end === columns) return x
  const part = new Float32Array(rows * end)
  for (let row = 0; row < rows; row++) part.set(x.subarray(row * columns, row * columns + end), row * end)
  return part
}

/** Whether two rows share the 1 of a block: their product over it. */
export function sharing(
  a: Float32Array,
  aRow: number,
  b: Float32Array,
  bRow: number,
  columns: number,
  { from, to }: ColumnBlock,
): number {
  let product = 0
  for (let k = from; k < to; k++) product += a[aRow * columns + k]! * b[bRow * columns + k]!
  return product
}

/** Numbers of a perceptron of these sizes. */
export function perceptronCount(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, size, l) => sum + (sizes[l]! + 1) * size, 0)
}
