import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('the adapted scheduler meets more tasks than the greedy, at a lower cost, and a chart', () => {
  const out = mkdtempSync(join(tmpdir(), 'cloudsched-example-'))
  const text = execFileSync('npx', ['tsx', 'examples/12-meta-scheduling.ts', '--out', out], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
  const [qos, cost] = /MAML\s+40\s+([\d.]+)\s+([\d.]+)/.exec(text)!.slice(1).map(Number) as [number, number]
  const [greedyQos, greedyCost] = /cheapest first\s+40\s+([\d.]+)\s+([\d.]+)/.exec(text)!.slice(1).map(Number) as [
    number,
    number,
  ]
  expect(qos).toBeGreaterThan(greedyQos + 15)
  expect(cost).toBeLessThan(0.8 * greedyCost)
  expect(readFileSync(join(out, 'meta-scheduling.svg'), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
  rmSync(out, { recursive: true })
}, 30_000)
