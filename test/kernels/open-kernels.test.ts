import { afterEach, expect, test, vi } from 'vitest'
import { openKernels } from '../../src/kernels/open-kernels.ts'
import { caught } from '../caught.ts'

afterEach(() => vi.unstubAllGlobals())

test('WebAssembly comes first, and what is asked for by name is what runs', () => {
  expect(openKernels().backend).toBe('wasm-simd')
  expect(openKernels('wasm-simd').backend).toBe('wasm-simd')
  expect(openKernels('typescript').backend).toBe('typescript')
})

test('without SIMD the TypeScript kernels run, and say so', async () => {
  vi.resetModules()
  vi.stubGlobal('WebAssembly', { validate: () => false })
  const fresh = await import('../../src/kernels/open-kernels.ts')
  expect(fresh.openKernels().backend).toBe('typescript')
  expect(() => fresh.openKernels('wasm-simd')).toThrow(
    'kernels must be available: this engine lacks WebAssembly with SIMD',
  )
})

test('each call has a memory of its own', () => {
  const [one, other] = [openKernels(), openKernels()]
  const offset = one.allocate(4)
  expect(other.allocate(4)).toBe(offset)
  one.view(offset, 4).fill(7)
  expect([...other.view(offset, 4)]).toEqual([0, 0, 0, 0])
})

test('more memory than there can be is an error, and the kernels go on', () => {
  const kernels = openKernels('wasm-simd')
  const mark = kernels.mark()
  expect(caught(() => kernels.allocate(2 ** 31)).code).toBe('memory-limit')
  expect(kernels.allocate(3)).toBe(mark)
})
