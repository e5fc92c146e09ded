import { addDense, denseForward, type DenseShape, inputGradient, weightGradient } from './dense.ts'
import { type ActivationCode, activationCodes, type Kernels, type Offset } from './kernels.ts'

/** A multi-layer perceptron and what it is trained for. */
export interface MlpShape {
  /** Numbers of inputs, of the units of each hidden layer, and of outputs. */
  readonly sizes: readonly number[]
  /** Of the hidden layers; the outputs are linear. */
  readonly activation: 'relu' | 'tanh' | 'sigmoid'
  /**
   * `'squared-error'`: the mean of (output - target)^2 over rows and outputs. `'cross-entropy'`: the mean over the rows of
   * -sum target ln softmax(output), for targets that sum to 1.
   */
  readonly loss: 'squared-error' | 'cross-entropy'
}

/** Where the numbers of a perceptron stand; all offsets count from the beginning of a block. */
export interface Mlp {
  readonly shape: MlpShape
  readonly layers: readonly MlpLayer[]
  /** Parameters in one block: W1 (inputs x outputs, row by row), b1, W2, b2, ... */
  readonly parameterCount: number
  /** Size of a block that holds the values of all layers, for `rows` rows. */
  readonly valueCount: number
  readonly rows: number
  readonly code: ActivationCode
}

interface MlpLayer extends DenseShape {
  readonly weights: Offset
  readonly bias: Offset
  /** Of the layer's values in a block of `valueCount`. */
  readonly values: Offset
}

/** Lays out a perceptron for blocks of `rows` rows. */
export function layOutMlp(shape: MlpShape, rows: number): Mlp {
  const layers: MlpLayer[] = []
  let parameterCount = 0
  let valueCount = 0
  for (const [i, inputs] of shape.sizes.slice(0, -1).entries()) {
    const outputs = shape.sizes[i + 1]!
    layers.push({
      rows,
      inputs,
      outputs,
      weights: parameterCount,
      bias: parameterCount + inputs * outputs,
      values: valueCount,
    })
    parameterCount += inputs * outputs + outputs
    // Whole vectors of four, so that arrays begin where loads are fast.
    valueCount += (rows * outputs + 3) & ~3
  }
  return { shape, layers, parameterCount, valueCount, rows, code: activationCodes[shape.activation] }
}

/** Where the outputs begin in a block of values. */
export function mlpOutputs({ layers }: Mlp): Offset {
  return layers.at(-1)!.values
}

/** Computes the values of all layers; the last ones are the outputs (logits under cross-entropy). */
export function mlpForward(kernels: Kernels, mlp: Mlp, parameters: Offset, x: Offset, values: Offset): void {
  let input = x
  for (const layer of mlp.layers) {
    const output = values + layer.values
    denseForward(kernels, layer, input, parameters + layer.weights, parameters + layer.bias, output)
    if (layer !== mlp.layers.at(-1)) kernels.activate(mlp.code, layer.rows * layer.outputs, output)
    input = output
  }
}

/** The blocks that one pass forward and backward writes. */
export interface MlpPass {
  /** Values of the layers, after the activation. */
  readonly values: Offset
  /** Gradients of the loss in the layers' values before the activation. */
  readonly deltas: Offset
  /** Softmax of the outputs; unused under squared error. */
  readonly probabilities: Offset
}

/** Room for one forward and backward pass. */
export function allocatePass({ allocate }: Kernels, mlp: Mlp): MlpPass {
  return {
    values: allocate(mlp.valueCount),
    deltas: allocate(mlp.valueCount),
    probabilities: allocate(mlp.rows * mlp.layers.at(-1)!.outputs),
  }
}

/**
 * The loss of a forward pass and its gradient in the outputs, which is where {@link mlpBackward} starts.
 *
 * @returns the loss
 */
export function mlpLoss(kernels: Kernels, mlp: Mlp, pass: MlpPass, targets: Offset): number {
  const { rows, outputs, values } = mlp.layers.at(-1)!
  const [output, delta] = [pass.values + values, pass.deltas + values]
  return mlp.shape.loss === 'squared-error'
    ? kernels.squaredError(rows * outputs, output, targets, delta)
    : kernels.softmaxCrossEntropy(rows, outputs, output, targets, pass.probabilities, delta)
}

/** From the gradient in the outputs, which stands in the last part of `deltas`, to that of all parameters. */
export function mlpBackward(
  kernels: Kernels,
  mlp: Mlp,
  parameters: Offset,
  x: Offset,
  pass: MlpPass,
  gradient: Offset,
): void {
  for (let l = mlp.layers.length - 1; l >= 0; l--) {
    const layer = mlp.layers[l]!
    const below = mlp.layers[l - 1]
    const delta = pass.deltas + layer.values
    weightGradient(kernels, layer, below ? pass.values + below.values : x, delta, gradient + layer.weights, 0)
    kernels.columnSums(layer.rows, layer.outputs, delta, layer.outputs, gradient + layer.bias, 0)
    if (!below) return
    const next = pass.deltas + below.values
    inputGradient(kernels, layer, delta, parameters + layer.weights, next, 0)
    kernels.activationGradient(mlp.code, layer.rows * layer.inputs, pass.values + below.values, next)
  }
}

/** The blocks that {@link mlpHessianProduct} writes: R{.} of the values before and after the activation, and of the deltas. */
export interface HessianPass {
  readonly inputs: Offset
  readonly values: Offset
  readonly deltas: Offset
}

/**
 * product = H v, where H is the Hessian of the loss in the parameters at a finished {@link MlpPass}: the R-operator of
 * Pearlmutter (1994), which differentiates the forward and the backward pass in the direction v. Exact, at about twice the
 * cost of a gradient.
 */
export function mlpHessianProduct(
  kernels: Kernels,
  mlp: Mlp,
  parameters: Offset,
  x: Offset,
  pass: MlpPass,
  direction: Offset,
  hessian: HessianPass,
  product: Offset,
): void {
  const { code, layers } = mlp
  for (const [l, layer] of layers.entries()) {
    const below = layers[l - 1]
    const weights = direction + layer.weights
    const input = hessian.inputs + layer.values
    // R{a} = h V + R{h} W, where V is the direction's part for W; the input x does not move.
    denseForward(kernels, layer, below ? pass.values + below.values : x, weights, direction + layer.bias, input)
    if (below) addDense(kernels, layer, hessian.values + below.values, parameters + layer.weights, input)
    if (layer === layers.at(-1)) break
    const count = layer.rows * layer.outputs
    kernels.setRows(1, count, input, hessian.values + layer.values)
    kernels.activationGradient(code, count, pass.values + layer.values, hessian.values + layer.values)
  }
  lossHessian(kernels, mlp, pass, hessian)
  for (let l = layers.length - 1; l >= 0; l--) {
    const layer = layers[l]!
    const below = layers[l - 1]
    const moved = hessian.deltas + layer.values
    const delta = pass.deltas + layer.values
    // R{dW} = h' R{delta} + R{h}' delta.
    weightGradient(kernels, layer, below ? pass.values + below.values : x, moved, product + layer.weights, 0)
    kernels.columnSums(layer.rows, layer.outputs, moved, layer.outputs, product + layer.bias, 0)
    if (!below) return
    weightGradient(kernels, layer, hessian.values + below.values, delta, product + layer.weights, 1)
    // R{delta below} = (R{delta} W' + delta V') f'(a) + (delta W') f''(a) R{a}.
    const next = hessian.deltas + below.values
    const count = layer.rows * layer.inputs
    inputGradient(kernels, layer, moved, parameters + layer.weights, next, 0)
    inputGradient(kernels, layer, delta, direction + layer.weights, next, 1)
    kernels.activationGradient(code, count, pass.values + below.values, next)
    if (code === activationCodes.relu) continue
    const [values, deltas] = [pass.values + below.values, pass.deltas + below.values]
    kernels.activationCurvature(code, count, values, deltas, hessian.inputs + below.values, next)
  }
}

function lossHessian(kernels: Kernels, mlp: Mlp, pass: MlpPass, hessian: HessianPass): void {
  const { rows, outputs, values } = mlp.layers.at(-1)!
  const [input, delta] = [hessian.inputs + values, hessian.deltas + values]
  if (mlp.shape.loss === 'squared-error') kernels.scale(rows * outputs, 2 / (rows * outputs), input, delta)
  else kernels.softmaxHessian(rows, outputs, pass.probabilities, input, delta)
}
