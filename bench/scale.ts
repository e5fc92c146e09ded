/**
 * What the constructive rules do with large problems, one cold process each.
 *
 *   npx tsx bench/scale.ts
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { writePage } from './evidence-page.ts'

function run(script: string): string {
  return execFileSync('npx', ['tsx', join(import.meta.dirname, script)], { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim()
}

writePage({
  name: 'scale',
  title: 'Constructive rules at scale',
  command: 'npx tsx bench/scale.ts',
  seeds: 'none',
  body: `## LPT, a million tasks on a thousand VMs\n\nFrom columns, the making of the problem included (goal: 2 s and 300 MB):\n\n${run('lpt-million.ts')}\n\n## Min-min\n\nGoal: 10 000 x 500 in 5 s.\n\n${run('min-min.ts')}`,
})
