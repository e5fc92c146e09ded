import { expect, test } from 'vitest'
import { parameterLayout } from '../../../src/forecast/neural/architecture.ts'
import {
  alphaCount,
  clipLatent,
  effectiveWeights,
  signOf,
  straightThrough,
} from '../../../src/forecast/neural/binarise.ts'
import { small } from './architectures.ts'

const architecture = { ...small, encoder: [], inputs: 2, units: [1], bidirectional: false, readout: 'last' } as const
const layout = parameterLayout(architecture)
const { kernel, recurrent, bias } = layout.layers[0]![0]!

/** Weights of 0 but for the kernel (2 x 3) and the recurrent kernel (1 x 3). */
function weightsOf(kernelValues: number[], recurrentValues: number[] = [0.5, 0.5, 0.5]): Float64Array {
  const weights = new Float64Array(layout.size)
  weights.set(kernelValues, kernel.start)
  weights.set(recurrentValues, recurrent.start)
  weights.fill(0.25, bias.start, bias.start + 3)
  return weights
}

function effectiveOf(
  weights: Float64Array,
  change: Partial<typeof small>,
): { readonly kernel: number[]; readonly bias: number[]; readonly alphas: Float64Array } {
  const effective = new Float64Array(layout.size)
  const alphas = new Float64Array(alphaCount(layout))
  effectiveWeights(layout, { ...architecture, ...change }, weights, effective, alphas)
  return {
    kernel: [...effective.subarray(kernel.start, kernel.start + 6)],
    bias: [...effective.subarray(bias.start, bias.start + 3)],
    alphas,
  }
}

test('the sign of 0 is +1', () => {
  expect([-2, -0, 0, 3].map(signOf)).toEqual([-1, 1, 1, 1])
})

test('binary weights are the sign times the mean magnitude of their output unit', () => {
  // Columns (.2, -.4), (-.6, 0), (.1, .3): means .3, .3, .2
  const { kernel: values, bias: kept } = effectiveOf(weightsOf([0.2, -0.6, 0.1, -0.4, 0, 0.3]), { binarize: 'weights' })
  const expected = [0.3, -0.3, 0.2, -0.3, 0.3, 0.2]
  values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12))
  expect(kept).toEqual([0.25, 0.25, 0.25])
})

test('unscaled binary weights are the sign over the root of the fan-in', () => {
  const { kernel: values } = effectiveOf(weightsOf([0.2, -0.6, 0.1, -0.4, 0, 0.3]), {
    binarize: 'weights',
    scale: 'none',
  })
  values.forEach((value) => expect(Math.abs(value)).toBeCloseTo(Math.SQRT1_2, 12))
})

test('ternary weights are 0 below .7 of the mean magnitude, and the others take their own mean', () => {
  // Column (.9, -.1): mean .5, threshold .35: .9 stays, scaled by the mean of what stays, .9.
  // Column (.5, -.4): mean .45, threshold .315: both stay, scaled by .45. Column (0, 0): nothing stays.
  const { kernel: values } = effectiveOf(weightsOf([0.9, 0.5, 0, -0.1, -0.4, 0]), { binarize: 'ternary' })
  const expected = [0.9, 0.45, 0, 0, -0.45, 0]
  values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 12))
})

test('the gradient passes where |w| <= 1, with the ends and 0 inside, and is scaled by alpha', () => {
  const weights = weightsOf([1, -1, 0, 1.0000001, -1.5, 0.5])
  const { alphas } = effectiveOf(weights, { binarize: 'weights' })
  const gradient = new Float64Array(layout.size).fill(2)
  straightThrough(layout, weights, alphas, gradient)
  const passed = [...gradient.subarray(kernel.start, kernel.start + 6)]
  // alpha: (1 + 1.0000001) / 2, (1 + 1.5) / 2, .25
  const expected = [2.0000001, 2.5, 0.5, 0, 0, 0.5]
  passed.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6))
  // What is not binary keeps its gradient.
  expect([...gradient.subarray(bias.start, bias.start + 3)]).toEqual([2, 2, 2])
})

test('latent weights come back to [-1, 1], others stay', () => {
  const weights = weightsOf([3, -2, 0.5, 0, 0, 0])
  weights[bias.start] = 7
  clipLatent(layout, weights)
  expect([...weights.subarray(kernel.start, kernel.start + 3)]).toEqual([1, -1, 0.5])
  expect(weights[bias.start]).toBe(7)
})
