import { openKernels } from '../../kernels/open-kernels.ts'
import { parameterLayout } from './architecture.ts'
import { type Values, withArithmetic } from './arithmetic.ts'
import { decodeNumbers } from './base64.ts'
import { createNetwork } from './network.ts'
import type { NetworkModel } from './network-model.ts'
import type { Frame } from './normalisation.ts'
import { type Columns, windowFrame, writeWindow } from './training-windows.ts'

/** A window to be forecast: the columns of a history without gaps, and its present. */
export interface PresentWindow {
  readonly columns: Columns
  readonly origin: number
}

/** Runs a trained network forwards. */
export interface Predictor {
  /**
   * Calls back with each window's frame and the index of its first output; `outputs` is overwritten by the next batch.
   */
  readonly predict: (
    windows: readonly PresentWindow[],
    visit: (index: number, outputs: Values, start: number, frame: Frame) => void,
  ) => void
}

/** Windows that go through the network at once, when there are several. */
const batchLimit = 128

/** A predictor on this library's kernels. Room for a batch is made when the first batch comes. */
export function createPredictor(model: NetworkModel): Predictor {
  const { architecture, input: windowInput } = model
  const trained = decodeNumbers(model.weights, parameterLayout(architecture).size, 'model.weights')
  let room = makeRoom(1)

  function makeRoom(limit: number) {
    const made = withArithmetic(openKernels(), (arithmetic) => ({
      limit,
      network: createNetwork(architecture, arithmetic, limit, 'prediction'),
      weights: arithmetic.allocate(trained.length),
      input: arithmetic.allocate(architecture.window * limit * architecture.inputs),
    }))
    made.weights.set(trained)
    made.network.load(made.weights)
    return made
  }

  return {
    predict(windows, visit) {
      if (windows.length > 1 && room.limit === 1) room = makeRoom(batchLimit)
      const { limit, network, input } = room
      for (let first = 0; first < windows.length; first += limit) {
        const size = Math.min(limit, windows.length - first)
        const frames = Array.from({ length: size }, (_, b) => {
          const { columns, origin } = windows[first + b]!
          const frame = windowFrame(windowInput, columns, origin)
          writeWindow(windowInput, columns, origin, frame, input, b, size)
          return frame
        })
        const outputs = network.forward(input, size, null)
        frames.forEach((frame, b) => visit(first + b, outputs, b * architecture.outputs, frame))
      }
    },
  }
}
