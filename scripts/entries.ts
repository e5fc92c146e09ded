/**
 * The one list of what a user can import. The bundles, the `exports` of package.json, the test aliases, the API reports
 * and the size budget all follow from it: a new entry is one new line here, then `npm run entries:update`.
 */
import { existsSync } from 'node:fs'

const subpaths = [
  '.',
  './simulate',
  './workload',
  './io',
  './report',
  './experiment',
  './packing',
  './pipeline',
  './forecast',
  './forecast/neural',
  './meta',
  './live',
  './kubernetes',
] as const

export interface Entry {
  /** What the user writes after the package's name: `.` or `./io`. */
  readonly subpath: string
  /** What the user writes: `cloudsched` or `cloudsched/io`. */
  readonly specifier: string
  /** The built file below `dist/esm` and `dist/cjs`, without its extension. */
  readonly output: string
  readonly source: string
}

/** An entry appears when its part exists. */
export const entries: readonly Entry[] = subpaths
  .map((subpath) => {
    const output = subpath === '.' ? 'index' : `${subpath.slice(2)}/index`
    return { subpath, specifier: `cloudsched${subpath.slice(1)}`, output, source: `src/${output}.ts` }
  })
  .filter((entry) => existsSync(entry.source))

/** The command is a program, not an entry: built as an ES module only. */
export const command: Entry | undefined = existsSync('src/cli/main.ts')
  ? { subpath: 'cloudsched', specifier: 'cloudsched', output: 'cli/main', source: 'src/cli/main.ts' }
  : undefined
