import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('four policies on one day: the last value is ASQ, the oracle overloads nothing', () => {
  const text = execFileSync('npx', ['tsx', 'examples/06-closed-loop.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
  const rows = text
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.split(/\s{2,}/))
  expect(rows.map(([policy]) => policy)).toEqual(['asq', 'last value', 'last value with residuals', 'oracle'])
  const [asq, last, , oracle] = rows.map(([, ...figures]) => figures.map(Number))
  expect(last).toEqual(asq)
  expect(asq![2]).toBeGreaterThan(0)
  expect(oracle!.slice(1)).toEqual([0, 0, 0])
}, 30_000)
