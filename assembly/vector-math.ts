// Four numbers at a time: the exponential and the two squashing functions of the networks. Pure WebAssembly arithmetic,
// so every engine gives the same bits.

// Into [low, high]; NaN stays NaN. The pseudo-minimum is one instruction where the minimum of the standard is six.
@inline
export function clamp(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(high)), f32x4.splat(low))
}

// exp after Cephes: x = n ln 2 + r with |r| <= ln 2 / 2, a polynomial of degree 7 in r, then the exponent n. Adding
// 1.5 2^23 rounds to a whole number and leaves it in the low bits. Relative error below 2e-7 in [-87, 88], clamped outside.
@inline
export function exp(x: v128): v128 {
  const magic = f32x4.splat(12582912)
  const clamped = clamp(x, -87, 88)
  const shifted = f32x4.add(f32x4.mul(clamped, f32x4.splat(1.44269504088896341)), magic)
  const n = f32x4.sub(shifted, magic)
  // ln 2 in two parts, so that n ln 2 is subtracted almost exactly.
  let r = f32x4.sub(clamped, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.1219444e-4)))
  let p = f32x4.splat(1.98756915e-4)
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1))
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1))
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1.0))
  // Into the exponent field: what stands above the low 9 bits falls out of the shift.
  return i32x4.add(p, i32x4.shl(shifted, 23))
}

@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1)
  return f32x4.div(one, f32x4.add(one, exp(f32x4.neg(x))))
}

// tanh as a quotient of polynomials of degree 13 and 6 (the coefficients of Eigen), which cancels nowhere. Relative error
// below 4e-7; beyond 7.9053 the nearest 32-bit value is 1.
@inline
export function tanh(x: v128): v128 {
  const c = clamp(x, -7.90531110763549805, 7.90531110763549805)
  const x2 = f32x4.mul(c, c)
  let p = f32x4.splat(-2.76076847742355e-16)
  p = f32x4.add(f32x4.mul(p, x2), f32x4.splat(2.00018790482477e-13))
  p = f32x4.add(f32x4.mul(p, x2), f32x4.splat(-8.60467152213735e-11))
  p = f32x4.add(f32x4.mul(p, x2), f32x4.splat(5.12229709037114e-8))
  p = f32x4.add(f32x4.mul(p, x2), f32x4.splat(1.48572235717979e-5))
  p = f32x4.add(f32x4.mul(p, x2), f32x4.splat(6.37261928875436e-4))
  p = f32x4.add(f32x4.mul(p, x2), f32x4.splat(4.89352455891786e-3))
  let q = f32x4.splat(1.19825839466702e-6)
  q = f32x4.add(f32x4.mul(q, x2), f32x4.splat(1.18534705686654e-4))
  q = f32x4.add(f32x4.mul(q, x2), f32x4.splat(2.2684346324390e-3))
  q = f32x4.add(f32x4.mul(q, x2), f32x4.splat(4.89352518554385e-3))
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
