import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { entries } from '../../scripts/entries.ts'

/** What a page may leave out; each under a name that no package has. */
const absentPeers = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', 'highs', 'vega', 'vega-lite']

test.each(entries)(
  '$specifier goes into a web page without the optional peers and without Node',
  async ({ source }) => {
    // For a browser a Node built-in is a package that cannot be found.
    const { errors, warnings } = await build({
      entryPoints: [source],
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
      alias: Object.fromEntries(absentPeers.map((name) => [name, `absent-${name.replaceAll(/\W/g, '-')}`])),
    })
    expect([...errors, ...warnings].map(({ text }) => text)).toEqual([])
  },
)
