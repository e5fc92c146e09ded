/**
 * Holds the entry fields of package.json against `entries.ts`: `node scripts/check-entries.ts`, or with `--write` to
 * bring them up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { command, entries } from './entries.ts'

const modulePaths = (format: 'esm' | 'cjs', output: string): { types: string; default: string } => ({
  types: `./dist/${format}/${output}.d.ts`,
  default: `./dist/${format}/${output}.js`,
})

const fields = {
  bin: command && { cloudsched: `dist/esm/${command.output}.js` },
  main: './dist/cjs/index.js',
  module: './dist/esm/index.js',
  types: './dist/cjs/index.d.ts',
  exports: {
    ...Object.fromEntries(
      entries.map(({ subpath, output }) => [
        subpath,
        { import: modulePaths('esm', output), require: modulePaths('cjs', output) },
      ]),
    ),
    './package.json': './package.json',
  },
  // For consumers whose module resolution does not read `exports`.
  typesVersions: {
    '*': Object.fromEntries(
      entries
        .filter(({ subpath }) => subpath !== '.')
        .map(({ subpath, output }) => [subpath.slice(2), [`./dist/cjs/${output}.d.ts`]]),
    ),
  },
}

const manifest: Record<string, unknown> = JSON.parse(readFileSync('package.json', 'utf8'))
const stale = Object.entries(fields).filter(([field, value]) => !isDeepStrictEqual(manifest[field], value))

if (process.argv.includes('--write')) {
  writeFileSync('package.json', `${JSON.stringify({ ...manifest, ...fields }, null, 2)}\n`)
  console.log(`entries: ${entries.length} written to package.json`)
} else {
  for (const [field] of stale)
    console.error(`package.json: "${field}" does not match scripts/entries.ts: npm run entries:update`)
  console.log(`entries: ${entries.length}, ${stale.length} stale fields`)
  if (entries.length === 0 || stale.length > 0) process.exitCode = 1
}
