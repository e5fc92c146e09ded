import { describe, expect, test } from 'vitest'
import { featureAverageWeights } from '../../../src/forecast/neural/feature-average.ts'

test('weights of short windows', () => {
  expect([...featureAverageWeights(1)]).toEqual([1])
  expect([...featureAverageWeights(2)]).toEqual([0.5, 0.5])
  // exp(0), exp(1), exp(0) over 2 + e = 4.718282
  const [first, second, third] = featureAverageWeights(3)
  expect(first).toBeCloseTo(1 / 4.718281828, 9)
  expect(second).toBeCloseTo(2.718281828 / 4.718281828, 9)
  expect(third).toBe(first)
})

describe.each([176, 177, 178, 179, 1419, 1420, 5000])('a window of %i steps', (steps) => {
  const weights = featureAverageWeights(steps)

  test('has finite weights that sum to 1 and are symmetric', () => {
    expect(weights.every(Number.isFinite)).toBe(true)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    expect([...weights].reverse()).toEqual([...weights])
  })

  test('has its mass in the middle, as the series 1, 1/e, 1/e^2, ... says', () => {
    // Odd: 1 / (1 + 2 / (e - 1)) = .4621; even, two middles: (1 - 1/e) / 2 = .3161
    expect(Math.max(...weights)).toBeCloseTo(steps % 2 === 1 ? 0.46212 : 0.31606, 5)
    const effective = 1 / weights.reduce((sum, weight) => sum + weight * weight, 0)
    expect(effective).toBeCloseTo(steps % 2 === 1 ? 3.56632 : 4.32808, 3)
  })
})

test('as the formula is written it overflows where the stable form does not', () => {
  const literal = (steps: number): number => {
    const terms = Array.from({ length: steps }, (_, k) => Math.exp(Math.min(k, steps - 1 - k)))
    return terms[0]! / terms.reduce((sum, term) => sum + term, 0)
  }
  expect(literal(1419)).toBeGreaterThan(0)
  // exp(709) is finite, the sum of two of them and their neighbours is not.
  expect(literal(1421)).toBe(0)
  expect(featureAverageWeights(1421)[710]).toBeCloseTo(0.46212, 5)
})

test('a larger tau widens the average, up to the plain mean', () => {
  expect(Math.max(...featureAverageWeights(24, 4))).toBeLessThan(Math.max(...featureAverageWeights(24)))
  for (const weight of featureAverageWeights(24, Infinity)) expect(weight).toBeCloseTo(1 / 24, 12)
})
