/**
 * The sinusoid benchmark by every learner that does regression, each with fewer iterations than MAML on its own page.
 *
 *   npx tsx bench/meta-sinusoid-learners.ts
 */
import { writePage } from './evidence-page.ts'
import { measureRun, rowsChart, rowsTable, type SinusoidRow, type SinusoidRun, testTasks } from './sinusoid-runs.ts'

type Contender = Omit<SinusoidRun, 'supportRows'>

const contenders: readonly Contender[] = [
  { name: 'MAML', learner: 'maml', options: { iterations: 5000, innerSteps: 5 } },
  { name: 'MAML, learned rates', learner: 'maml', options: { iterations: 5000, innerSteps: 5, learnRates: true } },
  { name: 'FOMAML', learner: 'fomaml', options: { iterations: 8000, innerSteps: 5 } },
  { name: 'ANIL', learner: 'anil', options: { iterations: 5000, innerSteps: 5 } },
  {
    name: 'Reptile',
    learner: 'reptile',
    options: { iterations: 3000, innerSteps: 8, innerRate: 0.02, metaRate: 0.3 },
  },
  { name: 'PLATIPUS', learner: 'platipus', options: { iterations: 1200, innerSteps: 5, samples: 5 } },
  { name: 'Matching', learner: 'matching', options: { iterations: 800 } },
  { name: 'Matching, full context', learner: 'matching', options: { iterations: 800, fullContext: true } },
  { name: 'VERSA', learner: 'versa', options: { iterations: 1000, metaRate: 0.003, samples: 3, checkEvery: 250 } },
]
const secondSeed: Contender = {
  name: 'MAML, 20 000, seed 2',
  learner: 'maml',
  options: { iterations: 20_000, innerSteps: 5, seed: 2 },
}

const settings = [
  { points: 10, runs: [...contenders, secondSeed], rows: [] as SinusoidRow[] },
  { points: 5, runs: contenders, rows: [] as SinusoidRow[] },
]
for (const { points, runs, rows } of settings) {
  for (const run of runs) {
    rows.push(await measureRun({ ...run, supportRows: points }))
    // After each run, so that a long measurement that is broken off leaves what it has.
    await writeRows()
  }
}

async function writeRows(): Promise<void> {
  const sections = settings
    .filter(({ rows }) => rows.length > 0)
    .map(async ({ points, rows }) => {
      const name = points === 10 ? 'meta-sinusoid-learners' : `meta-sinusoid-learners-${points}`
      const chart = await rowsChart(name, `Learners on sinusoids, K = ${points}`, rows)
      return `## K = ${points}\n\n${rowsTable(rows)}\n\n${chart}`
    })
  writePage({
    name: 'meta-sinusoid-learners',
    title: 'Eight ways to learn sinusoids from five and from ten points',
    command: 'npx tsx bench/meta-sinusoid-learners.ts',
    seeds: `1 (training; the last row of K = 10: 2), 'test' (the ${testTasks} test tasks)`,
    body: `The setting of [meta-sinusoid](meta-sinusoid.md) for every learner that does regression; prototypical networks classify and are not among them. Budgets of iterations are small and differ, but for the last row of K = 10, which repeats one of that page with another seed, so this page compares no learner with another at its best: it shows that each adapts. Matching networks and VERSA take no inner steps, their error is the same in every column. Mean squared error with its 95 % interval over ${testTasks} test tasks.

${(await Promise.all(sections)).join('\n\n')}`,
  })
}
