import { describe, expect, test } from 'vitest'
import { exponential, gamma, normal, pareto } from '../../src/random/distributions.ts'
import { createRng, type Rng } from '../../src/random/rng.ts'

/** A source that gives the listed numbers. */
function scripted(...numbers: readonly number[]): Rng {
  const rest = [...numbers]
  const draw = (): number => {
    const next = rest.shift()
    if (next === undefined) throw new Error('More numbers were drawn than were listed.')
    return next
  }
  return Object.assign(draw, { state: () => ({ s0: 0, s1: 0, s2: 0, c: rest.length }) })
}

const drawCount = 40_000

function moments(draw: (rng: Rng) => number): { mean: number; deviation: number; values: number[] } {
  const rng = createRng('moments')
  const values = Array.from({ length: drawCount }, () => draw(rng))
  const mean = values.reduce((sum, x) => sum + x, 0) / drawCount
  const variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (drawCount - 1)
  return { mean, deviation: Math.sqrt(variance), values }
}

describe('by hand', () => {
  test('exponential: -mean ln(1 - u)', () => {
    expect(exponential(scripted(0), 3)).toBeCloseTo(0, 15)
    // 2 ln 2 = 1.386294361...
    expect(exponential(scripted(0.5), 2)).toBeCloseTo(1.3862943611198906, 14)
  })

  test('pareto: min / (1 - u)^(1 / shape)', () => {
    expect(pareto(scripted(0), 5, 2)).toBe(5)
    // 2 / sqrt(1/4) = 4
    expect(pareto(scripted(0.75), 2, 2)).toBeCloseTo(4, 14)
  })

  test('normal: a point outside the unit circle is drawn anew', () => {
    // (0.9, 0.9) and the centre are refused; then x = 0.5, y = 0, square = 0.25: 0.5 sqrt(-2 ln 0.25 / 0.25) = 1.66510922...
    expect(normal(scripted(0.95, 0.95, 0.5, 0.5, 0.75, 0.5), 10, 2)).toBeCloseTo(10 + 2 * 1.6651092223153954, 12)
  })
})

/** Four standard errors of a mean, which a right generator leaves once in 16 000 seeds. */
function fourErrors(deviation: number): number {
  return (4 * deviation) / Math.sqrt(drawCount)
}

describe('moments of 40 000 seeded draws', () => {
  test('exponential of mean 3: deviation 3', () => {
    const { mean, deviation, values } = moments((rng) => exponential(rng, 3))
    expect(Math.abs(mean - 3)).toBeLessThan(fourErrors(3))
    expect(Math.abs(deviation - 3)).toBeLessThan(0.1)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  })

  test('normal(5, 2): 68.27 % within one deviation', () => {
    const { mean, deviation, values } = moments((rng) => normal(rng, 5, 2))
    expect(Math.abs(mean - 5)).toBeLessThan(fourErrors(2))
    expect(Math.abs(deviation - 2)).toBeLessThan(0.05)
    const within = values.filter((x) => Math.abs(x - 5) < 2).length / drawCount
    expect(Math.abs(within - 0.6827)).toBeLessThan(fourErrors(Math.sqrt(0.6827 * 0.3173)))
  })

  test('pareto(1, 3): mean 3/2, deviation sqrt(3)/2, an eighth above 2', () => {
    const { mean, values } = moments((rng) => pareto(rng, 1, 3))
    expect(Math.abs(mean - 1.5)).toBeLessThan(fourErrors(Math.sqrt(0.75)))
    expect(Math.min(...values)).toBeGreaterThanOrEqual(1)
    expect(Math.abs(values.filter((x) => x > 2).length / drawCount - 1 / 8)).toBeLessThan(fourErrors(Math.sqrt(7 / 64)))
  })

  test.each([
    [4, 0.5],
    [1, 3],
    [0.3, 2],
  ])('gamma of shape %f and scale %f: mean shape scale, deviation sqrt(shape) scale', (shape, scale) => {
    const { mean, deviation, values } = moments((rng) => gamma(rng, shape, scale))
    const expected = Math.sqrt(shape) * scale
    expect(Math.abs(mean - shape * scale)).toBeLessThan(fourErrors(expected))
    expect(Math.abs(deviation / expected - 1)).toBeLessThan(0.05)
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  })
})

test('the same bits on every engine: pinned draws of seed 7', () => {
  const rng = createRng(7)
  expect([exponential(rng, 1), pareto(rng, 1, 1.5), normal(rng, 0, 1), gamma(rng, 2.5, 1), gamma(rng, 0.5, 1)]).toEqual(
    [0.4534929778595085, 1.0052887357180251, -1.3710527721008636, 0.9238537056878761, 0.0678293621755135],
  )
})
