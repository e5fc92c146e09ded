import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { holm, meanInterval, pairedTTest, signedRankTest } from '../../src/experiment/index.ts'
import { studentCritical, studentTwoSided } from '../../src/experiment/student-t.ts'
import { createRng } from '../../src/random/rng.ts'

describe('Student t', () => {
  test('one degree of freedom is the Cauchy distribution: p = 1 - 2 atan(t) / pi', () => {
    for (const t of [0.1, 1, 3, 12.7, 1e4])
      expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 * Math.atan(t)) / Math.PI, 13)
  })

  test('two degrees of freedom: p = 1 - t / sqrt(2 + t^2)', () => {
    for (const t of [0.1, 1, 4.3, 100]) expect(studentTwoSided(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 13)
  })

  test('critical values of the printed tables', () => {
    // tan(0.475 pi) = 12.7062 for 1; 0.95 / sqrt(2 * 0.975 * 0.025) = 4.30265 for 2; the rest from the usual table.
    const table = [
      [0.95, 1, 12.7062],
      [0.95, 2, 4.30265],
      [0.95, 4, 2.7764],
      [0.95, 9, 2.2622],
      [0.95, 29, 2.0452],
      [0.99, 9, 3.2498],
      [0.9, 19, 1.7291],
      [0.95, 1e6, 1.96],
    ] as const
    for (const [confidence, df, expected] of table) expect(studentCritical(confidence, df)).toBeCloseTo(expected, 4)
  })

  test('the critical value is where the p-value says it is', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 1000 }),
        (confidence, df) => {
          expect(studentTwoSided(studentCritical(confidence, df), df)).toBeCloseTo(1 - confidence, 10)
        },
      ),
    )
  })
})

describe('meanInterval', () => {
  test('1..5: 3 -+ 2.7764 * 1.5811 / sqrt(5) = 3 -+ 1.9632', () => {
    const interval = meanInterval([1, 2, 3, 4, 5])!
    expect(interval.mean).toBe(3)
    expect(interval.deviation).toBeCloseTo(Math.sqrt(2.5), 12)
    expect(interval.low).toBeCloseTo(1.0368, 4)
    expect(interval.high).toBeCloseTo(4.9632, 4)
  })

  test('one value has no interval, none has no mean', () => {
    expect(meanInterval([7])).toEqual({ count: 1, mean: 7, deviation: null, low: null, high: null })
    expect(meanInterval([])).toBeNull()
  })

  test('covers the true mean in about 95 of 100 samples', () => {
    const rng = createRng('coverage')
    const trials = 2000
    let covered = 0
    for (let trial = 0; trial < trials; trial++) {
      // The sum of 12 uniform numbers is close to normal; its mean is 6.
      const sample = Array.from({ length: 5 }, () => Array.from({ length: 12 }, rng).reduce((sum, x) => sum + x, 0))
      const { low, high } = meanInterval(sample)!
      if (low! <= 6 && high! >= 6) covered++
    }
    expect(covered / trials).toBeGreaterThan(0.935)
    expect(covered / trials).toBeLessThan(0.965)
  })
})

/** Extra hours of sleep of ten patients under two drugs: A. R. Cushny and A. R. Peebles, in Student (Biometrika 6, 1908). */
const drugA = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
const drugB = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
const sleep = drugA.map((hours, patient) => hours - drugB[patient]!)

/** Depression scores before and after: M. Hollander and D. A. Wolfe, Nonparametric Statistical Methods (1973), table 3.1. */
const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3]
const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
const depression = before.map((score, patient) => score - after[patient]!)

describe('pairedTTest', () => {
  test('Student 1908: t = -4.0621 with 9 degrees of freedom, p = 0.002833; mean -1.58, interval -2.46 to -0.70', () => {
    const { t, degreesOfFreedom, p } = pairedTTest(sleep)!
    expect(t).toBeCloseTo(-4.0621, 4)
    expect(degreesOfFreedom).toBe(9)
    expect(p).toBeCloseTo(0.002833, 6)
    const { mean, low, high } = meanInterval(sleep)!
    expect(mean).toBeCloseTo(-1.58, 12)
    expect(low).toBeCloseTo(-2.4598858, 6)
    expect(high).toBeCloseTo(-0.7001142, 6)
  })

  test('is not defined without spread', () => {
    expect(pairedTTest([1])).toBeNull()
    expect(pairedTTest([2, 2, 2])).toBeNull()
  })
})

describe('signedRankTest', () => {
  test('Hollander and Wolfe: rank sum 40 of 45, exact p = 2 * 10 / 512', () => {
    // 40 or more of 45 = the ranks left out sum to 5 or less: {}, 1, 2, 3, 1+2, 4, 1+3, 5, 1+4, 2+3: 10 of 2^9 subsets.
    expect(signedRankTest(depression)).toEqual({ rankSum: 40, count: 9, p: 20 / 512, method: 'exact' })
  })

  test('all of one sign: p = 2 / 2^n', () => {
    expect(signedRankTest([1, 2, 3, 4, 5, 6]).p).toBe(2 / 64)
    expect(signedRankTest([-1, -1, -1, -1, -1, -1]).p).toBe(2 / 64)
  })

  test('differences of 0 say nothing', () => {
    expect(signedRankTest([0, 0, 0])).toEqual({ rankSum: 0, count: 0, p: 1, method: 'exact' })
    expect(signedRankTest([0, 1, 2, 3, 0, 4, 5, 6])).toEqual(signedRankTest([1, 2, 3, 4, 5, 6]))
  })

  test('equals counting all 2^n signs, ties included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (differences) => {
        const sizes = differences.filter((x) => x !== 0).map(Math.abs)
        const rank = (size: number) =>
          sizes.filter((x) => x < size).length + (sizes.filter((x) => x === size).length + 1) / 2
        const sumOf = (signs: number) => sizes.reduce((sum, size, i) => (signs & (1 << i) ? sum + rank(size) : sum), 0)
        const sums = Array.from({ length: 1 << sizes.length }, (_, signs) => sumOf(signs))
        const seen = differences.filter((x) => x > 0).reduce((sum, x) => sum + rank(x), 0)
        const share = (holds: (sum: number) => boolean) => sums.filter(holds).length / sums.length
        const expected = Math.min(
          1,
          2 *
            Math.min(
              share((sum) => sum <= seen),
              share((sum) => sum >= seen),
            ),
        )
        const { p, rankSum } = signedRankTest(differences)
        expect(rankSum).toBe(seen)
        expect(p).toBeCloseTo(expected, 12)
      }),
    )
  })

  test('the normal approximation meets the exact value where the one takes over from the other', () => {
    const rng = createRng('signed-rank')
    // The one difference more is the smallest of all: it says next to nothing.
    const differences = [...Array.from({ length: 100 }, () => rng() - 0.42), 1e-9]
    const normal = signedRankTest(differences)
    const exact = signedRankTest(differences.slice(0, 100))
    expect(normal.method).toBe('normal')
    expect(exact.method).toBe('exact')
    expect(Math.abs(normal.p - exact.p)).toBeLessThan(0.002)
    expect(normal.p).toBeLessThan(0.2)
  })
})

test('what is no sample is refused', () => {
  const notANumber = expect.objectContaining({ code: 'invalid-input', path: expect.stringContaining('[1]') })
  expect(() => meanInterval([1, Number.NaN])).toThrow(notANumber)
  expect(() => pairedTTest([1, Infinity])).toThrow(notANumber)
  expect(() => signedRankTest([1, Number.NaN])).toThrow(notANumber)
  for (const confidence of [0, 1, Number.NaN])
    expect(() => meanInterval([1, 2], confidence)).toThrow(/confidence must be/)
})

describe('holm', () => {
  test('by hand: 4 * 0.005, 3 * 0.01, 2 * 0.03, then no smaller than the one before', () => {
    // sorted 0.005, 0.01, 0.03, 0.04 -> 0.02, 0.03, 0.06, max(0.06, 1 * 0.04) = 0.06
    expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02])
  })

  test('never above 1', () => {
    expect(holm([0.6, 0.9])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})
