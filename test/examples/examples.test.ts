import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Runs an example as its reader would: `npx tsx examples/...`. */
function run(example: string, ...options: string[]): string {
  return execFileSync('npx', ['tsx', join('examples', example), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  }).toString()
}

test('the first schedule says what it is worth', () => {
  const lines = run('01-first-schedule.ts').trim().split('\n')
  // Both tasks apart: 90 000 / 800 = 112.5 s and 60 000 / 400 = 150 s, for 112.5 * 0.02 + 150 * 0.007 = 3.30.
  expect(lines).toEqual([
    'assignment 0, 1: 150 s for 3.30',
    'at most 8.3 % from the optimum',
    "VM 'cheap' decides the makespan",
  ])
}, 30_000)

test('every solver beside every other, and two charts', () => {
  const out = mkdtempSync(join(tmpdir(), 'cloudsched-example-'))
  const text = run('02-compare-solvers.ts', '--tasks', '10', '--out', out)
  for (const solver of ['round robin', 'LPT', 'annealing', 'NSGA-II', 'WHAQL (default)', 'MILP'])
    expect(text).toContain(solver)
  for (const chart of ['gantt.svg', 'convergence.svg'])
    expect(readFileSync(join(out, chart), 'utf8')).toMatch(/^<svg [\s\S]*<\/svg>\s*$/)
  rmSync(out, { recursive: true })
}, 60_000)

test('an experiment of a dozen lines, as in a notebook', () => {
  expect(
    readFileSync('examples/03-experiment.ts', 'utf8')
      .split('\n')
      .filter((line) => /^\S/.test(line)).length,
  ).toBeLessThan(20)
  const text = run('03-experiment.ts')
  expect(text).toMatch(/QL against WHAQL: better on \d, worse on \d of 5 problems, p = 0\.\d{3}/)
  expect(text).toMatch(/gap \(%\)/)
}, 30_000)
