import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exp, expMinusOne, ln, power } from '../../src/random/portable-math.ts'

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

describe('exp', () => {
  test('is exact where the exponential is', () => {
    expect(exp(0)).toBe(1)
    expect(exp(-0)).toBe(1)
    expect(exp(-Infinity)).toBe(0)
    expect(exp(Infinity)).toBe(Infinity)
    expect(exp(Number.NaN)).toBeNaN()
  })

  test('is within 1e-15 relative of Math.exp wherever the result is a normal number', () => {
    const exponent = fc.oneof(
      fc.double({ min: -708, max: 709.7, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(exponent, (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(1e-15)
      }),
      { numRuns: 20_000 },
    )
  })

  test('at every multiple of ln 2 and half way between, where the range changes', () => {
    for (let half = -2042; half <= 2046; half++) {
      const x = (half / 2) * Math.LN2
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThanOrEqual(1e-15)
    }
  })

  test('goes over into Infinity, subnormals and 0 where Math.exp does', () => {
    expect(exp(709.782712893384)).toBeLessThan(Infinity)
    expect(exp(709.79)).toBe(Infinity)
    expect(exp(-745.2)).toBe(0)
    for (const x of [-708.5, -720, -740, -745])
      expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(Number.MIN_VALUE + 1e-15 * Math.exp(x))
  })
})

describe('power', () => {
  test('multiplies and takes one root where the exponent is a multiple of 1/2', () => {
    expect(power(1.7, 0)).toBe(1)
    expect(power(1.7, 1)).toBe(1.7)
    expect(power(1.7, 2)).toBe(1.7 * 1.7)
    expect(power(4, 1.5)).toBe(8)
    expect(power(4, -0.5)).toBe(0.5)
    expect(power(2, -3)).toBe(0.125)
  })

  test('is near Math.pow elsewhere', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -5, max: 5, noNaN: true }),
        (x, exponent) => {
          expect(Math.abs(power(x, exponent) / x ** exponent - 1)).toBeLessThanOrEqual(1e-14)
        },
      ),
    )
  })
})

describe('expMinusOne', () => {
  test('is exact at 0, and goes to its ends', () => {
    expect([expMinusOne(0), expMinusOne(-800), expMinusOne(800), expMinusOne(Number.NaN)]).toEqual([
      0,
      -1,
      Infinity,
      Number.NaN,
    ])
  })

  test('is within 1e-15 relative of Math.expm1, from the smallest number to the largest exponent', () => {
    const size = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 700, noNaN: true }),
      fc.constantFrom(1e-300, 0.35, 0.3499999999999999),
    )
    fc.assert(
      fc.property(size, fc.constantFrom(1, -1), (x, sign) => {
        const exact = Math.expm1(sign * x)
        expect(Math.abs(expMinusOne(sign * x) - exact)).toBeLessThanOrEqual(1e-15 * Math.abs(exact))
      }),
      { numRuns: 5000 },
    )
  })
})
