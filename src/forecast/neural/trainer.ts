import type { Kernels } from '../../kernels/kernels.ts'
import type { Architecture, ParameterLayout } from './architecture.ts'
import { type Values, withArithmetic } from './arithmetic.ts'
import type { DropoutMasks } from './dropout.ts'
import { type HeadShape, lossAndGradient } from './loss.ts'
import { createNetwork } from './network.ts'
import type { OptimiserArrays } from './optimiser.ts'

/** What computes outputs, losses and gradients of a network: one per backend. */
export interface Trainer {
  readonly backend: 'wasm-kernels' | 'typescript' | 'tfjs-wasm' | 'tfjs-cpu'
  /** Faster backends that were passed over, and why. */
  readonly passedOver: readonly string[]
  readonly layout: ParameterLayout
  /** Weights, gradient and moments, in the memory of `kernels`. */
  readonly arrays: OptimiserArrays
  readonly kernels: Kernels
  /** (window x batch x inputs), to be filled before a call. */
  readonly input: Values
  /** (batch x horizon), likewise. */
  readonly targets: Float64Array
  /** Overwrites `arrays.gradient`, returns the loss. */
  readonly gradient: (batch: number, masks: DropoutMasks | null) => number
  /** Loss without dropout. */
  readonly loss: (batch: number) => number
  /** (batch x outputs) without dropout; overwritten by the next call. */
  readonly outputs: (batch: number) => Values
}

/** A trainer by the gradients of this room. */
export function createTrainer(
  kernels: Kernels,
  architecture: Architecture,
  shape: HeadShape,
  batchLimit: number,
): Trainer {
  const { network, arrays, input, outputGradient } = withArithmetic(kernels, (arithmetic) => {
    const { allocate } = arithmetic
    const made = createNetwork(architecture, arithmetic, batchLimit)
    const { size } = made.layout
    return {
      network: made,
      arrays: {
        weights: allocate(size),
        gradient: allocate(size),
        first: allocate(size),
        second: allocate(size),
      },
      input: allocate(architecture.window * batchLimit * architecture.inputs),
      outputGradient: allocate(batchLimit * architecture.outputs),
    }
  })
  const targets = new Float64Array(batchLimit * shape.horizon)
  const { weights, gradient } = arrays
  const outputsOf = (batch: number): Values => {
    network.load(weights)
    return network.forward(input, batch, null)
  }
  return {
    backend: kernels.backend === 'typescript' ? 'typescript' : 'wasm-kernels',
    passedOver:
      kernels.backend === 'typescript' ? ['wasm-kernels: asked for otherwise, or no WebAssembly with SIMD'] : [],
    layout: network.layout,
    arrays,
    kernels,
    input,
    targets,
    gradient(batch, masks) {
      network.load(weights)
      const outputs = network.forward(input, batch, masks)
      const loss = lossAndGradient(shape, outputs, targets, batch, outputGradient)
      gradient.fill(0)
      network.backward(outputGradient, gradient)
      return loss
    },
    loss: (batch) => lossAndGradient(shape, outputsOf(batch), targets, batch, null),
    outputs: outputsOf,
  }
}
