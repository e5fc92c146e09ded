import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the example trains, saves, reads, and beats the naive forecast', () => {
  const text = execFileSync('npx', ['tsx', 'examples/05-vtgru.ts'], { stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  const [trained, network, lad, forecast] = text.trim().split('\n')
  expect(trained).toMatch(/^\d+ weights, \d+ windows, best after epoch [1-6], trained on wasm-kernels$/)
  const errors = [network, lad].map((line) => Number(/error ([\d.]+) of/.exec(line!)![1]))
  expect(errors[0]).toBeLessThan(1)
  expect(errors[1]).toBeLessThan(1)
  expect(forecast).toMatch(/^task-0 in an hour: [\d.]+ cores, with 85 % at most [\d.]+$/)
}, 30_000)
