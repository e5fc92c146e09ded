import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { KernelBackend, Kernels } from './kernels.ts'
import { createReferenceKernels } from './reference-kernels.ts'
import { createWasmKernels, hasWasmSimd } from './wasm-kernels.ts'

/**
 * Kernels with a memory of their own. Which ones they are stands in their `backend`, for reports.
 *
 * @param backend - `'auto'` takes WebAssembly where it has SIMD, else TypeScript
 * @throws CloudschedError `solver` when `wasm-simd` is asked for and the engine lacks it
 */
export function openKernels(backend: KernelBackend | 'auto' = 'auto'): Kernels {
  if (backend === 'typescript') return createReferenceKernels()
  if (hasWasmSimd()) return createWasmKernels()
  if (backend === 'auto') return createReferenceKernels()
  const expected = 'available: this engine lacks WebAssembly with SIMD'
  throw new CloudschedError('solver', [{ path: 'kernels', received: backend, expected, hint: "Use 'typescript'." }])
}
