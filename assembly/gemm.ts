// Matrix product C (=|+=) A B after Goto and van de Geijn (2008): panels of B, and of A where its rows are not
// contiguous, are packed so that the innermost loop reads memory in order; it holds a tile of 4 x 8 results in registers.

import { bytes, put } from './vector-math'

const panelDepth = 256
const blockRows = 96
// 8 columns of B, and `blockRows` rows of A, each `panelDepth` deep.
const packedB = memory.data(panelDepth * 8 * 4, 64)
const packedA = memory.data(blockRows * panelDepth * 4, 64)

// C[m,n], A[m,k], B[k,n]; element (i,j) of a matrix stands at base + i row + j column. B needs a row or column stride of 1,
// C has columns of stride 1.
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  a: i32,
  aRow: i32,
  aColumn: i32,
  b: i32,
  bRow: i32,
  bColumn: i32,
  c: i32,
  cRow: i32,
  accumulate: i32,
): void {
  const rowA = bytes(aRow)
  const stepA = bytes(aColumn)
  const rowB = bytes(bRow)
  const columnB = bytes(bColumn)
  const rowC = bytes(cRow)
  if (n == 1 && k > 0) return column(m, k, bytes(a), rowA, stepA, bytes(b), rowB, bytes(c), rowC, accumulate)
  if (k == 0 && !accumulate) for (let i = 0; i < m; i++) memory.fill(bytes(c) + <usize>i * rowC, 0, bytes(n))
  for (let k0 = 0; k0 < k; k0 += panelDepth) {
    const depth = min(panelDepth, k - k0)
    const add = k0 > 0 ? 1 : accumulate
    for (let i0 = 0; i0 < m; i0 += blockRows) {
      const rows = min(blockRows, m - i0)
      let left = bytes(a) + <usize>i0 * rowA + <usize>k0 * stepA
      let leftRow = rowA
      let leftStep = stepA
      const isPackedA = aColumn != 1 && depth >= 64 && n >= 16
      if (isPackedA) packA(left, rows, depth, rowA, stepA)
      for (let j = 0; j < n; j += 8) {
        const columns = min(8, n - j)
        let right = bytes(b) + <usize>k0 * rowB + <usize>j * columnB
        let rightRow = rowB
        if (columns < 8 || bColumn != 1 || m >= 24) {
          packB(right, depth, columns, rowB, columnB)
          right = packedB
          rightRow = 32
        }
        const result = bytes(c) + <usize>i0 * rowC + bytes(j)
        let i = 0
        for (; i + 4 <= rows; i += 4) {
          if (isPackedA) {
            left = packedA + (<usize>(i * depth) << 2)
            leftRow = 4
            leftStep = 16
            tile4(depth, columns, left, leftRow, leftStep, right, rightRow, result + <usize>i * rowC, rowC, add)
          } else
            tile4(depth, columns, left + <usize>i * rowA, rowA, stepA, right, rightRow, result + <usize>i * rowC, rowC, add)
        }
        const tail = bytes(a) + <usize>(i0 + i) * rowA + <usize>k0 * stepA
        if (i + 2 <= rows) {
          tile2(depth, columns, tail, rowA, stepA, right, rightRow, result + <usize>i * rowC, rowC, add)
          i += 2
        }
        if (i < rows) {
          const last = bytes(a) + <usize>(i0 + i) * rowA + <usize>k0 * stepA
          tile1(depth, columns, last, stepA, right, rightRow, result + <usize>i * rowC, add)
        }
      }
    }
  }
}

// One column of results: four rows at a time where A is stored by columns, else four products at a time.
function column(m: i32, k: i32, a: usize, row: usize, step: usize, b: usize, bRow: usize, c: usize, cRow: usize, add: i32): void {
  let i = 0
  if (row == 4) {
    for (; i + 4 <= m; i += 4) {
      let sum = f32x4.splat(0)
      let source = a + bytes(i)
      let factor = b
      for (let p = 0; p < k; p++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(source), v128.load32_splat(factor)))
        source += step
        factor += bRow
      }
      const target = c + <usize>i * cRow
      putColumn(target, f32x4.extract_lane(sum, 0), add)
      putColumn(target + cRow, f32x4.extract_lane(sum, 1), add)
      putColumn(target + 2 * cRow, f32x4.extract_lane(sum, 2), add)
      putColumn(target + 3 * cRow, f32x4.extract_lane(sum, 3), add)
    }
  }
  for (; i < m; i++) {
    let source = a + <usize>i * row
    let factor = b
    let p = 0
    let sum: f32 = 0
    if (step == 4 && bRow == 4) {
      let sums = f32x4.splat(0)
      for (; p + 4 <= k; p += 4) {
        sums = f32x4.add(sums, f32x4.mul(v128.load(source), v128.load(factor)))
        source += 16
        factor += 16
      }
      sum = f32x4.extract_lane(sums, 0) + f32x4.extract_lane(sums, 1) + f32x4.extract_lane(sums, 2) + f32x4.extract_lane(sums, 3)
    }
    for (; p < k; p++) {
      sum += load<f32>(source) * load<f32>(factor)
      source += step
      factor += bRow
    }
    putColumn(c + <usize>i * cRow, sum, add)
  }
}

@inline
function putColumn(target: usize, sum: f32, add: i32): void {
  store<f32>(target, add ? load<f32>(target) + sum : sum)
}

// Strips of four rows, the four of one depth side by side; rows past the last full strip stay where they are.
function packA(a: usize, rows: i32, depth: i32, row: usize, step: usize): void {
  let target = packedA
  for (let i = 0; i + 4 <= rows; i += 4) {
    let source = a + <usize>i * row
    for (let k = 0; k < depth; k++) {
      if (row == 4) v128.store(target, v128.load(source))
      else {
        store<f32>(target, load<f32>(source))
        store<f32>(target, load<f32>(source + row), 4)
        store<f32>(target, load<f32>(source + 2 * row), 8)
        store<f32>(target, load<f32>(source + 3 * row), 12)
      }
      target += 16
      source += step
    }
  }
}

// Eight columns of B side by side, zeros where there are fewer.
function packB(b: usize, depth: i32, columns: i32, row: usize, column: usize): void {
  if (column == 4 && columns == 8) {
    let target = packedB
    for (let k = 0; k < depth; k++) {
      v128.store(target, v128.load(b))
      v128.store(target, v128.load(b, 16), 16)
      target += 32
      b += row
    }
    return
  }
  if (columns < 8) memory.fill(packedB, 0, <usize>depth << 5)
  if (column == 4) {
    let target = packedB
    for (let k = 0; k < depth; k++) {
      for (let j: usize = 0; j < bytes(columns); j += 4) store<f32>(target + j, load<f32>(b + j))
      target += 32
      b += row
    }
    return
  }
  let j = 0
  for (; j + 4 <= columns; j += 4) packTransposed(b + <usize>j * column, packedB + bytes(j), depth, column)
  for (; j < columns; j++) {
    const source = b + <usize>j * column
    for (let k = 0; k < depth; k++) store<f32>(packedB + bytes(j) + (<usize>k << 5), load<f32>(source + bytes(k)))
  }
}

// Four rows of the stored matrix become four columns of the panel, 4 x 4 at a time.
function packTransposed(source: usize, target: usize, depth: i32, row: usize): void {
  let k = 0
  for (; k + 4 <= depth; k += 4) {
    const a = v128.load(source)
    const b = v128.load(source + row)
    const c = v128.load(source + 2 * row)
    const d = v128.load(source + 3 * row)
    const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
    const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
    const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
    const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
    v128.store(target, v128.shuffle<f64>(ab, cd, 0, 2))
    v128.store(target, v128.shuffle<f64>(ab, cd, 1, 3), 32)
    v128.store(target, v128.shuffle<f64>(abHigh, cdHigh, 0, 2), 64)
    v128.store(target, v128.shuffle<f64>(abHigh, cdHigh, 1, 3), 96)
    source += 16
    target += 128
  }
  for (; k < depth; k++) {
    for (let i: usize = 0; i < 4; i++) store<f32>(target + (i << 2), load<f32>(source + i * row))
    source += 4
    target += 32
  }
}

@inline
function putRow(c: usize, low: v128, high: v128, columns: i32): void {
  if (columns == 8) {
    v128.store(c, low)
    v128.store(c, high, 16)
  } else {
    put(c, low, bytes(columns))
    if (columns > 4) put(c + 16, high, bytes(columns - 4))
  }
}

function tile4(k: i32, columns: i32, a: usize, row: usize, step: usize, b: usize, bRow: usize, c: usize, cRow: usize, add: i32): void {
  let a0 = a
  let a1 = a0 + row
  let a2 = a1 + row
  let a3 = a2 + row
  const c1 = c + cRow
  const c2 = c1 + cRow
  const c3 = c2 + cRow
  let x00 = f32x4.splat(0)
  let x01 = x00
  let x10 = x00
  let x11 = x00
  let x20 = x00
  let x21 = x00
  let x30 = x00
  let x31 = x00
  if (add) {
    x00 = v128.load(c)
    x01 = v128.load(c, 16)
    x10 = v128.load(c1)
    x11 = v128.load(c1, 16)
    x20 = v128.load(c2)
    x21 = v128.load(c2, 16)
    x30 = v128.load(c3)
    x31 = v128.load(c3, 16)
  }
  for (; k > 0; k--) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    b += bRow
    let s = v128.load32_splat(a0)
    a0 += step
    x00 = f32x4.add(x00, f32x4.mul(s, b0))
    x01 = f32x4.add(x01, f32x4.mul(s, b1))
    s = v128.load32_splat(a1)
    a1 += step
    x10 = f32x4.add(x10, f32x4.mul(s, b0))
    x11 = f32x4.add(x11, f32x4.mul(s, b1))
    s = v128.load32_splat(a2)
    a2 += step
    x20 = f32x4.add(x20, f32x4.mul(s, b0))
    x21 = f32x4.add(x21, f32x4.mul(s, b1))
    s = v128.load32_splat(a3)
    a3 += step
    x30 = f32x4.add(x30, f32x4.mul(s, b0))
    x31 = f32x4.add(x31, f32x4.mul(s, b1))
  }
  putRow(c, x00, x01, columns)
  putRow(c1, x10, x11, columns)
  putRow(c2, x20, x21, columns)
  putRow(c3, x30, x31, columns)
}

function tile2(k: i32, columns: i32, a: usize, row: usize, step: usize, b: usize, bRow: usize, c: usize, cRow: usize, add: i32): void {
  let a0 = a
  let a1 = a0 + row
  const c1 = c + cRow
  let x00 = f32x4.splat(0)
  let x01 = x00
  let x10 = x00
  let x11 = x00
  if (add) {
    x00 = v128.load(c)
    x01 = v128.load(c, 16)
    x10 = v128.load(c1)
    x11 = v128.load(c1, 16)
  }
  for (; k > 0; k--) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    b += bRow
    let s = v128.load32_splat(a0)
    a0 += step
    x00 = f32x4.add(x00, f32x4.mul(s, b0))
    x01 = f32x4.add(x01, f32x4.mul(s, b1))
    s = v128.load32_splat(a1)
    a1 += step
    x10 = f32x4.add(x10, f32x4.mul(s, b0))
    x11 = f32x4.add(x11, f32x4.mul(s, b1))
  }
  putRow(c, x00, x01, columns)
  putRow(c1, x10, x11, columns)
}

function tile1(k: i32, columns: i32, a: usize, step: usize, b: usize, bRow: usize, c: usize, add: i32): void {
  let x0 = f32x4.splat(0)
  let x1 = x0
  if (add) {
    x0 = v128.load(c)
    x1 = v128.load(c, 16)
  }
  for (; k > 0; k--) {
    const s = v128.load32_splat(a)
    a += step
    x0 = f32x4.add(x0, f32x4.mul(s, v128.load(b)))
    x1 = f32x4.add(x1, f32x4.mul(s, v128.load(b, 16)))
    b += bRow
  }
  putRow(c, x0, x1, columns)
}
