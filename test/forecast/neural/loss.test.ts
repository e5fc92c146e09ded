import { expect, test } from 'vitest'
import { decodePaths, exceedanceProbabilities } from '../../../src/forecast/neural/decode.ts'
import { classOf } from '../../../src/forecast/neural/head.ts'
import { lossAndGradient } from '../../../src/forecast/neural/loss.ts'

test('at the median twice the pinball loss is the absolute error', () => {
  const gradient = new Float64Array(2)
  const shape = { head: 'regression', horizon: 2, quantiles: [0.5] } as const
  // Errors 3 - 1 = 2 and 4 - 7 = -3: mean 2.5; a target met exactly has no slope.
  expect(lossAndGradient(shape, Float64Array.of(1, 7), Float64Array.of(3, 4), 1, gradient)).toBeCloseTo(2.5, 12)
  expect([...gradient]).toEqual([-0.5, 0.5])
  lossAndGradient(shape, Float64Array.of(3, 7), Float64Array.of(3, 4), 1, gradient)
  expect(gradient[0]).toBeCloseTo(0, 12)
})

test('the pinball loss of another level weighs errors above and below it', () => {
  const shape = { head: 'regression', horizon: 1, quantiles: [0.9] } as const
  // Target above by 1: 2 * .9; below by 1: 2 * .1.
  expect(lossAndGradient(shape, Float64Array.of(0), Float64Array.of(1), 1, null)).toBeCloseTo(1.8, 12)
  expect(lossAndGradient(shape, Float64Array.of(1), Float64Array.of(0), 1, null)).toBeCloseTo(0.2, 12)
})

test('cross-entropy of equal logits is ln K, and stays finite for logits that exp cannot hold', () => {
  const shape = { head: 'levels', horizon: 1, classes: 4 } as const
  expect(lossAndGradient(shape, new Float64Array(4), Float64Array.of(2), 1, null)).toBeCloseTo(Math.log(4), 12)
  const gradient = new Float64Array(4)
  expect(lossAndGradient(shape, Float64Array.of(1000, 0, 0, 0), Float64Array.of(1), 1, gradient)).toBeCloseTo(1000, 9)
  expect([...gradient]).toEqual([1, -1, 0, 0])
})

test("a 'yes' counts as its weight says", () => {
  const shape = { head: 'decision', horizon: 2, positiveWeight: 3 } as const
  // One no and one yes, both at even odds: (1 + 3) ln 2 / 2.
  expect(lossAndGradient(shape, new Float64Array(4), Float64Array.of(0, 1), 1, null)).toBeCloseTo(2 * Math.LN2, 12)
})

test('a network that has diverged shows in the loss', () => {
  const shape = { head: 'regression', horizon: 1, quantiles: [0.5] } as const
  expect(lossAndGradient(shape, Float64Array.of(Number.NaN), Float64Array.of(1), 1, null)).toBeNaN()
})

test('a value equal to an edge belongs to the class above', () => {
  expect([0.9, 1, 1.5, 2, 9].map((value) => classOf(value, [1, 2]))).toEqual([0, 1, 1, 2, 2])
})

test('regression outputs are sorted, levels between trained ones lie on a line', () => {
  const head = { head: 'regression', horizon: 1, quantiles: [0.5, 0.9] } as const
  // Crossed outputs 4 and 2 become 2 and 4; .7 is half way; the frame is 10 + 2 x.
  const { values, quantiles } = decodePaths(
    head,
    Float64Array.of(4, 2),
    0,
    { centre: 10, scale: 2 },
    1,
    [0.5, 0.7, 0.9],
  )
  expect([...values]).toEqual([14])
  expect(quantiles.map((path) => path[0])).toEqual([14, expect.closeTo(16, 12), 18])
})

test('levels decode to the mean of the centres and to quantiles of their distribution', () => {
  const head = { head: 'levels', horizon: 1, classes: 2, edges: [1], centres: [0.5, 2], ends: [0, 3] } as const
  // Probabilities 1/4 and 3/4: mean .125 + 1.5. The median: from 1 at .25 to 3 at 1, a third of the way.
  const outputs = Float64Array.of(0, Math.log(3))
  const { values, quantiles } = decodePaths(head, outputs, 0, { centre: 0, scale: 1 }, 1, [0.125, 0.5])
  expect(values[0]).toBeCloseTo(1.625, 12)
  expect(quantiles[0]![0]).toBeCloseTo(0.5, 12)
  expect(quantiles[1]![0]).toBeCloseTo(1 + 2 / 3, 12)
})

test('the probability of reaching a threshold never falls with more steps', () => {
  // Odds 1, 1/3, 3: probabilities 1/2, 1/4, 3/4.
  const outputs = Float64Array.of(0, 0, Math.log(3), 0, 0, Math.log(3))
  expect([...exceedanceProbabilities(outputs, 0, 3)].map((p) => Number(p.toFixed(12)))).toEqual([0.5, 0.5, 0.75])
})
