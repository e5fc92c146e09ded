/**
 * The sinusoid benchmark by every learner that does regression, each with fewer iterations than MAML on its own page.
 *
 *   npx tsx bench/meta-sinusoid-learners.ts
 */
import { writePage } from './evidence-page.ts'
import { measureRun, rowsChart, rowsTable, type SinusoidRow, type SinusoidRun, testTasks } from './sinusoid-runs.ts'

const tenPoints = { supportRows: 10 }
const runs: readonly SinusoidRun[] = [
  { name: 'MAML', learner: 'maml', ...tenPoints, options: { iterations: 2000, innerSteps: 5 } },
  {
    name: 'MAML, learned rates',
    learner: 'maml',
    ...tenPoints,
    options: { iterations: 2000, innerSteps: 5, learnRates: true },
  },
  { name: 'FOMAML', learner: 'fomaml', ...tenPoints, options: { iterations: 3000, innerSteps: 5 } },
  { name: 'ANIL', learner: 'anil', ...tenPoints, options: { iterations: 2000, innerSteps: 5 } },
  {
    name: 'Reptile',
    learner: 'reptile',
    ...tenPoints,
    options: { iterations: 1200, innerSteps: 8, innerRate: 0.02, metaRate: 0.3 },
  },
  {
    name: 'PLATIPUS',
    learner: 'platipus',
    ...tenPoints,
    options: { iterations: 500, innerSteps: 5, samples: 5 },
  },
  { name: 'Matching', learner: 'matching', ...tenPoints, options: { iterations: 400 } },
  {
    name: 'Matching, full context',
    learner: 'matching',
    ...tenPoints,
    options: { iterations: 400, fullContext: true },
  },
  {
    name: 'VERSA',
    learner: 'versa',
    ...tenPoints,
    options: { iterations: 1000, metaRate: 0.003, samples: 3, checkEvery: 250 },
  },
  {
    name: 'MAML, 20 000, seed 2',
    learner: 'maml',
    ...tenPoints,
    options: { iterations: 20_000, innerSteps: 5, seed: 2 },
  },
]

const rows: SinusoidRow[] = []
for (const run of runs) {
  rows.push(await measureRun(run))
  // After each run, so that a long measurement that is broken off leaves what it has.
  await writeRows()
}

async function writeRows(): Promise<void> {
  writePage({
    name: 'meta-sinusoid-learners',
    title: 'Eight ways to learn sinusoids from ten points',
    command: 'npx tsx bench/meta-sinusoid-learners.ts',
    seeds: `1 (training; the last row 2), 'test' (the ${testTasks} test tasks)`,
    body: `The setting of [meta-sinusoid](meta-sinusoid.md) with K = 10 for every learner that does regression; prototypical networks classify and are not among them. Budgets of iterations are small and differ, but for the last row, which repeats one of that page with another seed, so this page compares no learner with another at its best: it shows that each adapts. Matching networks and VERSA take no inner steps, their error is the same in every column. Mean squared error with its 95 % interval over ${testTasks} test tasks.

${rowsTable(rows)}

${await rowsChart('meta-sinusoid-learners', 'Learners on sinusoids, K = 10', rows)}`,
  })
}
