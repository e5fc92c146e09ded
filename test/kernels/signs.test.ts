import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packCell } from '../../src/kernels/packed-cell.ts'
import { signWords } from '../../src/kernels/recurrent-pass.ts'
import { createRecurrentStack } from '../../src/kernels/recurrent-stack.ts'
import { createWasmKernels } from '../../src/kernels/wasm-kernels.ts'
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
      (k, m, n, add) => {
        const [a, b] = [draws('a', m * (k + 3)), draws('b', n * k)]
        const scales = Float32Array.from(draws('scales', n))
        const start = Float32Array.from(draws('c', m * (n + 2)))
        const expected = start.slice()
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let sum = 0
            for (let p = 0; p < k; p++) sum += signOf(a[i * (k + 3) + p]!) * signOf(b[j * k + p]!)
            const value = Math.fround(scales[j]! * sum)
            expected[i * (n + 2) + j] = add ? start[i * (n + 2) + j]! + value : value
          }
        }
        for (const create of bothKernels) {
          const kernels = create()
          const [aBits, bBits] = [kernels.allocate(m * signWords(k)), kernels.allocate(n * signWords(k))]
          kernels.packSigns(m, k, place(kernels, a), k + 3, aBits)
          kernels.packSigns(n, k, place(kernels, b), k, bBits)
          const c = place(kernels, start)
          kernels.signProduct(m, n, k, aBits, bBits, place(kernels, scales), c, n + 2, add ? 1 : 0)
          const result = kernels.view(c, m * (n + 2))
          if (kernels.backend === 'wasm-simd' || !add) expect(result).toEqual(expected)
          else expect(relativeDifference(result, expected)).toBeLessThan(1e-6)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test.each(['gru', 'gru-after', 'lstm'] as const)('a packed %s predicts as one with binarised weights', (cell) => {
  const [steps, batch, inputs] = [5, 3, 37]
  const units = [6, 35]
  const kernels = createWasmKernels()
  const stack = createRecurrentStack(kernels, { cell, inputs, units, bidirectional: true }, steps, batch)
  const drawn = Float32Array.from(draws('weights', stack.parameterCount, 0.3))
  const latent = place(kernels, drawn)
  // Columns have scales of their own; biases stay real.
  const binary = drawn.slice()
  const gates = (cell === 'lstm' ? 4 : 3) * 1
  const scaleOf = (column: number): number => 0.05 + 0.01 * (column % 7)
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
      const shape = { cell, inputs: l === 0 ? inputs : 2 * units[0]!, units: units[l]!, hard: false }
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
