// One time step of recurrent cells, what is left of it beside the matrix products. Rows are those of a batch; the state
// before and after a step lie in rows `stride` apart, everything else is dense. `hard` takes the piecewise linear gate of
// Keras, max(0, min(1, x / 5 + 1/2)), for the logistic function.

import { bytes, clamp, put, sigmoid, tanh } from './vector-math'

@inline
function gate(x: v128, hard: i32): v128 {
  if (!hard) return sigmoid(x)
  const line = f32x4.add(f32x4.mul(f32x4.splat(0.2), x), f32x4.splat(0.5))
  return clamp(line, f32x4.splat(0), f32x4.splat(1))
}

// Derivative of the gate by its value.
@inline
function gateSlope(y: v128, hard: i32): v128 {
  const one = f32x4.splat(1)
  if (!hard) return f32x4.mul(y, f32x4.sub(one, y))
  return v128.and(f32x4.splat(0.2), v128.and(f32x4.gt(y, f32x4.splat(0)), f32x4.lt(y, one)))
}

@inline
function tanhSlope(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y))
}

// GRU with the reset gate after the product. `gates` comes in as W x + b, goes out as r, z, n; `sums` = U h; `inner` takes
// Un h + c; next = n + z (h - n).
export function gruAfter(
  batch: i32,
  units: i32,
  hard: i32,
  gates: i32,
  sums: i32,
  bias: i32,
  previous: i32,
  previousStride: i32,
  inner: i32,
  next: i32,
  nextStride: i32,
): void {
  const size = bytes(units)
  for (let i = 0; i < batch; i++) {
    const g = bytes(gates + 3 * i * units)
    const s = bytes(sums + 3 * i * units)
    const h = bytes(previous + i * previousStride)
    for (let o: usize = 0; o < size; o += 16) {
      const left = size - o
      const r = gate(f32x4.add(v128.load(g + o), v128.load(s + o)), hard)
      const z = gate(f32x4.add(v128.load(g + size + o), v128.load(s + size + o)), hard)
      const m = f32x4.add(v128.load(s + 2 * size + o), v128.load(bytes(bias) + o))
      const n = tanh(f32x4.add(v128.load(g + 2 * size + o), f32x4.mul(r, m)))
      put(g + o, r, left)
      put(g + size + o, z, left)
      put(g + 2 * size + o, n, left)
      put(bytes(inner + i * units) + o, m, left)
      put(bytes(next + i * nextStride) + o, f32x4.add(n, f32x4.mul(z, f32x4.sub(v128.load(h + o), n))), left)
    }
  }
}

// Its gradients: `carry` comes in as the gradient of the state from the step after it, goes out as the part of the
// gradient of the state before that passes by the products; `inner` goes out as the gradient of Un h + c.
export function gruAfterBackward(
  batch: i32,
  units: i32,
  hard: i32,
  stateGradient: i32,
  stride: i32,
  carry: i32,
  gates: i32,
  previous: i32,
  previousStride: i32,
  inner: i32,
  gateGradient: i32,
): void {
  const size = bytes(units)
  const one = f32x4.splat(1)
  for (let i = 0; i < batch; i++) {
    const g = bytes(gates + 3 * i * units)
    const dg = bytes(gateGradient + 3 * i * units)
    for (let o: usize = 0; o < size; o += 16) {
      const left = size - o
      const c = bytes(carry + i * units) + o
      const m = bytes(inner + i * units) + o
      const d = f32x4.add(v128.load(bytes(stateGradient + i * stride) + o), v128.load(c))
      const r = v128.load(g + o)
      const z = v128.load(g + size + o)
      const n = v128.load(g + 2 * size + o)
      const h = v128.load(bytes(previous + i * previousStride) + o)
      const dn = f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), tanhSlope(n))
      put(dg + size + o, f32x4.mul(f32x4.mul(d, f32x4.sub(h, n)), gateSlope(z, hard)), left)
      put(dg + o, f32x4.mul(f32x4.mul(dn, v128.load(m)), gateSlope(r, hard)), left)
      put(dg + 2 * size + o, dn, left)
      put(m, f32x4.mul(dn, r), left)
      put(c, f32x4.mul(d, z), left)
    }
  }
}

// GRU with the reset gate before the product, first part: `gates` takes r and z, `inner` takes r h.
export function gruGates(
  batch: i32,
  units: i32,
  hard: i32,
  gates: i32,
  sums: i32,
  previous: i32,
  previousStride: i32,
  inner: i32,
): void {
  const size = bytes(units)
  for (let i = 0; i < batch; i++) {
    const g = bytes(gates + 3 * i * units)
    const s = bytes(sums + 3 * i * units)
    for (let o: usize = 0; o < size; o += 16) {
      const left = size - o
      const r = gate(f32x4.add(v128.load(g + o), v128.load(s + o)), hard)
      const z = gate(f32x4.add(v128.load(g + size + o), v128.load(s + size + o)), hard)
      put(g + o, r, left)
      put(g + size + o, z, left)
      put(bytes(inner + i * units) + o, f32x4.mul(r, v128.load(bytes(previous + i * previousStride) + o)), left)
    }
  }
}

// Second part: the third column block of `sums` = Un (r h); `gates` takes n; next = n + z (h - n).
export function gruState(
  batch: i32,
  units: i32,
  gates: i32,
  sums: i32,
  previous: i32,
  previousStride: i32,
  next: i32,
  nextStride: i32,
): void {
  const size = bytes(units)
  for (let i = 0; i < batch; i++) {
    const g = bytes(gates + 3 * i * units)
    const s = bytes(sums + 3 * i * units)
    for (let o: usize = 0; o < size; o += 16) {
      const left = size - o
      const z = v128.load(g + size + o)
      const n = tanh(f32x4.add(v128.load(g + 2 * size + o), v128.load(s + 2 * size + o)))
      const h = v128.load(bytes(previous + i * previousStride) + o)
      put(g + 2 * size + o, n, left)
      put(bytes(next + i * nextStride) + o, f32x4.add(n, f32x4.mul(z, f32x4.sub(h, n))), left)
    }
  }
}

// n + z (h - n), with the sums of z at `sums` and those of n `size` after it.
@inline
function stateOf(sums: usize, size: usize, previous: usize): v128 {
  const z = sigmoid(v128.load(sums))
  const n = tanh(v128.load(sums + size))
  return f32x4.add(n, f32x4.mul(z, f32x4.sub(v128.load(previous), n)))
}

@inline
function signsOf(x: v128): i32 {
  return i32x4.bitmask(f32x4.ge(x, f32x4.splat(0)))
}

// One step of a GRU whose products see signs, for prediction: a reset gate before the product, being positive, changes no
// sign and is left out. `sums` = W x + b + U h of z and n; next = n + z (h - n), and `bits` takes its signs as packSigns does.
export function gruOfSigns(
  batch: i32,
  units: i32,
  sums: i32,
  previous: i32,
  previousStride: i32,
  next: i32,
  nextStride: i32,
  bits: i32,
): void {
  const size = bytes(units)
  const words = 2 * ((units + 63) >> 6)
  for (let i = 0; i < batch; i++) {
    const s = bytes(sums + 2 * i * units)
    const h = bytes(previous + i * previousStride)
    const target = bytes(next + i * nextStride)
    let word = bytes(bits + i * words)
    const end = word + bytes(words)
    for (let first: usize = 0; first < size; first += 128) {
      const limit = min(first + 128, size)
      let signs = 0
      let o = first
      // Two vectors at a time share what is loaded of constants.
      for (; o + 32 <= limit; o += 32) {
        const low = stateOf(s + o, size, h + o)
        const high = stateOf(s + o + 16, size, h + o + 16)
        v128.store(target + o, low)
        v128.store(target + o, high, 16)
        signs |= (signsOf(low) | (signsOf(high) << 4)) << (<i32>(o - first) >> 2)
      }
      for (; o < limit; o += 16) {
        const state = stateOf(s + o, size, h + o)
        put(target + o, state, size - o)
        signs |= signsOf(state) << (<i32>(o - first) >> 2)
      }
      // What lies past the end of the row is not ours.
      if (limit - first < 128) signs &= (1 << (<i32>(limit - first) >> 2)) - 1
      store<i32>(word, signs)
      word += 4
    }
    if (word < end) store<i32>(word, 0)
  }
}

// Gradients of the second part: those of z's and n's sums, and `carry` as in gruAfterBackward.
export function gruStateBackward(
  batch: i32,
  units: i32,
  hard: i32,
  stateGradient: i32,
  stride: i32,
  carry: i32,
  gates: i32,
  previous: i32,
  previousStride: i32,
  gateGradient: i32,
): void {
  const size = bytes(units)
  const one = f32x4.splat(1)
  for (let i = 0; i < batch; i++) {
    const g = bytes(gates + 3 * i * units)
    const dg = bytes(gateGradient + 3 * i * units)
    for (let o: usize = 0; o < size; o += 16) {
      const left = size - o
      const c = bytes(carry + i * units) + o
      const d = f32x4.add(v128.load(bytes(stateGradient + i * stride) + o), v128.load(c))
      const z = v128.load(g + size + o)
      const n = v128.load(g + 2 * size + o)
      const h = v128.load(bytes(previous + i * previousStride) + o)
      put(dg + size + o, f32x4.mul(f32x4.mul(d, f32x4.sub(h, n)), gateSlope(z, hard)), left)
      put(dg + 2 * size + o, f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), tanhSlope(n)), left)
      put(c, f32x4.mul(d, z), left)
    }
  }
}

// Gradients of the first part, where `resetGradient` is that of r h: that of r's sum, and carry += resetGradient r.
export function gruResetBackward(
  batch: i32,
  units: i32,
  hard: i32,
  resetGradient: i32,
  carry: i32,
  gates: i32,
  previous: i32,
  previousStride: i32,
  gateGradient: i32,
): void {
  const size = bytes(units)
  for (let i = 0; i < batch; i++) {
    const g = bytes(gates + 3 * i * units)
    const dg = bytes(gateGradient + 3 * i * units)
    for (let o: usize = 0; o < size; o += 16) {
      const left = size - o
      const c = bytes(carry + i * units) + o
      const d = v128.load(bytes(resetGradient + i * units) + o)
      const r = v128.load(g + o)
      const h = v128.load(bytes(previous + i * previousStride) + o)
      put(dg + o, f32x4.mul(f32x4.mul(d, h), gateSlope(r, hard)), left)
      put(c, f32x4.add(v128.load(c), f32x4.mul(d, r)), left)
    }
  }
}

// LSTM. `gates` comes in as the sums of i, f, g, o and goes out as their values; cell = f cell' + i g, next = o tanh(cell).
export function lstm(
  batch: i32,
  units: i32,
  hard: i32,
  gates: i32,
  previousCell: i32,
  cell: i32,
  next: i32,
  nextStride: i32,
): void {
  const size = bytes(units)
  for (let b = 0; b < batch; b++) {
    const gatesRow = bytes(gates + 4 * b * units)
    for (let at: usize = 0; at < size; at += 16) {
      const left = size - at
      const i = gate(v128.load(gatesRow + at), hard)
      const f = gate(v128.load(gatesRow + size + at), hard)
      const g = tanh(v128.load(gatesRow + 2 * size + at))
      const o = gate(v128.load(gatesRow + 3 * size + at), hard)
      const c = f32x4.add(f32x4.mul(f, v128.load(bytes(previousCell + b * units) + at)), f32x4.mul(i, g))
      put(gatesRow + at, i, left)
      put(gatesRow + size + at, f, left)
      put(gatesRow + 2 * size + at, g, left)
      put(gatesRow + 3 * size + at, o, left)
      put(bytes(cell + b * units) + at, c, left)
      put(bytes(next + b * nextStride) + at, f32x4.mul(o, tanh(c)), left)
    }
  }
}

// Its gradients. `carry` is the gradient of the state from the step after it and is not written; `cellCarry` comes in as
// that of the cell from the step after it, and goes out as that of the cell before.
export function lstmBackward(
  batch: i32,
  units: i32,
  hard: i32,
  stateGradient: i32,
  stride: i32,
  carry: i32,
  cellCarry: i32,
  previousCell: i32,
  cell: i32,
  gates: i32,
  gateGradient: i32,
): void {
  const size = bytes(units)
  for (let b = 0; b < batch; b++) {
    const gatesRow = bytes(gates + 4 * b * units)
    const dg = bytes(gateGradient + 4 * b * units)
    for (let at: usize = 0; at < size; at += 16) {
      const left = size - at
      const i = v128.load(gatesRow + at)
      const f = v128.load(gatesRow + size + at)
      const g = v128.load(gatesRow + 2 * size + at)
      const o = v128.load(gatesRow + 3 * size + at)
      const squashed = tanh(v128.load(bytes(cell + b * units) + at))
      const row = bytes(b * units) + at
      const d = f32x4.add(v128.load(bytes(stateGradient + b * stride) + at), v128.load(bytes(carry) + row))
      const dc = f32x4.add(f32x4.mul(f32x4.mul(d, o), tanhSlope(squashed)), v128.load(bytes(cellCarry) + row))
      put(dg + at, f32x4.mul(f32x4.mul(dc, g), gateSlope(i, hard)), left)
      put(dg + size + at, f32x4.mul(f32x4.mul(dc, v128.load(bytes(previousCell) + row)), gateSlope(f, hard)), left)
      put(dg + 2 * size + at, f32x4.mul(f32x4.mul(dc, i), tanhSlope(g)), left)
      put(dg + 3 * size + at, f32x4.mul(f32x4.mul(d, squashed), gateSlope(o, hard)), left)
      put(bytes(cellCarry) + row, f32x4.mul(dc, f), left)
    }
  }
}
