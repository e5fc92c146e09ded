import { denseForward, inputGradient, weightGradient } from '../../kernels/dense.ts'
import { activationCodes, type Kernels } from '../../kernels/kernels.ts'
import type { Parameter } from './architecture.ts'
import { offsetOf, type Values } from './arithmetic.ts'

/** A dense layer and the arrays it reads and writes. */
export interface DensePass {
  readonly kernel: Parameter
  readonly bias: Parameter
  /** A hidden layer puts out the tanh of its sums. */
  readonly hidden: boolean
  /** (count x rows of the kernel) and (count x columns of the kernel). */
  readonly count: number
  readonly input: Values
  readonly output: Values
}

/** output = input kernel + bias; of a hidden layer, the tanh of it. */
export function denseLayerForward(kernels: Kernels, pass: DensePass, weights: Values): void {
  const { kernel, bias, hidden, count, input, output } = pass
  const w = offsetOf(weights)
  const shape = { rows: count, inputs: kernel.rows, outputs: kernel.columns }
  denseForward(kernels, shape, offsetOf(input), w + kernel.start, w + bias.start, offsetOf(output))
  if (hidden) kernels.activate(activationCodes.tanh, count * kernel.columns, offsetOf(output))
}

/**
 * Adds the gradients of the weights, and writes that of the input unless it is `null`. In a hidden layer
 * `outputGradient` becomes the gradient before the tanh.
 */
export function denseLayerBackward(
  kernels: Kernels,
  { kernel, bias, hidden, count, input, output }: DensePass,
  weights: Values,
  outputGradient: Values,
  gradient: Values,
  inputs: Values | null,
): void {
  const [dy, dw] = [offsetOf(outputGradient), offsetOf(gradient)]
  const shape = { rows: count, inputs: kernel.rows, outputs: kernel.columns }
  if (hidden) kernels.activationGradient(activationCodes.tanh, count * kernel.columns, offsetOf(output), dy)
  kernels.columnSums(count, kernel.columns, dy, kernel.columns, dw + bias.start, 1)
  weightGradient(kernels, shape, offsetOf(input), dy, dw + kernel.start, 1)
  if (inputs) inputGradient(kernels, shape, dy, offsetOf(weights) + kernel.start, offsetOf(inputs), 0)
}
