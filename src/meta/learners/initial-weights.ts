import type { Rng } from '../../random/rng.ts'
import { uniform } from '../../random/sample.ts'

/**
 * Weights of a perceptron to start from: W1 (inputs x outputs, row by row), b1, W2, b2, ... All uniform within
 * 1 / sqrt(inputs) of 0 (LeCun et al. 1998), the biases too: with biases of 0 every unit of a function of one input would
 * bend at the same place.
 *
 * @param rowsUsed - rows of W1 that may differ from 0; the others stand for slots, which start alike
 */
export function initialWeights(sizes: readonly number[], rng: Rng, rowsUsed: number = sizes[0]!): Float32Array {
  const layers = sizes.slice(1).map((outputs, l) => ({ inputs: sizes[l]!, outputs }))
  const weights = new Float32Array(layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0))
  let at = 0
  layers.forEach(({ inputs, outputs }, l) => {
    const used = l === 0 ? Math.min(inputs, rowsUsed) : inputs
    const width = 1 / Math.sqrt(Math.max(1, used))
    for (let k = 0; k < used * outputs; k++) weights[at + k] = uniform(rng, -width, width)
    for (let k = 0; k < outputs; k++) weights[at + inputs * outputs + k] = uniform(rng, -width, width)
    at += (inputs + 1) * outputs
  })
  return weights
}
