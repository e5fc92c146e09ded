import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { compileKernels } from '../../scripts/build-kernels.ts'

test('the committed WebAssembly is what its sources compile to', () => {
  expect(readFileSync('src/kernels/wasm-binary.ts', 'utf8')).toBe(compileKernels('.'))
})
