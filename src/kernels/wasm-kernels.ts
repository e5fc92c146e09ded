import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { Kernels, Offset } from './kernels.ts'
import { wasmBinary } from './wasm-binary.ts'

type Computation = Omit<Kernels, 'backend' | 'allocate' | 'view' | 'mark' | 'release'>

interface Exports extends Computation {
  readonly memory: { readonly buffer: ArrayBuffer; readonly grow: (pages: number) => number }
  readonly firstFree: () => Offset
}

/** The part of the standard that is used here; the libraries of TypeScript declare it for browsers alone. */
declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array) => boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

const pageBytes = 65_536
/** 4 GiB, the most that 32-bit addresses reach. */
const maxNumbers = 2 ** 30

/** The compiled module; `null` on an engine without SIMD. */
let compiled: object | null | undefined

/** Whether this engine compiles the module, that is, has WebAssembly with SIMD. */
export function hasWasmSimd(): boolean {
  return compile() !== null
}

/** An instance of the WebAssembly kernels with a memory of its own, which goes when the instance goes. */
export function createWasmKernels(): Kernels {
  const module = compile()
  if (module === null) throw new Error('hasWasmSimd() was not asked first.')
  const { memory, firstFree, ...computation } = new WebAssembly.Instance(module, { env: { abort } }).exports as Exports
  let top = firstFree()
  return {
    ...computation,
    backend: 'wasm-simd',
    allocate: (count) => {
      const offset = top
      // Kernels may read up to 12 bytes past an array; a multiple of 64 bytes keeps arrays apart in the cache.
      const end = offset + 16 * Math.ceil((count + 4) / 16)
      const missingBytes = 4 * end - memory.buffer.byteLength
      if (missingBytes > 0) grow(memory, missingBytes)
      top = end
      new Float32Array(memory.buffer, 4 * offset, top - offset).fill(0)
      return offset
    },
    view: (offset, count) => new Float32Array(memory.buffer, 4 * offset, count),
    mark: () => top,
    release: (mark) => {
      top = mark
    },
  }
}

function grow(memory: Exports['memory'], missingBytes: number): void {
  const expected = `at most ${4 * maxNumbers} bytes, and what the machine can give`
  try {
    memory.grow(Math.ceil(missingBytes / pageBytes))
  } catch (cause) {
    const received = memory.buffer.byteLength + missingBytes
    throw new CloudschedError('memory-limit', [{ path: 'kernels.memory', received, expected }], { cause })
  }
}

function compile(): object | null {
  if (compiled !== undefined) return compiled
  const bytes = Uint8Array.from(atob(wasmBinary), (letter) => letter.charCodeAt(0))
  compiled = typeof WebAssembly === 'object' && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null
  return compiled
}

/** The compiler imports it; no kernel calls it. */
function abort(): never {
  throw new Error('A kernel stopped.')
}
