import { expect, test } from 'vitest'
import { withArithmetic } from '../../../src/forecast/neural/arithmetic.ts'
import { clipNorm, type OptimizerOptions, optimiserStep } from '../../../src/forecast/neural/optimiser.ts'
import { openKernels } from '../../../src/kernels/open-kernels.ts'

/** One weight, from 1, after a step for each gradient. */
function weightAfter(options: OptimizerOptions, gradients: readonly number[]): number {
  const kernels = openKernels()
  const arrays = withArithmetic(kernels, ({ allocate }) => ({
    weights: allocate(1),
    gradient: allocate(1),
    first: allocate(1),
    second: allocate(1),
  }))
  arrays.weights[0] = 1
  let powers = { first: 1, second: 1 }
  for (const gradient of gradients) {
    arrays.gradient[0] = gradient
    powers = optimiserStep(kernels, options, arrays, powers)
  }
  return arrays.weights[0]!
}

test('SGD carries momentum on: dw = -rate g + momentum dw', () => {
  // dw: -.1 x 2 = -.2; then -.1 x 2 + .9 x -.2 = -.38. 1 - .2 - .38 = .42
  expect(weightAfter({ name: 'sgd', learningRate: 0.1, momentum: 0.9 }, [2, 2])).toBeCloseTo(0.42, 6)
  expect(weightAfter({ name: 'sgd', learningRate: 0.1, momentum: 0 }, [2, 2])).toBeCloseTo(0.6, 6)
})

test("Adam's means are corrected for their start at 0", () => {
  // Step 1: the corrected means are g and g^2: 1 - .01. Step 2, g = -1 after 4:
  //   m = .9 x .4 - .1 = .26, over 1 - .81: 1.368421; v = .999 x .016 + .001 = .016984, over 1 - .998001: 8.496248
  //   .99 - .01 x 1.368421 / 2.914832 = .985305
  expect(weightAfter({ name: 'adam', learningRate: 0.01 }, [4])).toBeCloseTo(0.99, 6)
  expect(weightAfter({ name: 'adam', learningRate: 0.01 }, [4, -1])).toBeCloseTo(0.985305, 5)
})

test('a gradient longer than the limit keeps its direction and takes its length', () => {
  const gradient = Float64Array.of(3, 4)
  expect(clipNorm(gradient, 10)).toBe(5)
  expect([...gradient]).toEqual([3, 4])
  expect(clipNorm(gradient, 1)).toBe(5)
  expect([...gradient].map((x) => Number(x.toFixed(12)))).toEqual([0.6, 0.8])
})
