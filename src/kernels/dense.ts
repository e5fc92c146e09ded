import type { Kernels, Offset } from './kernels.ts'

/** A dense layer y = x W + b: x is rows x inputs, W is inputs x outputs. */
export interface DenseShape {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
}

/** y = x W + b. */
export function denseForward(
  { setRows, gemm }: Kernels,
  { rows, inputs, outputs }: DenseShape,
  x: Offset,
  weights: Offset,
  bias: Offset,
  y: Offset,
): void {
  setRows(rows, outputs, bias, y)
  gemm(rows, outputs, inputs, x, inputs, 1, weights, outputs, 1, y, outputs, 1)
}

/** y += x W. */
export function addDense(
  { gemm }: Kernels,
  { rows, inputs, outputs }: DenseShape,
  x: Offset,
  weights: Offset,
  y: Offset,
): void {
  gemm(rows, outputs, inputs, x, inputs, 1, weights, outputs, 1, y, outputs, 1)
}

/** gradient (=|+=) x' dy, the gradient of the weights. */
export function weightGradient(
  { gemm }: Kernels,
  { rows, inputs, outputs }: DenseShape,
  x: Offset,
  dy: Offset,
  gradient: Offset,
  accumulate: 0 | 1,
): void {
  gemm(inputs, outputs, rows, x, 1, inputs, dy, outputs, 1, gradient, outputs, accumulate)
}

/** dx (=|+=) dy W', the gradient of the input. */
export function inputGradient(
  { gemm }: Kernels,
  { rows, inputs, outputs }: DenseShape,
  dy: Offset,
  weights: Offset,
  dx: Offset,
  accumulate: 0 | 1,
): void {
  gemm(rows, inputs, outputs, dy, outputs, 1, weights, 1, outputs, dx, inputs, accumulate)
}
