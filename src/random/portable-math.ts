const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** Which of the two words holds sign, exponent and the high part of the mantissa. */
const high = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

const ln2High = 6.9314718036912381649e-1
const ln2Low = 1.90821492927058770002e-10
const sqrtHalf = 0.7071067811865476
const smallestNormal = 2.2250738585072014e-308

/**
 * Natural logarithm from `+ - * /` only, so that every engine gives the same bits: `Math.log` differs between
 * engines, and a schedule must not. Within 4.5e-16 relative of `Math.log` on normal numbers.
 *
 * @param x - a number >= 0; zero and subnormals count as the smallest normal number, 2^-1022, so that comparisons
 * between schedules stay finite (a free schedule then beats every paid one)
 */
export function ln(x: number): number {
  if (!(x < Infinity)) return x
  bits[0] = x < smallestNormal ? smallestNormal : x
  // x = 2^exponent * m with m in [1/2, 1); then m is brought into [sqrt(1/2), sqrt(2)) where the series is short.
  let exponent = ((words[high]! >>> 20) & 0x7ff) - 1022
  words[high] = (words[high]! & 0x800fffff) | 0x3fe00000
  let m = bits[0]
  if (m < sqrtHalf) {
    m += m
    exponent--
  }
  // ln m = 2 atanh(s), s = (m - 1) / (m + 1), |s| <= 0.1716; terms up to s^21 leave less than 1e-17.
  const s = (m - 1) / (m + 1)
  const z = s * s
  const tail =
    z *
    (1 / 3 +
      z *
        (1 / 5 +
          z *
            (1 / 7 +
              z * (1 / 9 + z * (1 / 11 + z * (1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21))))))))))
  return exponent * ln2High + (2 * s + (2 * s * tail + exponent * ln2Low))
}

const log2E = 1.4426950408889634
const largestExponent = 709.782712893384
const smallestExponent = -745.1332191019412

/**
 * The exponential function from `+ - * /` only, for the same reason as `ln`. Within 1e-15 relative of `Math.exp`
 * where the result is a normal number.
 *
 * @param x - any number; above 709.78 the result is Infinity, below -745.13 it is 0
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > largestExponent) return Infinity
  if (x < smallestExponent) return 0
  // x = exponent ln 2 + r with |r| <= 0.3466, where the series up to r^13 leaves less than 1e-17.
  const exponent = Math.round(x * log2E)
  const r = x - exponent * ln2High - exponent * ln2Low
  let series = 1
  for (let term = 13; term > 0; term--) series = 1 + (r * series) / term
  const half = Math.trunc(exponent / 2)
  return series * powerOfTwo(half) * powerOfTwo(exponent - half)
}

/**
 * exp(x) - 1 from `+ - * /` only, without the loss of digits near 0. Within 1e-15 relative of `Math.expm1`.
 */
export function expMinusOne(x: number): number {
  if (!(Math.abs(x) < 0.35)) return exp(x) - 1
  let series = 1
  for (let term = 14; term > 1; term--) series = 1 + (x * series) / term
  return x * series
}

/** 2^exponent for a whole exponent in [-1022, 1023]. */
function powerOfTwo(exponent: number): number {
  words[high] = (exponent + 1023) << 20
  words[1 - high] = 0
  return bits[0]!
}

/**
 * x^exponent with the same bits on every engine: by multiplications and a square root where the exponent is a multiple
 * of 1/2, else as exp(exponent ln x).
 *
 * @param x - a number > 0
 */
export function power(x: number, exponent: number): number {
  const halves = Math.abs(exponent) * 2
  if (!Number.isInteger(halves) || halves > 128) return exp(exponent * ln(x))
  let result = halves % 2 === 1 ? Math.sqrt(x) : 1
  for (let factor = 1; factor <= halves / 2; factor++) result *= x
  return exponent < 0 ? 1 / result : result
}
