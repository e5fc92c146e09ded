/** Measures again all that stands in docs/results, one script after the other: `npm run evidence`. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'

const scripts = [
  'paper-figures',
  'whaql',
  'whaql-cpp',
  'genetic',
  'unrelated-heuristics',
  'local-search-unrelated',
  'exact',
  'scale',
  'memory',
  'real-logs',
  'simulate',
  'file-formats',
  'kernels',
  'packing',
  'cluster-sort-map',
  'closed-loop',
  'closed-loop-levels',
  'forecast-nab',
  'forecast-decision',
  'forecast-regression',
  'vtgru-bar',
  'vtgru-sets',
  'vtgru-decision-choice',
  'vtgru-decision',
  'vtgru-speed',
  'vtgru-closed-loop generated',
  'vtgru-closed-loop planetlab',
  'meta-schedulers',
  'meta-sinusoid',
  'meta-sinusoid-learners',
  'meta-decisions',
  'meta-traces',
  'anomalies',
  'live-latency',
  'live-simulation',
  'live-loop',
  'scenes',
]
// Runs that were kept between sittings are of the code as it was then.
rmSync(join(import.meta.dirname, '../.cache/bench'), { recursive: true, force: true })
for (const line of scripts) {
  console.log(`== ${line}`)
  const [script, ...options] = line.split(' ')
  const command = ['tsx', join(import.meta.dirname, `${script}.ts`), ...options]
  const { status } = spawnSync('npx', command, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
