// node entries.mjs cloudsched cloudsched/io ...: every entry loads in both formats, and entries share their functions.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
for (const peer of ['highs', 'vega', 'vega-lite'])
  assert.throws(() => require.resolve(peer), { code: 'MODULE_NOT_FOUND' })

const specifiers = process.argv.slice(2)
const asModules = await Promise.all(specifiers.map((specifier) => import(specifier)))
const asCommonJs = specifiers.map((specifier) => require(specifier))

for (const [index, specifier] of specifiers.entries()) {
  const names = Object.keys(asModules[index])
  assert(names.length > 0, `${specifier} exports nothing`)
  assert.deepEqual(
    Object.keys(asCommonJs[index]).sort(),
    names.sort(),
    `${specifier}: both formats export the same names`,
  )
}
for (const modules of [asModules, asCommonJs]) {
  const seen = new Map()
  for (const [name, value] of modules.flatMap((module) => Object.entries(module))) {
    assert(!seen.has(name) || seen.get(name) === value, `${name} exists twice`)
    seen.set(name, value)
  }
}
