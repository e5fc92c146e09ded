import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packCell } from '../../src/kernels/packed-cell.ts'
import { signWords } from '../../src/kernels/recurrent-pass.ts'
import { createRecurrentStack } from '../../src/kernels/recurrent-stack.ts'
import { bothKernels, draws, place, relativeDifference } from './closeness.ts'

const signOf = (x: number): number => (x >= 0 ? 1 : -1)

test('bits of a row by hand', () => {
  for (const kernels of bothKernels.map((create) => create())) {
    // Signs + - + + (0 and -0 count as positive): bits 0, 2 and 3.
    const x = place(kernels, [5, -1, 0, -0, 9])
    const bits = place(kernels, [7, 7])
    kernels.packSigns(1, 4, x, 4, bits)
    const { buffer, byteOffset } = kernels.view(bits, 2)
    expect([...new Int32Array(buffer, byteOffset, 2)]).toEqual([0b1101, 0])
  }
})

test('the product of packed signs is bit for bit the sum of signed terms, for every length', () => {
  const lengths = fc.oneof(fc.integer({ min: 1, max: 140 }), fc.constantFrom(31, 32, 33, 63, 64, 65, 127, 128, 129))
  fc.assert(
    fc.property(
      lengths,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 11 }),
      fc.boolean(),
      (k, m, n, isOneRow) => {
        const [a, b] = [draws('a', m * (k + 3)), draws('b', n * k)]
        const scales = Float32Array.from(draws('scales', n))
        const start = Float32Array.from(draws('c', m * (n + 2)))
        const expected = start.slice()
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let sum = 0
            for (let p = 0; p < k; p++) sum += signOf(a[i * (k + 3) + p]!) * signOf(b[j * k + p]!)
            const value = Math.fround(scales[j]! * sum)
            expected[i * (n + 2) + j] = start[isOneRow ? j : i * (n + 2) + j]! + value
          }
        }
        for (const create of bothKernels) {
          const kernels = create()
          const [aBits, bBits] = [kernels.allocate(m * signWords(k)), kernels.allocate(n * signWords(k))]
          kernels.packSigns(m, k, place(kernels, a), k + 3, aBits)
          kernels.packSigns(n, k, place(kernels, b), k, bBits)
          const [from, c] = [place(kernels, start), place(kernels, start)]
          const startRow = isOneRow ? 0 : n + 2
          kernels.signProduct(m, n, k, aBits, bBits, place(kernels, scales), from, startRow, c, n + 2)
          const result = kernels.view(c, m * (n + 2))
          if (kernels.backend === 'wasm-simd') expect(result).toEqual(expected)
          else expect(relativeDifference(result, expected)).toBeLessThan(1e-6)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('a step of a GRU of signs by hand', () => {
  for (const kernels of bothKernels.map((create) => create())) {
    // Two sequences, two units. Sums of z, then of n. sigma(0) = 1/2: h = (n + h') / 2 with n = tanh(ln 2) = 3/5, tanh(0) = 0,
    // 3/5; sigma(-ln 3) = 1/4: h = n + (h' - n) / 4.
    const ln2 = Math.log(2)
    const sums = place(kernels, [0, 0, ln2, 0, -Math.log(3), 0, -ln2, ln2])
    const previous = place(kernels, [0.2, -0.5, 9, 1, -0.5, 9])
    const next = place(kernels, [7, 7, 7, 7, 7, 7])
    const bits = place(kernels, [7, 7, 7, 7])
    kernels.gruOfSigns(2, 2, sums, previous, 3, next, 3, bits)
    const states = kernels.view(next, 6)
    const expected = [0.4, -0.25, 7, -0.6 + 1.6 / 4, 0.05, 7]
    for (const [i, value] of expected.entries()) expect(states[i]).toBeCloseTo(value, 6)
    const { buffer, byteOffset } = kernels.view(bits, 4)
    expect([...new Int32Array(buffer, byteOffset, 4)]).toEqual([0b01, 0, 0b10, 0])
  }
})

test('signs of the new states are those that are packed from them, for every number of units', () => {
  for (const kernels of bothKernels.map((create) => create())) {
    for (const units of [1, 3, 24, 31, 32, 33, 63, 64, 65, 100, 129]) {
      const batch = 3
      const sums = place(kernels, draws('sums', 2 * batch * units, 2))
      const previous = place(kernels, draws('previous', batch * units))
      const next = kernels.allocate(batch * units)
      const count = batch * signWords(units)
      const [own, packed] = [place(kernels, new Float32Array(count).fill(-1)), kernels.allocate(count)]
      kernels.gruOfSigns(batch, units, sums, previous, units, next, units, own)
      kernels.packSigns(batch, units, next, units, packed)
      const wordsOf = (offset: number): Int32Array => {
        const { buffer, byteOffset } = kernels.view(offset, count)
        return new Int32Array(buffer, byteOffset, count)
      }
      expect(wordsOf(own)).toEqual(wordsOf(packed))
    }
  }
})

const packedCells = [
  { cell: 'gru', hard: false },
  // Its reset gate can be 0, which is no sign of the state.
  { cell: 'gru', hard: true },
  { cell: 'gru-after', hard: false },
  { cell: 'lstm', hard: false },
] as const
const everyPackedCell = packedCells.flatMap((shape) => bothKernels.map((create) => ({ ...shape, create })))
test.each(everyPackedCell)('a packed $cell predicts as one with binarised weights', ({ cell, hard, create }) => {
  const [steps, batch, inputs] = [5, 3, 37]
  const units = [6, 35]
  const kernels = create()
  const stack = createRecurrentStack(kernels, { cell, hard, inputs, units, bidirectional: true }, steps, batch)
  const drawn = Float32Array.from(draws('weights', stack.parameterCount, 0.3))
  const latent = place(kernels, drawn)
  // Columns have scales of their own, large enough for hard gates of 0; biases stay real.
  const binary = drawn.slice()
  const gates = (cell === 'lstm' ? 4 : 3) * 1
  const scaleOf = (column: number): number => (hard ? 0.5 : 0.05) + 0.01 * (column % 7)
  for (const [l, cells] of stack.blocks.entries()) {
    for (const { kernel, recurrent, bias } of cells) {
      const columns = gates * units[l]!
      for (let i = kernel; i < bias; i++) {
        const column = (i < recurrent ? i - kernel : i - recurrent) % columns
        binary[i] = signOf(drawn[i]!) * Math.fround(scaleOf(column))
      }
    }
  }
  const effective = place(kernels, binary)
  const packed = stack.blocks.map((cells, l) =>
    cells.map(({ kernel, recurrent, bias, candidateBias }) => {
      const shape = { cell, inputs: l === 0 ? inputs : 2 * units[0]!, units: units[l]!, hard }
      const blocks = { kernel: latent + kernel, recurrent: latent + recurrent, bias: latent + bias, candidateBias }
      const scales = Float32Array.from({ length: gates * units[l]! }, (_, column) => scaleOf(column))
      return packCell(kernels, shape, blocks, { kernel: scales, recurrent: scales }, steps, batch)
    }),
  )
  const input = place(kernels, draws('input', steps * batch * inputs))
  const signed = { signed: true, mask: null }
  const views = units.map(() => [0, 1].map(() => ({ inputView: signed, stateView: signed })))
  const count = steps * batch * stack.outputs
  const real = kernels.view(stack.forward(effective, input, steps, batch, { views }), count).slice()
  const ofBits = kernels.view(stack.forward(latent, input, steps, batch, { packed }), count)
  expect(relativeDifference(ofBits, real)).toBeLessThan(1e-5)
  expect(real.some((value) => Math.abs(value) > 0.1)).toBe(true)
})
