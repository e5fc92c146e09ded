// Products of vectors of signs (XNOR networks, Rastegari et al. 2016): a sign is a bit, set for x >= 0, and the product of
// two vectors of k signs is k - 2 popcount(a xor b). Rows are padded with zero bits to whole words of 64.

import { bytes } from './vector-math'

// Row i of `bits` (2 ceil(columns / 64) words of 32) = the signs of row i of x.
export function packSigns(rows: i32, columns: i32, x: i32, xStride: i32, bits: i32): void {
  const words = 2 * ((columns + 63) >> 6)
  const zero = f32x4.splat(0)
  for (let i = 0; i < rows; i++) {
    let source = bytes(x + i * xStride)
    let target = bytes(bits + i * words)
    const end = target + bytes(words)
    for (let left = columns; left > 0; left -= 32) {
      let word = 0
      for (let j = 0; j < min(left, 32); j += 4) {
        word |= i32x4.bitmask(f32x4.ge(v128.load(source), zero)) << j
        source += 16
      }
      // What lies past the end of the row is not ours.
      if (left < 32) word &= (1 << left) - 1
      store<i32>(target, word)
      target += 4
    }
    if (target < end) store<i32>(target, 0)
  }
}

@inline
function differ(a: usize, b: usize): i32 {
  return <i32>popcnt<u64>(load<u64>(a) ^ load<u64>(b))
}

// c[i,j] = start[i,j] + scale[j] times the product of the signs of row i of a and row j of b, k signs each. Rows of `start`
// lie startRow apart: 0 takes one row for all.
export function signProduct(
  m: i32,
  n: i32,
  k: i32,
  a: i32,
  b: i32,
  scale: i32,
  start: i32,
  startRow: i32,
  c: i32,
  cRow: i32,
): void {
  const size = <usize>((k + 63) >> 6) << 3
  for (let i = 0; i < m; i++) {
    const left = bytes(a) + <usize>i * size
    let right = bytes(b)
    let factor = bytes(scale)
    let from = bytes(start + i * startRow)
    let target = bytes(c + i * cRow)
    const end = target + bytes(n)
    if (size == 8) {
      const own = load<u64>(left)
      // Four columns at a time: their products fill a vector.
      for (; target + 16 <= end; target += 16) {
        const d0 = <i32>popcnt<u64>(own ^ load<u64>(right))
        const d1 = <i32>popcnt<u64>(own ^ load<u64>(right, 8))
        const d2 = <i32>popcnt<u64>(own ^ load<u64>(right, 16))
        const d3 = <i32>popcnt<u64>(own ^ load<u64>(right, 24))
        putFour(target, from, factor, k, d0, d1, d2, d3)
        right += 32
        factor += 16
        from += 16
      }
    } else {
      for (; target + 16 <= end; target += 16) {
        let d0 = 0
        let d1 = 0
        let d2 = 0
        let d3 = 0
        for (let w: usize = 0; w < size; w += 8) {
          const own = load<u64>(left + w)
          d0 += <i32>popcnt<u64>(own ^ load<u64>(right + w))
          d1 += <i32>popcnt<u64>(own ^ load<u64>(right + size + w))
          d2 += <i32>popcnt<u64>(own ^ load<u64>(right + 2 * size + w))
          d3 += <i32>popcnt<u64>(own ^ load<u64>(right + 3 * size + w))
        }
        putFour(target, from, factor, k, d0, d1, d2, d3)
        right += 4 * size
        factor += 16
        from += 16
      }
    }
    for (; target < end; target += 4) {
      let d = 0
      for (let w: usize = 0; w < size; w += 8) d += differ(left + w, right + w)
      store<f32>(target, load<f32>(from) + load<f32>(factor) * <f32>(k - 2 * d))
      right += size
      factor += 4
      from += 4
    }
  }
}

@inline
function putFour(c: usize, start: usize, scale: usize, k: i32, d0: i32, d1: i32, d2: i32, d3: i32): void {
  // By pairs, since putting a number into a vector costs more than a shift.
  const d = i64x2.replace_lane(i64x2.splat(<i64>d0 | (<i64>d1 << 32)), 1, <i64>d2 | (<i64>d3 << 32))
  const signs = f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(k), i32x4.shl(d, 1)))
  v128.store(c, f32x4.add(v128.load(start), f32x4.mul(v128.load(scale), signs)))
}
