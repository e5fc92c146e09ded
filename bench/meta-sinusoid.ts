/**
 * The sinusoid benchmark of Finn et al. (2017) by exact second-order MAML, at the levels that its authors' setting reaches,
 * beside a network that is pre-trained on all tasks and fine-tuned.
 *
 *   npx tsx bench/meta-sinusoid.ts
 */
import { writePage } from './evidence-page.ts'
import { measureRun, rowsChart, rowsTable, type SinusoidRow, type SinusoidRun, testTasks } from './sinusoid-runs.ts'

const runs: readonly SinusoidRun[] = [
  {
    name: 'MAML, K = 10, 5 steps',
    learner: 'maml',
    supportRows: 10,
    options: { iterations: 20_000, innerSteps: 5, metaRate: 0.003, anneal: true },
    level: '<= 0.06 after 10',
  },
  {
    name: 'MAML, K = 5, 1 step',
    learner: 'maml',
    supportRows: 5,
    options: { iterations: 20_000, metaRate: 0.003, anneal: true },
    level: '<= 0.65 after 1',
  },
  {
    name: 'pre-trained, fine-tuned, K = 10',
    learner: 'maml',
    supportRows: 10,
    // An inner rate of next to nothing: the meta-gradient is the plain gradient over all tasks.
    options: { iterations: 5000, innerRate: 1e-12, anneal: true },
    adaptRate: 0.01,
  },
  {
    name: 'MAML, K = 10, 1 step',
    learner: 'maml',
    supportRows: 10,
    options: { iterations: 70_000, metaRate: 0.002, anneal: true },
    level: '<= 0.36 after 1, <= 0.12 after 10',
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
    name: 'meta-sinusoid',
    title: 'MAML on sinusoids',
    command: 'npx tsx bench/meta-sinusoid.ts',
    seeds: `1 (training), 'test' (the ${testTasks} test tasks)`,
    body: `Regression of y = a sin(x - p) from K points, a in [0.1, 5], p in [0, pi], x in [-5, 5]; network 1-40-40-1 with relu, inner rate 0.01, 25 tasks per iteration, Adam with a rate that falls in a straight line to a twentieth (from 0.003 over 20 000 iterations, 0.002 over 70 000, 0.001 pre-trained), 10 query points in training and 100 in the test. The weights are those with the least loss on 100 held-out tasks. Mean squared error with its 95 % interval over ${testTasks} test tasks, the same for all rows. The oracle, which knows a and p, has 0. A diverged adaptation (its own support loss is ten times what it was, or not finite) is counted, and answers with its best step; no error was left out.

${rowsTable(rows)}

${await rowsChart('meta-sinusoid', 'MAML on sinusoids', rows)}`,
  })
}
