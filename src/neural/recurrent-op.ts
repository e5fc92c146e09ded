import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs'
import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { Kernels, Offset } from '../kernels/kernels.ts'
import { createRecurrentStack, type RecurrentStack, type StackShape } from '../kernels/recurrent-stack.ts'
import type { Tensorflow } from './tensorflow.ts'

/** A stack of recurrent layers as one operation of tfjs. */
export interface RecurrentOp {
  /** Numbers in the parameter tensor; their order is that of {@link RecurrentStack.blocks}. */
  readonly parameterCount: number
  /**
   * The states of the top layer, steps x batch x outputs.
   *
   * @param x - steps x batch x inputs, time-major
   * @param parameters - all weights in one vector
   */
  readonly apply: (x: Tensor3D, parameters: Tensor1D) => Tensor3D
}

interface Room {
  readonly steps: number
  readonly batch: number
  readonly stack: RecurrentStack
  readonly x: Offset
  readonly parameters: Offset
  readonly statesGradient: Offset
  readonly gradients: Offset
  readonly inputGradient: Offset
}

/**
 * GRU or LSTM layers under `customGrad`, computed by the kernels instead of some ten thousand small operations, on any
 * backend of tfjs that can read tensors synchronously.
 *
 * Only inputs are saved. The activations stay in the memory of the kernels, and are computed again when another forward
 * pass has overwritten them. Its gradient cannot be differentiated again; asking for that is an error.
 *
 * @param kernels - used by this operation alone
 */
export function createRecurrentOp(tf: Tensorflow, kernels: Kernels, shape: StackShape): RecurrentOp {
  const empty = kernels.mark()
  let room = reserve(1, 1)
  /** Counts forward passes: whose activations the room holds. */
  let run = 0

  function reserve(steps: number, batch: number): Room {
    kernels.release(empty)
    const stack = createRecurrentStack(kernels, shape, steps, batch)
    const rows = steps * batch
    return {
      steps,
      batch,
      stack,
      x: kernels.allocate(rows * shape.inputs),
      parameters: kernels.allocate(stack.parameterCount),
      statesGradient: kernels.allocate(rows * stack.outputs),
      gradients: kernels.allocate(stack.parameterCount),
      inputGradient: kernels.allocate(rows * shape.inputs),
    }
  }

  const fill = (target: Offset, { size }: Tensor, values: ArrayLike<number>): void =>
    kernels.view(target, size).set(values)
  const copy = (source: Offset, count: number): Float32Array => Float32Array.from(kernels.view(source, count))

  function forward(x: Tensor3D, parameters: Tensor1D): Offset {
    const [steps, batch] = x.shape
    if (steps > room.steps || batch > room.batch) {
      room = reserve(Math.max(steps, room.steps), Math.max(batch, room.batch))
    }
    run++
    fill(room.x, x, x.dataSync())
    fill(room.parameters, parameters, parameters.dataSync())
    return room.stack.forward(room.parameters, room.x, steps, batch)
  }

  function backward(dy: Tensor, x: Tensor3D, parameters: Tensor1D): [Tensor3D, Tensor1D] {
    const { stack } = room
    fill(room.statesGradient, dy, dy.dataSync())
    for (const block of [room.gradients, room.inputGradient]) {
      kernels.view(block, block === room.gradients ? stack.parameterCount : x.size).fill(0)
    }
    stack.backward(room.statesGradient, room.gradients, room.inputGradient)
    return [tf.tensor3d(copy(room.inputGradient, x.size), x.shape), tf.tensor1d(copy(room.gradients, parameters.size))]
  }

  const apply = (x: Tensor3D, parameters: Tensor1D): Tensor3D =>
    tf.customGrad((...inputs) => {
      const [given, weights, save] = inputs as unknown as [Tensor3D, Tensor1D, (tensors: Tensor[]) => void]
      save([given, weights])
      const [steps, batch] = given.shape
      const states = forward(given, weights)
      const own = run
      const { outputs } = room.stack
      return {
        value: tf.tensor3d(copy(states, steps * batch * outputs), [steps, batch, outputs]),
        gradFunc: (dy: Tensor, saved: Tensor[]) => {
          refuseNesting(tf)
          const [savedX, savedWeights] = saved as [Tensor3D, Tensor1D]
          if (run !== own) forward(savedX, savedWeights)
          return backward(dy, savedX, savedWeights)
        },
      }
    })(x, parameters) as Tensor3D
  return { parameterCount: room.stack.parameterCount, apply }
}

/** The tape is on inside a gradient only when an outer gradient records it. */
function refuseNesting(tf: Tensorflow): void {
  if (!tf.engine().isTapeOn()) return
  const expected = 'differentiated once: its own gradient is computed outside tfjs'
  const hint = 'Use layers of plain tfjs operations, or first-order meta-learning.'
  throw new CloudschedError('solver', [
    { path: 'recurrent layer', received: 'a gradient of a gradient', expected, hint },
  ])
}
