import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('the forecast example ranks its methods and answers with the best', () => {
  const text = execFileSync('npx', ['tsx', 'examples/04-forecast.ts'], { stdio: ['ignore', 'pipe', 'pipe'] }).toString()
  const ratios = [...text.matchAll(/^(.+?) +([\d.]+) x the error of naive$/gm)].map(([, name, ratio]) => [name, ratio])
  expect(ratios).toEqual([
    ['naive', '1.00'],
    ['hour before', '0.58'],
    ['rolling median', '0.95'],
    ['LAD autoregression', '0.46'],
  ])
  expect(text).toContain('stand-ins: none')
}, 30_000)
