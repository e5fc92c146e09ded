import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ln } from '../../src/random/portable-math.ts'

const bits = new Float64Array(1)
const whole = new BigInt64Array(bits.buffer)

/** The next double above a positive one. */
function nextUp(x: number): number {
  bits[0] = x
  whole[0]!++
  return bits[0]
}

const smallestNormal = 2 ** -1022
const magnitude = fc.double({ min: smallestNormal, max: Number.MAX_VALUE, noNaN: true })
const nearOne = fc.double({ min: 0.4, max: 3, noNaN: true })

describe('ln', () => {
  test('is exact where the logarithm is', () => {
    expect(ln(1)).toBe(0)
    expect(ln(Infinity)).toBe(Infinity)
    expect(ln(Number.NaN)).toBeNaN()
  })

  test('is within 5e-16 relative of Math.log over all magnitudes and near 1', () => {
    fc.assert(
      fc.property(fc.oneof(magnitude, nearOne), (x) => {
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(5e-16 * Math.abs(Math.log(x)))
      }),
      { numRuns: 20_000 },
    )
  })

  test('at every power of two', () => {
    for (let exponent = -1022; exponent <= 1023; exponent++) {
      const x = 2 ** exponent
      expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(5e-16 * Math.abs(Math.log(x)))
    }
  })

  test('never falls from one double to the next, also where the series changes', () => {
    const seams = [Math.SQRT1_2, Math.SQRT2, 0.5, 1, 2, 4 * Math.SQRT1_2, 1 - 2 ** -53]
    const walk = (start: number): void => {
      let x = start
      for (let step = 0; step < 20; step++) {
        const next = nextUp(x)
        expect(ln(next)).toBeGreaterThanOrEqual(ln(x))
        x = next
      }
    }
    for (const seam of seams) walk(seam * (1 - 2e-15))
    fc.assert(
      fc.property(
        fc.oneof(
          magnitude.filter((x) => x < 1e300),
          nearOne,
        ),
        walk,
      ),
      { numRuns: 1000 },
    )
  })

  test('zero, subnormals and what rounding leaves below zero count as the smallest normal number', () => {
    const least = ln(smallestNormal)
    expect(least).toBeCloseTo(-1022 * Math.LN2, 9)
    for (const x of [0, -0, Number.MIN_VALUE, 1e-310, -1e-20]) expect(ln(x)).toBe(least)
  })
})
