import { describe, expect, test } from 'vitest'
import { createRng } from '../../src/random/rng.ts'
import { type Distribution, isDistribution, pickByWeight, sample } from '../../src/workload/distribution.ts'

const drawCount = 20_000

function draws(distribution: Distribution): number[] {
  const rng = createRng('draws')
  return Array.from({ length: drawCount }, () => sample(distribution, rng))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length
}

describe('sample', () => {
  test('constant', () => {
    expect(new Set(draws({ kind: 'constant', value: 7 }))).toEqual(new Set([7]))
  })

  test('uniform: mean (2 + 10) / 2 = 6, deviation 8 / sqrt(12) = 2.309', () => {
    const values = draws({ kind: 'uniform', min: 2, max: 10 })
    expect(Math.abs(mean(values) - 6)).toBeLessThan((4 * 2.309) / Math.sqrt(drawCount))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(2)
    expect(Math.max(...values)).toBeLessThan(10)
  })

  test('whole: each of 3, 4, 5, 6 in a quarter of the draws', () => {
    const values = draws({ kind: 'whole', min: 3, max: 6 })
    for (const value of [3, 4, 5, 6]) {
      const share = values.filter((x) => x === value).length / drawCount
      expect(Math.abs(share - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / drawCount))
    }
  })

  test('normal: what falls outside goes to the nearer end', () => {
    const values = draws({ kind: 'normal', mean: 0, deviation: 1, min: -1, max: 2 })
    expect(Math.min(...values)).toBe(-1)
    expect(Math.max(...values)).toBe(2)
    // P(X < -1) = 0.1587, P(X > 2) = 0.0228
    expect(Math.abs(values.filter((x) => x === -1).length / drawCount - 0.1587)).toBeLessThan(0.011)
    expect(Math.abs(values.filter((x) => x === 2).length / drawCount - 0.0228)).toBeLessThan(0.005)
  })

  test('exponential', () => {
    expect(Math.abs(mean(draws({ kind: 'exponential', mean: 5 })) - 5)).toBeLessThan(20 / Math.sqrt(drawCount))
  })

  test('pareto: median min 2^(1 / shape), cut at max', () => {
    const values = draws({ kind: 'pareto', min: 10, shape: 1, max: 100 }).sort((a, b) => a - b)
    expect(values[0]).toBeGreaterThanOrEqual(10)
    expect(values.at(-1)).toBe(100)
    expect(Math.abs(values[drawCount / 2]! - 20)).toBeLessThan(0.6)
  })

  test('mixture: parts by weight, 3 : 1', () => {
    const values = draws({
      kind: 'mixture',
      parts: [
        { weight: 3, of: { kind: 'constant', value: 1 } },
        { weight: 1, of: { kind: 'constant', value: 2 } },
      ],
    })
    expect(Math.abs(mean(values) - 1.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / drawCount))
  })
})

test('pickByWeight gives every item by its share, and the last one at the end of the range', () => {
  const rng = createRng('weights')
  const counts = [0, 0, 0]
  for (let draw = 0; draw < drawCount; draw++)
    counts[pickByWeight(rng, [{ weight: 1 }, { weight: 2 }, { weight: 1 }])]!++
  expect(Math.abs(counts[1]! / drawCount - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / drawCount))
  expect(Math.abs(counts[0]! / drawCount - 0.25)).toBeLessThan(4 * Math.sqrt(0.1875 / drawCount))
})

test.each<[string, unknown]>([
  ['no object', 3],
  ['null', null],
  ['no known kind', { kind: 'gauss', min: 1, max: 2 }],
  ['max below min', { kind: 'uniform', min: 2, max: 1 }],
  ['below the limit', { kind: 'uniform', min: -1, max: 1 }],
  ['not finite', { kind: 'uniform', min: 0, max: Infinity }],
  ['broken whole numbers', { kind: 'whole', min: 0.5, max: 2 }],
  ['negative deviation', { kind: 'normal', mean: 1, deviation: -1, min: 0, max: 2 }],
  ['negative mean', { kind: 'exponential', mean: -1 }],
  ['pareto from 0', { kind: 'pareto', min: 0, shape: 1 }],
  ['pareto without shape', { kind: 'pareto', min: 1 }],
  ['no parts', { kind: 'mixture', parts: [] }],
  ['a part without weight', { kind: 'mixture', parts: [{ of: { kind: 'constant', value: 1 } }] }],
  ['a part that is no distribution', { kind: 'mixture', parts: [{ weight: 1, of: { kind: 'constant' } }] }],
])('%s is refused', (_, value) => {
  expect(isDistribution(value, 0)).toBe(false)
})
