// Four numbers at a time: the exponential and the two squashing functions of the networks. Pure WebAssembly arithmetic,
// so every engine gives the same bits.

// Constants stand in memory: a load each, where engines build a constant vector anew, out of several instructions, in each
// round of a loop.
@inline
function number(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2))
}

// Into [low, high]; NaN stays NaN. The pseudo-minimum is one instruction where the minimum of the standard is six.
@inline
export function clamp(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, high), low)
}

// The limits, 1.5 2^23, 1 / ln 2, ln 2 in two parts, the coefficients from the highest down, 1.
const ofExp = memory.data<f32>([
  -87, 88, 12582912, 1.44269504088896341, 0.693359375, -2.1219444e-4, 1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3,
  4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1, 1,
])

// exp after Cephes: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial of degree 7 in r, then the exponent n. Adding
// 1.5 2^23 rounds to a whole number and leaves it in the low bits. Relative error below 2e-7 in [-87, 88], clamped outside.
@inline
export function exp(x: v128): v128 {
  const magic = number(ofExp, 2)
  const clamped = clamp(x, number(ofExp, 0), number(ofExp, 1))
  const shifted = f32x4.add(f32x4.mul(clamped, number(ofExp, 3)), magic)
  const n = f32x4.sub(shifted, magic)
  // ln 2 in two parts, so that n ln 2 is subtracted almost exactly.
  let r = f32x4.sub(clamped, f32x4.mul(n, number(ofExp, 4)))
  r = f32x4.sub(r, f32x4.mul(n, number(ofExp, 5)))
  let p = number(ofExp, 6)
  p = f32x4.add(f32x4.mul(p, r), number(ofExp, 7))
  p = f32x4.add(f32x4.mul(p, r), number(ofExp, 8))
  p = f32x4.add(f32x4.mul(p, r), number(ofExp, 9))
  p = f32x4.add(f32x4.mul(p, r), number(ofExp, 10))
  p = f32x4.add(f32x4.mul(p, r), number(ofExp, 11))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), number(ofExp, 12))
  // Into the exponent field: what stands above the low 9 bits falls out of the shift.
  return i32x4.add(p, i32x4.shl(shifted, 23))
}

@inline
export function sigmoid(x: v128): v128 {
  const one = number(ofExp, 12)
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))))
}

// The limits, then the coefficients of numerator and denominator from the highest down.
const ofTanh = memory.data<f32>([
  -7.90531110763549805, 7.90531110763549805, -2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11,
  5.12229709037114e-8, 1.48572235717979e-5, 6.37261928875436e-4, 4.89352455891786e-3, 1.19825839466702e-6,
  1.18534705686654e-4, 2.2684346324390e-3, 4.89352518554385e-3,
])

// tanh as a quotient of polynomials of degree 13 and 6 (the coefficients of Eigen), which cancels nowhere. Relative error
// below 4e-7; beyond 7.9053 the nearest 32-bit value is 1.
@inline
export function tanh(x: v128): v128 {
  const c = clamp(x, number(ofTanh, 0), number(ofTanh, 1))
  const x2 = f32x4.mul(c, c)
  let p = number(ofTanh, 2)
  p = f32x4.add(f32x4.mul(p, x2), number(ofTanh, 3))
  p = f32x4.add(f32x4.mul(p, x2), number(ofTanh, 4))
  p = f32x4.add(f32x4.mul(p, x2), number(ofTanh, 5))
  p = f32x4.add(f32x4.mul(p, x2), number(ofTanh, 6))
  p = f32x4.add(f32x4.mul(p, x2), number(ofTanh, 7))
  p = f32x4.add(f32x4.mul(p, x2), number(ofTanh, 8))
  let q = number(ofTanh, 9)
  q = f32x4.add(f32x4.mul(q, x2), number(ofTanh, 10))
  q = f32x4.add(f32x4.mul(q, x2), number(ofTanh, 11))
  q = f32x4.add(f32x4.mul(q, x2), number(ofTanh, 12))
  return f32x4.div(f32x4.mul(p, c), q)
}

// Reads may run past the end of an array, since every allocation is padded; writes may not. `left` counts bytes.
@inline
export function put(target: usize, value: v128, left: usize): void {
  if (left >= 16) v128.store(target, value)
  else putPart(target, value, left)
}

function putPart(target: usize, value: v128, left: usize): void {
  v128.store32_lane(target, value, 0)
  if (left > 4) v128.store32_lane(target, value, 1, 4)
  if (left > 8) v128.store32_lane(target, value, 2, 8)
}

// Arguments of the exported functions count 32-bit numbers, pointers inside count bytes.
@inline
export function bytes(numbers: i32): usize {
  return (<usize>numbers) << 2
}
