/** Measures again all that stands in docs/results: `npm run evidence`. Takes about an hour on two cores. */
import { spawnSync } from 'node:child_process'
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
  'vtgru-decision',
  'vtgru-speed',
  'vtgru-closed-loop',
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
for (const script of scripts) {
  console.log(`== ${script}`)
  const { status } = spawnSync('npx', ['tsx', join(import.meta.dirname, `${script}.ts`)], { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
