import { expect, test } from 'vitest'
import type { Architecture } from '../../../src/forecast/neural/architecture.ts'
import { type Values, withArithmetic } from '../../../src/forecast/neural/arithmetic.ts'
import { drawMasks } from '../../../src/forecast/neural/dropout.ts'
import { initialWeights } from '../../../src/forecast/neural/initial-weights.ts'
import { type HeadShape, lossAndGradient } from '../../../src/forecast/neural/loss.ts'
import { createNetwork } from '../../../src/forecast/neural/network.ts'
import { createReferenceKernels } from '../../../src/kernels/reference-kernels.ts'
import { createRng } from '../../../src/random/rng.ts'
import { architectures, small } from './architectures.ts'

const batch = 3

function randomValues(length: number, seed: string): Float64Array {
  const rng = createRng(seed)
  return Float64Array.from({ length }, () => 2 * rng() - 1)
}

/** Largest difference of the gradient and central differences of the loss, relative to the largest entry. */
function gradientError(architecture: Architecture, shape: HeadShape, dropout: number): number {
  const { network, weights, input, gradient, outputGradient } = withArithmetic(
    createReferenceKernels('float64'),
    (arithmetic) => {
      const made = createNetwork(architecture, arithmetic, batch)
      return {
        network: made,
        weights: arithmetic.allocate(made.layout.size),
        gradient: arithmetic.allocate(made.layout.size),
        input: arithmetic.allocate(architecture.window * batch * architecture.inputs),
        outputGradient: arithmetic.allocate(batch * architecture.outputs),
      }
    },
  )
  weights.set(initialWeights(architecture, 'gradient').map((w, i) => w + 0.05 * Math.sin(i)))
  input.set(randomValues(input.length, 'input'))
  const targets =
    shape.head === 'regression'
      ? randomValues(batch * shape.horizon, 'targets')
      : Float64Array.from({ length: batch * shape.horizon }, (_, i) => i % 2)
  const rates = { dropout, recurrentDropout: dropout }
  const masks = dropout > 0 ? drawMasks(createRng('masks'), rates, network.layout, batch) : null
  const run = (): Values => {
    network.load(weights)
    return network.forward(input, batch, masks)
  }
  const loss = (): number => lossAndGradient(shape, run(), targets, batch, null)
  const outputs = run()
  lossAndGradient(shape, outputs, targets, batch, outputGradient)
  network.backward(outputGradient, gradient)
  const step = 1e-5
  let worst = 0
  for (let i = 0; i < weights.length; i++) {
    const kept = weights[i]!
    weights[i] = kept + step
    const above = loss()
    weights[i] = kept - step
    const below = loss()
    weights[i] = kept
    worst = Math.max(worst, Math.abs((above - below) / (2 * step) - gradient[i]!))
  }
  return worst / Math.max(...Array.from(gradient, Math.abs))
}

const regression: HeadShape = { head: 'regression', horizon: 2, quantiles: [0.5, 0.85] }
const levels: HeadShape = { head: 'levels', horizon: 1, classes: 4 }
const decision: HeadShape = { head: 'decision', horizon: 2, positiveWeight: 3 }

test.each(Object.entries(architectures))('the gradient of %s equals central differences', (_, architecture) => {
  expect(gradientError(architecture, regression, 0)).toBeLessThan(1e-7)
})

test.each(Object.entries(architectures))(
  'the gradient of %s under dropout equals central differences',
  (_, architecture) => {
    expect(gradientError(architecture, levels, 0.4)).toBeLessThan(1e-7)
  },
)

test('the gradient of the decision head equals central differences', () => {
  expect(gradientError(small, decision, 0)).toBeLessThan(1e-7)
  expect(gradientError({ ...small, linearSkip: true, skipColumn: 1 }, decision, 0)).toBeLessThan(1e-7)
})
