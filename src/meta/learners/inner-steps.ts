import type { Kernels, Offset } from '../../kernels/kernels.ts'
import {
  allocatePass,
  layOutMlp,
  mlpBackward,
  mlpForward,
  mlpLoss,
  mlpOutputs,
  type MlpShape,
} from '../../kernels/mlp.ts'
import type { Rows } from '../episodes/episode.ts'

/** Where gradient descent on a support set ended. */
export interface InnerDescent {
  readonly parameters: Float32Array
  /** Loss before each step and after the last. */
  readonly losses: readonly number[]
  readonly diverged: boolean
}

/** A descent has diverged when the loss on its own support set is this many times what it was, or not finite. */
const divergence = 10

/**
 * The inner loop of the gradient learners: theta <- theta - rates * grad L_support(theta), `steps` times. One that diverges
 * ends at the parameters with the least support loss that it met, and says so.
 */
export function descend(
  kernels: Kernels,
  shape: MlpShape,
  parameters: ArrayLike<number>,
  rates: ArrayLike<number>,
  support: Rows,
  steps: number,
): InnerDescent {
  const start = Float32Array.from(parameters)
  if (support.count === 0) return { parameters: start, losses: [], diverged: false }
  const mark = kernels.mark()
  const mlp = layOutMlp(shape, support.count)
  const count = mlp.parameterCount
  const load = (values: ArrayLike<number>): Offset => {
    const offset = kernels.allocate(values.length)
    kernels.view(offset, values.length).set(values)
    return offset
  }
  const [theta, rate, x, y] = [load(start), load(rates), load(support.x), load(support.y)]
  const gradient = kernels.allocate(count)
  const pass = allocatePass(kernels, mlp)
  const losses: number[] = []
  let best = start
  let diverged = false
  for (let step = 0; step <= steps; step++) {
    mlpForward(kernels, mlp, theta, x, pass.values)
    const loss = mlpLoss(kernels, mlp, pass, y)
    if (!Number.isFinite(loss) || loss > divergence * Math.max(losses[0] ?? Infinity, 1e-6)) {
      diverged = true
      break
    }
    if (losses.length === 0 || loss < Math.min(...losses)) best = Float32Array.from(kernels.view(theta, count))
    losses.push(loss)
    if (step === steps) break
    mlpBackward(kernels, mlp, theta, x, pass, gradient)
    kernels.addProduct(count, -1, rate, gradient, theta, theta)
  }
  const last = Float32Array.from(kernels.view(theta, count))
  kernels.release(mark)
  return { parameters: diverged ? best : last, losses, diverged }
}

/** The outputs of a perceptron: softmax probabilities under cross-entropy, else as they are. */
export function outputsOf(
  kernels: Kernels,
  shape: MlpShape,
  parameters: Float32Array,
  x: Float32Array,
  rows: number,
): Float32Array {
  const mark = kernels.mark()
  const mlp = layOutMlp(shape, rows)
  const theta = kernels.allocate(mlp.parameterCount)
  const input = kernels.allocate(x.length)
  const values = kernels.allocate(mlp.valueCount)
  kernels.view(theta, mlp.parameterCount).set(parameters)
  kernels.view(input, x.length).set(x)
  mlpForward(kernels, mlp, theta, input, values)
  const outputs = Float32Array.from(kernels.view(values + mlpOutputs(mlp), rows * shape.sizes.at(-1)!))
  kernels.release(mark)
  return shape.loss === 'cross-entropy' ? softmaxRows(outputs, shape.sizes.at(-1)!) : outputs
}

/** Softmax of each row, in place. */
export function softmaxRows(logits: Float32Array, columns: number): Float32Array {
  for (let from = 0; from < logits.length; from += columns) {
    const row = logits.subarray(from, from + columns)
    const most = row.reduce((a, b) => Math.max(a, b), -Infinity)
    let sum = 0
    for (let j = 0; j < columns; j++) sum += row[j] = Math.exp(row[j]! - most)
    for (let j = 0; j < columns; j++) row[j]! /= sum
  }
  return logits
}
