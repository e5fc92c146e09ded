/**
 * Compiles `assembly/` with AssemblyScript into `src/kernels/wasm-binary.ts`: `node scripts/build-kernels.ts`. With
 * `--check` it writes nothing, and fails when the committed bytes are not those of the sources.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const target = 'src/kernels/wasm-binary.ts'

/** The text of the committed file, made from the sources in `folder`. */
export function compileKernels(folder: string): string {
  const binary = join(folder, '.cache/kernels.wasm')
  mkdirSync(join(folder, '.cache'), { recursive: true })
  const compiler = join(folder, 'node_modules/assemblyscript/bin/asc.js')
  const options = ['--runtime', 'stub', '--enable', 'simd', '-O3', '--noAssert', '--outFile', binary]
  execFileSync(process.execPath, [compiler, join(folder, 'assembly/index.ts'), ...options])
  return [
    '/** The WebAssembly module made from `assembly/` by `node scripts/build-kernels.ts`, in base64. */',
    '// biome-ignore format: one long line.',
    `export const wasmBinary: string = '${readFileSync(binary).toString('base64')}'`,
    '',
  ].join('\n')
}

if (import.meta.main) {
  const text = compileKernels('.')
  if (!process.argv.includes('--check')) writeFileSync(target, text)
  else if (readFileSync(target, 'utf8') !== text) {
    console.error(`${target} is not what assembly/ compiles to: node scripts/build-kernels.ts`)
    process.exitCode = 1
  }
}
