import type { Kernels, Numbers, Offset } from './kernels.ts'
import { signWords } from './recurrent-pass.ts'

type Signs = Pick<Kernels, 'packSigns' | 'signProduct' | 'gruOfSigns'>

/** Products of signs, and the cell that is made of them, of the reference kernels. */
export function signsReference(memoryOf: () => Numbers): Signs {
  const packSigns: Signs['packSigns'] = (rows, columns, x, xStride, bits) => {
    const numbers = memoryOf()
    const words = signWords(columns)
    const bitsOf = words32(numbers, bits, rows * words)
    bitsOf.fill(0)
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        if (numbers[x + i * xStride + j]! >= 0) bitsOf[i * words + (j >> 5)]! |= 1 << (j & 31)
      }
    }
  }

  return {
    packSigns,
    signProduct: (m, n, k, a, b, scale, start, startRow, c, cRow) => {
      const x = memoryOf()
      const words = signWords(k)
      const used = Math.ceil(k / 32)
      const [left, right] = [words32(x, a, m * words), words32(x, b, n * words)]
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let differing = 0
          for (let w = 0; w < used; w++) differing += bitCount(left[i * words + w]! ^ right[j * words + w]!)
          x[c + i * cRow + j] = x[start + i * startRow + j]! + x[scale + j]! * (k - 2 * differing)
        }
      }
    },
    gruOfSigns: (batch, units, sums, previous, previousStride, next, nextStride, bits) => {
      const x = memoryOf()
      for (let b = 0; b < batch; b++) {
        for (let j = 0; j < units; j++) {
          const s = sums + 2 * b * units + j
          const z = 1 / (1 + Math.exp(-x[s]!))
          const n = Math.tanh(x[s + units]!)
          x[next + b * nextStride + j] = n + z * (x[previous + b * previousStride + j]! - n)
        }
      }
      packSigns(batch, units, next, nextStride, bits)
    },
  }
}

/** The memory from `offset` on as words. */
function words32({ buffer, BYTES_PER_ELEMENT }: Numbers, offset: Offset, count: number): Int32Array {
  return new Int32Array(buffer, offset * BYTES_PER_ELEMENT, count)
}

/** Number of bits that are set: sums of pairs, of fours, of bytes, then of all four bytes. */
function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
