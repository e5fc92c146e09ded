import type { Arithmetic, Values } from './arithmetic.ts'

/** Arithmetic without WASM; in 64 bits it is what gradients are checked with. */
export function typescriptArithmetic(precision: 32 | 64 = 32): Arithmetic {
  return {
    backend: 'typescript',
    allocate: (length) => (precision === 32 ? new Float32Array(length) : new Float64Array(length)),
    multiply,
  }
}

/** The loop over k keeps a tile of two rows and four columns in registers. */
function multiply(
  m: number,
  n: number,
  k: number,
  a: Values,
  aStart: number,
  aRow: number,
  aColumn: number,
  b: Values,
  bStart: number,
  bRow: number,
  c: Values,
  cStart: number,
  cRow: number,
  accumulate: boolean,
): void {
  const evenRows = m & ~1
  const fourColumns = n & ~3
  for (let j = 0; j < fourColumns; j += 4) {
    for (let i = 0; i < evenRows; i += 2) {
      let p00 = 0,
        p01 = 0,
        p02 = 0,
        p03 = 0,
        p10 = 0,
        p11 = 0,
        p12 = 0,
        p13 = 0
      let a0 = aStart + i * aRow
      let bAt = bStart + j
      for (let l = 0; l < k; l++) {
        const x0 = a[a0]!
        const x1 = a[a0 + aRow]!
        const y0 = b[bAt]!,
          y1 = b[bAt + 1]!,
          y2 = b[bAt + 2]!,
          y3 = b[bAt + 3]!
        p00 += x0 * y0
        p01 += x0 * y1
        p02 += x0 * y2
        p03 += x0 * y3
        p10 += x1 * y0
        p11 += x1 * y1
        p12 += x1 * y2
        p13 += x1 * y3
        a0 += aColumn
        bAt += bRow
      }
      const c0 = cStart + i * cRow + j
      const c1 = c0 + cRow
      if (accumulate) {
        p00 += c[c0]!
        p01 += c[c0 + 1]!
        p02 += c[c0 + 2]!
        p03 += c[c0 + 3]!
        p10 += c[c1]!
        p11 += c[c1 + 1]!
        p12 += c[c1 + 2]!
        p13 += c[c1 + 3]!
      }
      c[c0] = p00
      c[c0 + 1] = p01
      c[c0 + 2] = p02
      c[c0 + 3] = p03
      c[c1] = p10
      c[c1 + 1] = p11
      c[c1 + 2] = p12
      c[c1 + 3] = p13
    }
  }
  for (let i = 0; i < m; i++) {
    for (let j = i < evenRows ? fourColumns : 0; j < n; j++) {
      let sum = accumulate ? c[cStart + i * cRow + j]! : 0
      for (let l = 0; l < k; l++) sum += a[aStart + i * aRow + l * aColumn]! * b[bStart + l * bRow + j]!
      c[cStart + i * cRow + j] = sum
    }
  }
}
