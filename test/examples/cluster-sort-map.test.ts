import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('a forecast keeps machines from being overfull at night, and a chart', () => {
  const out = mkdtempSync(join(tmpdir(), 'cloudsched-example-'))
  const text = execFileSync('npx', ['tsx', 'examples/11-cluster-sort-map.ts', '--out', out], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
  expect(text).toMatch(/by what is now: 24 placed, 0 not; [1-9]\d* of 144 machine-hours overfull/)
  expect(text).toMatch(/by the forecast: 24 placed, 0 not; 0 of 144 machine-hours overfull/)
  expect(readFileSync(join(out, 'cluster-sort-map.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
  rmSync(out, { recursive: true })
}, 30_000)
