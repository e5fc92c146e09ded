import { writeFileSync } from 'node:fs'
import type { Options } from 'tsup'
import { command, entries } from './scripts/entries.ts'

const entry = Object.fromEntries(entries.map(({ output, source }) => [output, source]))

/** JavaScript only: the types come from `tsc` (tsconfig.build.json). Splitting keeps one copy of each function. */
const shared = { target: 'es2022', sourcemap: true, splitting: true, dts: false, clean: true } satisfies Options

const config: Options[] = [
  {
    ...shared,
    entry: command ? { ...entry, [command.output]: command.source } : entry,
    format: 'esm',
    outDir: 'dist/esm',
  },
  {
    ...shared,
    entry,
    format: 'cjs',
    outDir: 'dist/cjs',
    outExtension: () => ({ js: '.js' }),
    // By rollup: the default way to split CommonJS lowers `??` and `?.` to closures, which slows hot loops.
    treeshake: true,
    onSuccess: async () => writeFileSync('dist/cjs/package.json', '{ "type": "commonjs" }\n'),
  },
]

export default config
