import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { activationCodes, type Kernels, type Numbers } from '../../src/kernels/kernels.ts'
import { createReferenceKernels } from '../../src/kernels/reference-kernels.ts'
import { createWasmKernels } from '../../src/kernels/wasm-kernels.ts'
import { bothKernels, draws, place, relativeDifference, sizes } from './closeness.ts'

const wasm = createWasmKernels()
const reference = createReferenceKernels()

/** Runs the same computation on both kernels and compares what it returns. */
function agree(compute: (kernels: Kernels) => Numbers | number[], tolerance = 2e-6): void {
  const results = [wasm, reference].map((kernels) => {
    const mark = kernels.mark()
    const result = compute(kernels).slice()
    kernels.release(mark)
    return result
  })
  expect(relativeDifference(results[0]!, results[1]!)).toBeLessThan(tolerance)
}

describe.each(bothKernels.map((create) => [create().backend, create] as const))('%s', (_name, create) => {
  test('gemm of a case by hand, plain and transposed', () => {
    const kernels = create()
    const a = place(kernels, [1, 2, 3, 4, 5, 6])
    const b = place(kernels, [7, 8, 9, 10, 11, 12])
    const c = place(kernels, [1, 1, 1, 1])
    // [1 2 3; 4 5 6] [7 8; 9 10; 11 12] = [58 64; 139 154]
    kernels.gemm(2, 2, 3, a, 3, 1, b, 2, 1, c, 2, 0)
    expect([...kernels.view(c, 4)]).toEqual([58, 64, 139, 154])
    // [1 2; 3 4; 5 6]' [7 8; 9 10; 11 12] = [89 98; 116 128], added to what is there
    kernels.gemm(2, 2, 3, a, 1, 2, b, 2, 1, c, 2, 1)
    expect([...kernels.view(c, 4)]).toEqual([147, 162, 255, 282])
    // [1 2 3; 4 5 6] [7 8 9; 10 11 12]' = [50 68; 122 167]
    kernels.gemm(2, 2, 3, a, 3, 1, b, 1, 3, c, 2, 0)
    expect([...kernels.view(c, 4)]).toEqual([50, 68, 122, 167])
    // No terms at all: zero, or what is there.
    kernels.gemm(2, 2, 0, a, 0, 1, b, 2, 1, c, 2, 1)
    expect([...kernels.view(c, 4)]).toEqual([50, 68, 122, 167])
    kernels.gemm(2, 2, 0, a, 0, 1, b, 2, 1, c, 2, 0)
    expect([...kernels.view(c, 4)]).toEqual([0, 0, 0, 0])
  })

  test('memory keeps its contents while it grows, and release gives room back', () => {
    const kernels = create()
    const first = place(kernels, [1, 2, 3])
    const mark = kernels.mark()
    const large = kernels.allocate(1_000_000)
    expect(kernels.view(large, 1_000_000).every((value) => value === 0)).toBe(true)
    kernels.view(large, 1_000_000).fill(7)
    expect([...kernels.view(first, 3)]).toEqual([1, 2, 3])
    kernels.release(mark)
    expect(kernels.allocate(2)).toBe(mark)
    expect([...kernels.view(mark, 2)]).toEqual([0, 0])
  })

  test('Adam: the first step has the size of the rate', () => {
    const kernels = create()
    const parameters = place(kernels, [1, 1, 1])
    const gradients = place(kernels, [0.5, -2, 0])
    const [first, second] = [kernels.allocate(3), kernels.allocate(3)]
    kernels.adam(3, parameters, gradients, first, second, 0.1, 0.9, 0.999, 0, 1 / (1 - 0.9), 1 / (1 - 0.999))
    // m / sqrt(v) = g / |g| with the corrections; 0 / 0 in the third place, where epsilon is 0.
    expect(kernels.view(parameters, 2)[0]).toBeCloseTo(0.9, 5)
    expect(kernels.view(parameters, 2)[1]).toBeCloseTo(1.1, 5)
  })

  test('SGD keeps its momentum', () => {
    const kernels = create()
    const parameters = place(kernels, [1])
    const gradients = place(kernels, [1])
    const velocity = kernels.allocate(1)
    kernels.sgd(1, parameters, gradients, velocity, 0.25, 0.5)
    kernels.sgd(1, parameters, gradients, velocity, 0.25, 0.5)
    // 1 - 0.25 * 1 = 0.75, then 0.75 - 0.25 * 1.5 = 0.375
    expect([...kernels.view(parameters, 1)]).toEqual([0.375])
  })

  test('cross-entropy of a case by hand', () => {
    const kernels = create()
    const logits = place(kernels, [Math.log(1), Math.log(3)])
    const targets = place(kernels, [1, 0])
    const [probabilities, gradient] = [kernels.allocate(2), kernels.allocate(2)]
    // softmax = (1/4, 3/4); -ln 1/4; gradient = (1/4 - 1, 3/4)
    const loss = kernels.softmaxCrossEntropy(1, 2, logits, targets, probabilities, gradient)
    expect(loss).toBeCloseTo(Math.log(4), 5)
    expect(kernels.view(probabilities, 2)[1]).toBeCloseTo(0.75, 6)
    expect(kernels.view(gradient, 2)[0]).toBeCloseTo(-0.75, 6)
    expect(kernels.view(gradient, 2)[1]).toBeCloseTo(0.75, 6)
  })
})

test('gemm: both agree for every size, transposition and accumulation, and touch nothing around the result', () => {
  fc.assert(
    fc.property(sizes, sizes, sizes, fc.boolean(), fc.boolean(), fc.boolean(), (m, n, k, ta, tb, add) => {
      agree((kernels) => {
        const a = place(kernels, draws('a', m * k))
        const b = place(kernels, draws('b', k * n))
        // A result inside a wider matrix, with a margin on both sides.
        const stride = n + 3
        const c = place(kernels, draws('c', m * stride + 8))
        const [aRow, aColumn] = ta ? [1, m] : [k, 1]
        const [bRow, bColumn] = tb ? [1, k] : [n, 1]
        kernels.gemm(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c + 4, stride, add ? 1 : 0)
        return kernels.view(c, m * stride + 8)
      })
    }),
    { numRuns: 150 },
  )
})

test.each([
  [100, 9, 600, false, false],
  [100, 24, 600, true, false],
  [200, 17, 300, true, true],
  [97, 8, 257, false, true],
])('gemm: both agree where blocks end (%i x %i x %i)', (m, n, k, ta, tb) => {
  agree((kernels) => {
    const a = place(kernels, draws('a', m * k))
    const b = place(kernels, draws('b', k * n))
    const c = kernels.allocate(m * n)
    kernels.gemm(m, n, k, a, ta ? 1 : k, ta ? m : 1, b, tb ? 1 : n, tb ? k : 1, c, n, 0)
    return kernels.view(c, m * n)
  }, 1e-5)
})

test.each(Object.entries(activationCodes))('%s and its derivatives: both agree', (_name, code) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), (n) => {
      for (const part of ['value', 'slope', 'bend'] as const) {
        agree((kernels) => {
          const y = place(kernels, draws('x', n + 4, 3))
          const d = place(kernels, draws('d', n + 4))
          const q = place(kernels, draws('q', n + 4))
          kernels.activate(code, n, y)
          if (part === 'slope') kernels.activationGradient(code, n, y, d)
          if (part === 'bend') kernels.activationCurvature(code, n, y, d, place(kernels, draws('r', n)), q)
          return kernels.view({ value: y, slope: d, bend: q }[part], n + 4)
        })
      }
    }),
    { numRuns: 20 },
  )
})

test.each([
  ['tanh', Math.tanh, 10, 4e-7],
  ['sigmoid', (x: number) => 1 / (1 + Math.exp(-x)), 30, 3e-7],
  ['exp', Math.exp, 80, 2e-7],
] as const)('%s: the relative error stays below the stated one', (name, exact, range, bound) => {
  const kernels = createWasmKernels()
  const points = Float32Array.from({ length: 200_001 }, (_, i) => range * (i / 100_000 - 1))
  const x = place(kernels, points)
  kernels.activate(activationCodes[name], points.length, x)
  const values = kernels.view(x, points.length)
  let worst = 0
  for (const [i, point] of points.entries()) {
    if (point !== 0) worst = Math.max(worst, Math.abs(values[i]! / exact(point) - 1))
  }
  expect(worst).toBeLessThan(bound)
  expect(worst).toBeGreaterThan(1e-8)
})

test('values far outside stay finite', () => {
  const kernels = createWasmKernels()
  const x = place(kernels, [-1e30, 1e30, -200, 200])
  kernels.activate(activationCodes.sigmoid, 4, x)
  expect([...kernels.view(x, 4)].map((value) => Math.round(value))).toEqual([0, 1, 0, 1])
  kernels.activate(activationCodes.tanh, 4, place(kernels, [-1e30, 1e30, -200, 200]))
  expect(kernels.view(x, 4).every(Number.isFinite)).toBe(true)
})

test.each(Object.entries(activationCodes))('%s keeps NaN: a diverged net is not hidden', (_name, code) => {
  for (const create of bothKernels) {
    const kernels = create()
    const x = place(kernels, [NaN, 1, NaN, 1, NaN])
    kernels.activate(code, 5, x)
    expect([...kernels.view(x, 5)].map(Number.isNaN)).toEqual([true, false, true, false, true])
  }
})

test('loops over rows: both agree', () => {
  fc.assert(
    fc.property(sizes, sizes, fc.integer({ min: 0, max: 4 }), fc.boolean(), (rows, columns, maskRows, add) => {
      const count = rows * columns
      const flag = add ? 1 : 0
      agree((kernels) => {
        const x = place(kernels, draws('x', count + 4))
        kernels.setRows(rows, columns, place(kernels, draws('row', columns)), x)
        return kernels.view(x, count + 4)
      })
      agree((kernels) => {
        const sums = place(kernels, draws('sums', columns + 4))
        kernels.columnSums(rows, columns, place(kernels, draws('x', rows * (columns + 2))), columns + 2, sums, flag)
        return kernels.view(sums, columns + 4)
      })
      agree((kernels) => {
        const mask = place(kernels, draws('mask', 4 * columns))
        const z = place(kernels, draws('z', rows * (columns + 1) + 4))
        const x = place(kernels, draws('x', rows * (columns + 2)))
        const signed = maskRows > 2 ? 1 : 0
        kernels.present(rows, columns, signed, maskRows, mask, x, columns + 2, z, columns + 1, flag)
        return kernels.view(z, rows * (columns + 1) + 4)
      })
    }),
    { numRuns: 40 },
  )
})

test('loops over vectors, losses and optimisers: both agree', () => {
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 7 }), (n, rows) => {
      const count = n * rows
      const take = (kernels: Kernels, name: string): number => place(kernels, draws(name, count + 4))
      agree((kernels) => {
        const y = take(kernels, 'y')
        kernels.scale(count, -1.5, take(kernels, 'x'), y)
        kernels.addScaled(count, 0.3, take(kernels, 'z'), y)
        kernels.addProduct(count, -0.7, take(kernels, 'a'), take(kernels, 'b'), y, y)
        return kernels.view(y, count + 4)
      })
      agree((kernels) => {
        const [output, target, gradient] = [take(kernels, 'o'), take(kernels, 't'), take(kernels, 'g')]
        const loss = kernels.squaredError(count, output, target, gradient)
        return [loss, ...kernels.view(gradient, count + 4)]
      })
      agree((kernels) => {
        const [logits, target] = [take(kernels, 'o'), place(kernels, draws('t', count).map(Math.abs))]
        const [probabilities, gradient, q] = [take(kernels, 'p'), take(kernels, 'g'), take(kernels, 'q')]
        const loss = kernels.softmaxCrossEntropy(rows, n, logits, target, probabilities, gradient)
        kernels.softmaxHessian(rows, n, probabilities, logits, q)
        return [loss, ...[probabilities, gradient, q].flatMap((array) => [...kernels.view(array, count + 4)])]
      })
      agree((kernels) => {
        const [p, g, m, v] = [take(kernels, 'p'), take(kernels, 'g'), take(kernels, 'm'), take(kernels, 'v')]
        kernels.activate(activationCodes.exp, count, v)
        kernels.adam(count, p, g, m, v, 0.01, 0.9, 0.999, 1e-8, 1.5, 1.2)
        kernels.sgd(count, p, g, m, 0.02, 0.9)
        return [p, m, v].flatMap((array) => [...kernels.view(array, count + 4)])
      })
    }),
    { numRuns: 40 },
  )
})
