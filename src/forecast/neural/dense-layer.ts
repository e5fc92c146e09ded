import type { Parameter } from './architecture.ts'
import type { Arithmetic, Values } from './arithmetic.ts'
import { addColumnSums, transpose } from './recurrent-layer.ts'

/** Weights of a dense layer in the flat vector. */
export interface DenseParameters {
  readonly kernel: Parameter
  readonly bias: Parameter
}

/** output (rows x columns) = input kernel + bias; with `squash`, the tanh of it. */
export function denseForward(
  { multiply }: Arithmetic,
  { kernel, bias }: DenseParameters,
  weights: Values,
  input: Values,
  count: number,
  output: Values,
  squash: boolean,
): void {
  const { rows, columns } = kernel
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < columns; j++) output[i * columns + j] = weights[bias.start + j]!
  }
  multiply(count, columns, rows, input, 0, rows, 1, weights, kernel.start, columns, output, 0, columns, true)
  if (squash) for (let i = 0; i < count * columns; i++) output[i] = Math.tanh(output[i]!)
}

/**
 * Adds the gradients of `denseForward` to those of the weights, and writes that of the input unless it is `null`.
 * With `squash`, `outputGradient` becomes the gradient before the tanh.
 *
 * @param transposed - scratch as long as the kernel
 */
export function denseBackward(
  { multiply }: Arithmetic,
  { kernel, bias }: DenseParameters,
  weights: Values,
  input: Values,
  count: number,
  output: Values,
  squash: boolean,
  outputGradient: Values,
  gradient: Values,
  inputGradient: Values | null,
  transposed: Values,
): void {
  const { rows, columns } = kernel
  if (squash) {
    for (let i = 0; i < count * columns; i++) {
      outputGradient[i] = outputGradient[i]! * (1 - output[i]! * output[i]!)
    }
  }
  addColumnSums(outputGradient, count, columns, 0, columns, gradient, bias.start)
  multiply(rows, columns, count, input, 0, 1, rows, outputGradient, 0, columns, gradient, kernel.start, columns, true)
  if (!inputGradient) return
  transpose(weights, kernel.start, rows, columns, transposed)
  multiply(count, rows, columns, outputGradient, 0, columns, 1, transposed, 0, rows, inputGradient, 0, rows, false)
}
