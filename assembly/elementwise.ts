// Loops over vectors and over the rows of matrices.

import { bytes, exp, put, sigmoid, tanh } from './vector-math'

// x[i,:] = row
export function setRows(rows: i32, columns: i32, row: i32, x: i32): void {
  const size = bytes(columns)
  let target = bytes(x)
  for (let i = 0; i < rows; i++) {
    for (let o: usize = 0; o < size; o += 16) put(target + o, v128.load(bytes(row) + o), size - o)
    target += size
  }
}

// sums (=|+=) sum over i of x[i,:]; row i of x starts at x + i stride
export function columnSums(rows: i32, columns: i32, x: i32, stride: i32, sums: i32, accumulate: i32): void {
  const size = bytes(columns)
  if (!accumulate) memory.fill(bytes(sums), 0, size)
  for (let o: usize = 0; o < size; o += 16) {
    let p = bytes(x) + o
    let sum = v128.load(bytes(sums) + o)
    for (let i = 0; i < rows; i++) {
      sum = f32x4.add(sum, v128.load(p))
      p += bytes(stride)
    }
    put(bytes(sums) + o, sum, size - o)
  }
}

// x = f(x), in place. Kinds: 1 relu, 2 tanh, 3 sigmoid, 4 exp.
export function activate(kind: i32, n: i32, x: i32): void {
  const size = bytes(n)
  const p = bytes(x)
  const zero = f32x4.splat(0)
  if (kind == 1) for (let o: usize = 0; o < size; o += 16) put(p + o, f32x4.pmax(zero, v128.load(p + o)), size - o)
  if (kind == 2) for (let o: usize = 0; o < size; o += 16) put(p + o, tanh(v128.load(p + o)), size - o)
  if (kind == 3) for (let o: usize = 0; o < size; o += 16) put(p + o, sigmoid(v128.load(p + o)), size - o)
  if (kind == 4) for (let o: usize = 0; o < size; o += 16) put(p + o, exp(v128.load(p + o)), size - o)
}

// d = d f'(x), with f' written in y = f(x): relu y > 0, tanh 1 - y^2, sigmoid y (1 - y).
export function activationGradient(kind: i32, n: i32, y: i32, d: i32): void {
  const size = bytes(n)
  const zero = f32x4.splat(0)
  const one = f32x4.splat(1)
  for (let o: usize = 0; o < size; o += 16) {
    const p = bytes(d) + o
    const value = v128.load(bytes(y) + o)
    let slope = one
    if (kind == 2) slope = f32x4.sub(one, f32x4.mul(value, value))
    if (kind == 3) slope = f32x4.mul(value, f32x4.sub(one, value))
    // A mask, not a product: 0 times an overflowed gradient would not be 0.
    put(p, kind == 1 ? v128.and(v128.load(p), f32x4.gt(value, zero)) : f32x4.mul(v128.load(p), slope), size - o)
  }
}

// q += d (f''/f')(x) r, the curvature term of the R-operator: tanh -2 y d r, sigmoid (1 - 2 y) d r.
export function activationCurvature(kind: i32, n: i32, y: i32, d: i32, r: i32, q: i32): void {
  const size = bytes(n)
  const shift = f32x4.splat(kind == 3 ? 1 : 0)
  const minusTwo = f32x4.splat(-2)
  for (let o: usize = 0; o < size; o += 16) {
    const p = bytes(q) + o
    const bend = f32x4.add(shift, f32x4.mul(minusTwo, v128.load(bytes(y) + o)))
    const term = f32x4.mul(bend, f32x4.mul(v128.load(bytes(d) + o), v128.load(bytes(r) + o)))
    put(p, f32x4.add(v128.load(p), term), size - o)
  }
}

// y = alpha x
export function scale(n: i32, alpha: f32, x: i32, y: i32): void {
  const size = bytes(n)
  const factor = f32x4.splat(alpha)
  for (let o: usize = 0; o < size; o += 16) put(bytes(y) + o, f32x4.mul(factor, v128.load(bytes(x) + o)), size - o)
}

// y = y + alpha x
export function addScaled(n: i32, alpha: f32, x: i32, y: i32): void {
  const size = bytes(n)
  const factor = f32x4.splat(alpha)
  for (let o: usize = 0; o < size; o += 16) {
    const p = bytes(y) + o
    put(p, f32x4.add(v128.load(p), f32x4.mul(factor, v128.load(bytes(x) + o))), size - o)
  }
}

// z = y + alpha a x, elementwise
export function addProduct(n: i32, alpha: f32, a: i32, x: i32, y: i32, z: i32): void {
  const size = bytes(n)
  const factor = f32x4.splat(alpha)
  for (let o: usize = 0; o < size; o += 16) {
    const product = f32x4.mul(v128.load(bytes(a) + o), v128.load(bytes(x) + o))
    put(bytes(z) + o, f32x4.add(v128.load(bytes(y) + o), f32x4.mul(factor, product)), size - o)
  }
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
