import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the example prepares, searches, and judges once on the hold-out', () => {
  const text = execFileSync('npx', ['tsx', 'examples/08-choose-a-forecaster.ts'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
  expect(text).toContain('6745 measurements -> 1438 steps, 61 empty, 14 impossible, 74 filled')
  const [, chosen, naive] = /errs by (\d+\.\d+), naive by (\d+\.\d+)/.exec(text)!
  expect(Number(chosen)).toBeLessThan(0.5 * Number(naive))
}, 30_000)
