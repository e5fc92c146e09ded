import type { Kernels, Offset } from './kernels.ts'
import {
  allocatePass,
  layOutMlp,
  type Mlp,
  mlpBackward,
  mlpForward,
  mlpHessianProduct,
  mlpLoss,
  type MlpPass,
  type MlpShape,
} from './mlp.ts'

/** What a meta-gradient is taken of. */
export interface MamlShape extends MlpShape {
  /** The most tasks of one meta-batch. */
  readonly tasks: number
  /** Rows of the support set of each task. */
  readonly supportRows: number
  /** Rows of the query set of each task. */
  readonly queryRows: number
  /** Inner steps of gradient descent. */
  readonly steps: number
}

/** A meta-batch, task by task: rows of inputs and of targets, flat. */
export interface MetaBatch {
  readonly supportX: ArrayLike<number>
  readonly supportY: ArrayLike<number>
  readonly queryX: ArrayLike<number>
  readonly queryY: ArrayLike<number>
}

/** A meta-learner over a perceptron; its arrays lie in the memory of the kernels. */
export interface Maml {
  readonly mlp: Mlp
  /** The initialisation that is learned: W1 (inputs x outputs, row by row), b1, W2, b2, ... */
  readonly parameters: Offset
  /** Inner learning rate of each parameter, 0 where the inner loop must not adapt (ANIL: all but the last layer). */
  readonly rates: Offset
  /** Of the mean query loss in the initialisation; written by {@link Maml.gradient}. */
  readonly metaGradient: Offset
  /** Of the mean query loss in the inner rates, as Meta-SGD learns them; written by {@link Maml.gradient}. */
  readonly rateGradient: Offset
  /**
   * Computes the meta-gradient of one batch, which may hold fewer tasks than `tasks`.
   *
   * @param order - 2 is exact; 1 takes the Hessians for 0 (first-order MAML)
   * @returns the mean over the tasks of the query loss after the inner steps
   */
  readonly gradient: (batch: MetaBatch, order?: 1 | 2) => number
}

/**
 * The exact gradient of MAML (Finn et al. 2017, equation 1) for a perceptron, without a tape.
 *
 * The inner steps are theta_{s+1} = theta_s - a g(theta_s), elementwise with the rates a. Backwards, the gradient v of the
 * query loss at the last theta becomes v <- v - H(theta_s) (a v) at each step, with H v by {@link mlpHessianProduct}; the
 * gradient in the rates gains -v g(theta_s) before each (Meta-SGD, Li et al. 2017).
 */
export function createMaml(kernels: Kernels, shape: MamlShape): Maml {
  const { tasks, steps, sizes } = shape
  const [inputs, outputs] = [sizes[0]!, sizes.at(-1)!]
  const support = layOutMlp(shape, shape.supportRows)
  const query = layOutMlp(shape, shape.queryRows)
  const count = support.parameterCount
  const { allocate, view } = kernels

  const block = (): Offset => allocate(count)
  const blocks = (howMany: number): Offset[] => Array.from({ length: howMany }, block)
  const [parameters, rates, metaGradient, rateGradient] = [block(), block(), block(), block()]
  const thetas = blocks(steps + 1)
  const gradients = blocks(steps)
  const [carried, direction, product] = [block(), block(), block()]
  const passes = [...Array.from({ length: steps }, () => allocatePass(kernels, support)), allocatePass(kernels, query)]
  const hessian = {
    inputs: allocate(support.valueCount),
    values: allocate(support.valueCount),
    deltas: allocate(support.valueCount),
  }
  const supportX = allocate(tasks * support.rows * inputs)
  const supportY = allocate(tasks * support.rows * outputs)
  const queryX = allocate(tasks * query.rows * inputs)
  const queryY = allocate(tasks * query.rows * outputs)

  const passGradient = (mlp: Mlp, theta: Offset, x: Offset, y: Offset, pass: MlpPass, target: Offset): number => {
    mlpForward(kernels, mlp, theta, x, pass.values)
    const loss = mlpLoss(kernels, mlp, pass, y)
    mlpBackward(kernels, mlp, theta, x, pass, target)
    return loss
  }

  const taskGradient = (task: number, order: 1 | 2): number => {
    const x = supportX + task * support.rows * inputs
    const y = supportY + task * support.rows * outputs
    kernels.setRows(1, count, parameters, thetas[0]!)
    for (let s = 0; s < steps; s++) {
      passGradient(support, thetas[s]!, x, y, passes[s]!, gradients[s]!)
      kernels.addProduct(count, -1, rates, gradients[s]!, thetas[s]!, thetas[s + 1]!)
    }
    const x2 = queryX + task * query.rows * inputs
    const y2 = queryY + task * query.rows * outputs
    const loss = passGradient(query, thetas[steps]!, x2, y2, passes[steps]!, carried)
    for (let s = steps - 1; s >= 0; s--) {
      kernels.addProduct(count, -1, carried, gradients[s]!, rateGradient, rateGradient)
      if (order === 1) continue
      kernels.present(1, count, 0, 1, rates, carried, count, direction, count, 0)
      mlpHessianProduct(kernels, support, thetas[s]!, x, passes[s]!, direction, hessian, product)
      kernels.addScaled(count, -1, product, carried)
    }
    kernels.addScaled(count, 1, carried, metaGradient)
    return loss
  }

  return {
    mlp: query,
    parameters,
    rates,
    metaGradient,
    rateGradient,
    gradient: (batch, order = 2) => {
      const present = batch.supportX.length / (support.rows * inputs)
      const fill = (target: Offset, source: ArrayLike<number>): void => view(target, source.length).set(source)
      fill(supportX, batch.supportX)
      fill(supportY, batch.supportY)
      fill(queryX, batch.queryX)
      fill(queryY, batch.queryY)
      for (const sum of [metaGradient, rateGradient]) view(sum, count).fill(0)
      let loss = 0
      for (let task = 0; task < present; task++) loss += taskGradient(task, order)
      for (const sum of [metaGradient, rateGradient]) kernels.scale(count, 1 / present, sum, sum)
      return loss / present
    },
  }
}
