// Loops over vectors and over the rows of matrices.

import { bytes, exp, put, sigmoid, tanh } from './vector-math'

// x[i,:] = row
export function setRows(rows: i32, columns: i32, row: i32, x: i32): void {
  const size = bytes(columns)
  let target = bytes(x)
  for (let i = 0; i < rows; i++) {
    let o: usize = 0
    for (; o + 16 <= size; o += 16) v128.store(target + o, v128.load(bytes(row) + o))
    if (o < size) put(target + o, v128.load(bytes(row) + o), size - o)
    target += size
  }
}

// sums (=|+=) sum over i of x[i,:]; row i of x starts at x + i stride
export function columnSums(rows: i32, columns: i32, x: i32, stride: i32, sums: i32, accumulate: i32): void {
  const size = bytes(columns)
  if (!accumulate) memory.fill(bytes(sums), 0, size)
  for (let i = 0; i < rows; i++) {
    const p = bytes(x + i * stride)
    let o: usize = 0
    for (; o + 16 <= size; o += 16) {
      v128.store(bytes(sums) + o, f32x4.add(v128.load(bytes(sums) + o), v128.load(p + o)))
    }
    if (o < size) put(bytes(sums) + o, f32x4.add(v128.load(bytes(sums) + o), v128.load(p + o)), size - o)
  }
}

@inline
function activated(kind: i32, x: v128): v128 {
  if (kind == 1) return f32x4.pmax(x, f32x4.splat(0))
  if (kind == 2) return tanh(x)
  return kind == 3 ? sigmoid(x) : exp(x)
}

// x = f(x), in place. Kinds: 1 relu, 2 tanh, 3 sigmoid, 4 exp.
export function activate(kind: i32, n: i32, x: i32): void {
  if (kind == 0) return
  const p = bytes(x)
  const end = p + bytes(n)
  let o = p
  if (kind == 1) for (; o + 16 <= end; o += 16) v128.store(o, activated(1, v128.load(o)))
  if (kind == 2) for (; o + 16 <= end; o += 16) v128.store(o, activated(2, v128.load(o)))
  if (kind == 3) for (; o + 16 <= end; o += 16) v128.store(o, activated(3, v128.load(o)))
  if (kind == 4) for (; o + 16 <= end; o += 16) v128.store(o, activated(4, v128.load(o)))
  if (o < end) put(o, activated(kind, v128.load(o)), end - o)
}

// d f'(x), with f' written in y = f(x): relu y > 0 (a mask, since 0 times an overflowed gradient would not be 0), tanh
// 1 - y^2, sigmoid y (1 - y), exp y.
@inline
function sloped(kind: i32, d: v128, y: v128): v128 {
  const one = f32x4.splat(1)
  if (kind == 1) return v128.and(d, f32x4.gt(y, f32x4.splat(0)))
  if (kind == 2) return f32x4.mul(d, f32x4.sub(one, f32x4.mul(y, y)))
  return kind == 3 ? f32x4.mul(d, f32x4.mul(y, f32x4.sub(one, y))) : f32x4.mul(d, y)
}

// d = d f'(x), in place.
export function activationGradient(kind: i32, n: i32, y: i32, d: i32): void {
  if (kind == 0) return
  const size = bytes(n)
  const value = bytes(y)
  const p = bytes(d)
  let o: usize = 0
  if (kind == 1) for (; o + 16 <= size; o += 16) v128.store(p + o, sloped(1, v128.load(p + o), v128.load(value + o)))
  if (kind == 2) for (; o + 16 <= size; o += 16) v128.store(p + o, sloped(2, v128.load(p + o), v128.load(value + o)))
  if (kind == 3) for (; o + 16 <= size; o += 16) v128.store(p + o, sloped(3, v128.load(p + o), v128.load(value + o)))
  if (kind == 4) for (; o + 16 <= size; o += 16) v128.store(p + o, sloped(4, v128.load(p + o), v128.load(value + o)))
  if (o < size) put(p + o, sloped(kind, v128.load(p + o), v128.load(value + o)), size - o)
}

@inline
function bent(shift: v128, y: v128, d: v128, r: v128): v128 {
  return f32x4.mul(f32x4.add(shift, f32x4.mul(f32x4.splat(-2), y)), f32x4.mul(d, r))
}

// q += d (f''/f')(x) r, the curvature term of the R-operator: tanh -2 y d r, sigmoid (1 - 2 y) d r.
export function activationCurvature(kind: i32, n: i32, y: i32, d: i32, r: i32, q: i32): void {
  const size = bytes(n)
  const shift = f32x4.splat(kind == 3 ? 1 : 0)
  const value = bytes(y)
  const p = bytes(q)
  let o: usize = 0
  for (; o + 16 <= size; o += 16) {
    const term = bent(shift, v128.load(value + o), v128.load(bytes(d) + o), v128.load(bytes(r) + o))
    v128.store(p + o, f32x4.add(v128.load(p + o), term))
  }
  if (o >= size) return
  const term = bent(shift, v128.load(value + o), v128.load(bytes(d) + o), v128.load(bytes(r) + o))
  put(p + o, f32x4.add(v128.load(p + o), term), size - o)
}

// y = alpha x
export function scale(n: i32, alpha: f32, x: i32, y: i32): void {
  const size = bytes(n)
  const factor = f32x4.splat(alpha)
  let o: usize = 0
  for (; o + 16 <= size; o += 16) v128.store(bytes(y) + o, f32x4.mul(factor, v128.load(bytes(x) + o)))
  if (o < size) put(bytes(y) + o, f32x4.mul(factor, v128.load(bytes(x) + o)), size - o)
}

// y = y + alpha x
export function addScaled(n: i32, alpha: f32, x: i32, y: i32): void {
  const size = bytes(n)
  const factor = f32x4.splat(alpha)
  const p = bytes(y)
  let o: usize = 0
  for (; o + 16 <= size; o += 16) {
    v128.store(p + o, f32x4.add(v128.load(p + o), f32x4.mul(factor, v128.load(bytes(x) + o))))
  }
  if (o < size) put(p + o, f32x4.add(v128.load(p + o), f32x4.mul(factor, v128.load(bytes(x) + o))), size - o)
}

// z = y + alpha a x, elementwise
export function addProduct(n: i32, alpha: f32, a: i32, x: i32, y: i32, z: i32): void {
  const size = bytes(n)
  const factor = f32x4.splat(alpha)
  let o: usize = 0
  for (; o + 16 <= size; o += 16) {
    const product = f32x4.mul(v128.load(bytes(a) + o), v128.load(bytes(x) + o))
    v128.store(bytes(z) + o, f32x4.add(v128.load(bytes(y) + o), f32x4.mul(factor, product)))
  }
  if (o >= size) return
  const product = f32x4.mul(v128.load(bytes(a) + o), v128.load(bytes(x) + o))
  put(bytes(z) + o, f32x4.add(v128.load(bytes(y) + o), f32x4.mul(factor, product)), size - o)
}

// z[i,:] (=|+=) mask[i mod maskRows,:] x[i,:], where there is a mask (maskRows > 0); with `signed` the sign of x, +1 for 0.
export function present(
  rows: i32,
  columns: i32,
  signed: i32,
  maskRows: i32,
  mask: i32,
  x: i32,
  xStride: i32,
  z: i32,
  zStride: i32,
  accumulate: i32,
): void {
  const size = bytes(columns)
  const one = f32x4.splat(1)
  const zero = f32x4.splat(0)
  for (let i = 0; i < rows; i++) {
    const factors = maskRows > 0 ? bytes(mask) + <usize>(i % maskRows) * size : 0
    const source = bytes(x + i * xStride)
    const target = bytes(z + i * zStride)
    for (let o: usize = 0; o < size; o += 16) {
      let value = v128.load(source + o)
      if (signed) value = v128.bitselect(one, f32x4.neg(one), f32x4.ge(value, zero))
      if (maskRows > 0) value = f32x4.mul(value, v128.load(factors + o))
      if (accumulate) value = f32x4.add(v128.load(target + o), value)
      put(target + o, value, size - o)
    }
  }
}
