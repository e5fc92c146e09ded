const bits = new Float64Array(1)
const words = new Uint32Array(bits.buffer)
/** Which of the two words holds sign, exponent and the high part of the mantissa. */
const high = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? 1 : 0

const ln2High = 6.93147180369123816490e-1
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
