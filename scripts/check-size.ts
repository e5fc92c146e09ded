/**
 * What the built package costs its users: `node scripts/check-size.ts`, or with `--markdown` a table for the docs.
 *
 * Sizes are those of a browser bundle made from `dist/esm`: minified, ES2022, gzip. The import time is the processor time
 * of a fresh process which imports the root entry, less that of one which imports nothing: the least of 15 runs each.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** What a user may import from the root, and the kB (1000 bytes) of gzip it may cost. A new budget is a new line. */
const kilobyteBudgets: Readonly<Record<string, number>> = {
  '*': 30,
  '{ createProblem, evaluate }': 10,
  '{ whaql }': 18,
}

const importBudgetMs = 50
const importRuns = 15

interface Figure {
  readonly what: string
  readonly value: number
  readonly budget: number
  readonly unit: string
}

async function gzipKilobytes(names: string): Promise<number> {
  const bundle = await build({
    stdin: { contents: `export ${names} from './dist/esm/index.js'`, resolveDir: '.' },
    // The optional peer is loaded by those who ask for it.
    external: ['highs'],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  })
  return gzipSync(bundle.outputFiles[0]!.contents, { level: 9 }).length / 1000
}

/** Processor time, and the least of many runs: what else the machine does can only add to it. */
function importMs(): number {
  const root = pathToFileURL(resolve('dist/esm/index.js')).href
  const runs = Array.from({ length: importRuns }, () => ({ full: processMs(`import '${root}'`), empty: processMs('') }))
  return Math.min(...runs.map(({ full }) => full)) - Math.min(...runs.map(({ empty }) => empty))
}

/** Processor milliseconds of a fresh process up to the end of its imports. */
function processMs(imports: string): number {
  const program = `${imports}\nconst { user, system } = process.cpuUsage()\nconsole.log((user + system) / 1000)`
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program]))
}

if (!existsSync('dist/esm/index.js')) throw new Error('nothing is built: npm run build')

const figures: Figure[] = []
for (const [names, budget] of Object.entries(kilobyteBudgets)) {
  const what = `import ${names} from 'cloudsched'`
  figures.push({ what, value: await gzipKilobytes(names), budget, unit: 'kB gzip' })
}
figures.push({ what: `loading 'cloudsched' in Node`, value: importMs(), budget: importBudgetMs, unit: 'ms' })

const cells = figures.map(({ what, value, budget, unit }) => [what, `${value.toFixed(2)} ${unit}`, `${budget} ${unit}`])
if (process.argv.includes('--markdown')) {
  const rows = [['what', 'measured', 'budget'], ['---', '---', '---'], ...cells]
  console.log(rows.map((row) => `| ${row.join(' | ')} |`).join('\n'))
} else {
  for (const [what, value, budget] of cells) console.log(`${what}: ${value} of ${budget}`)
}
if (figures.some(({ value, budget }) => !(value <= budget))) process.exitCode = 1
