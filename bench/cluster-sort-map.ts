/**
 * Processor time of one `clusterSortMap` round from 1 000 tasks on 100 pools to 10 000 on 1 000; the instance is in
 * `cluster-sort-map-once.ts`, and each size and variant is a process of its own.
 *
 *   npx tsx bench/cluster-sort-map.ts
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { markdownTable } from 'cloudsched/report'
import { writeChart, writePage } from './evidence-page.ts'
import { growthExponent, growthSpec } from './growth.ts'

interface Run {
  /** Processor-seconds of the first round of a process, which compiles. */
  readonly first: number
  /** Of the rounds after it. */
  readonly later: number
  readonly unscheduled: number
  readonly misses: number
}

interface Row extends Run {
  readonly taskCount: number
  readonly variant: string
}

const taskCounts = [1000, 2150, 4640, 10_000]
const variants = ['no deadlines', 'deadlines', 'forecast', 'affinity', 'all']

function measure(taskCount: number, variant: string): Row {
  const command = [
    ...process.execArgv,
    join(import.meta.dirname, 'cluster-sort-map-once.ts'),
    String(taskCount),
    variant,
  ]
  const run = JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as Run
  const row = { ...run, taskCount, variant }
  console.error(row)
  return row
}

/** Exponent of the growth of the time with the number of tasks, with a tenth as many pools: 1 = linear. */
function growth(rows: readonly Row[], variant: string): string {
  const own = rows.filter((row) => row.variant === variant)
  return growthExponent(own[0]!, own.at(-1)!).toFixed(2)
}

const rows = variants.flatMap((variant) => taskCounts.map((count) => measure(count, variant)))
const chart = await writeChart(
  'cluster-sort-map',
  'Processor time of a clusterSortMap round against the number of tasks',
  growthSpec(rows, {
    title: 'Processor time of a clusterSortMap round',
    tasks: 'tasks (on a tenth as many pools)',
    line: { field: 'variant', title: 'round with', sort: variants },
  }),
)
const table = markdownTable(rows, [
  { title: 'tasks', value: (row) => row.taskCount.toLocaleString('en') },
  { title: 'pools', value: (row) => (row.taskCount / 10).toLocaleString('en') },
  { title: 'round with', value: (row) => row.variant },
  { title: 'first round, s', value: (row) => row.first.toFixed(3) },
  { title: 'later rounds, s', value: (row) => row.later.toFixed(3) },
  { title: 'later, microseconds a task', value: (row) => ((1e6 * row.later) / row.taskCount).toFixed(1) },
  { title: 'miss their deadline', value: (row) => String(row.misses) },
  { title: 'unscheduled', value: (row) => String(row.unscheduled) },
])
writePage({
  name: 'cluster-sort-map',
  title: 'Speed of a cluster-sort-map round',
  command: 'npx tsx bench/cluster-sort-map.ts',
  seeds: 'the default one for the clustering; the instance is a formula',
  body: `Three kinds of pools by turns, three resources (cpu, memory, network), ten tasks a pool. 'Deadlines': 5 to 105 s, which
the instance makes hard: the tasks that miss theirs are judged on every pool. 'Forecast': the same with a path of 12 steps
for each demand. 'Affinity': the same as 'deadlines' with five partners a task. 'All': deadlines, forecast, affinity, and
every task on a pool to begin with. 'No deadlines' has none of these.

Processor time of the whole call in seconds, checks of the input and the result's records with it, all threads counted, the
garbage collector's, too. The first round of a process compiles the code; later rounds are the median of four more, after
those of 30 000 further tasks. One process for each row.

${table}

${chart}

Exponent of the growth of later rounds from ${taskCounts[0]!.toLocaleString('en')} to ${taskCounts.at(-1)!.toLocaleString('en')} tasks. Pools grow with the tasks, so 2 would be to look
at every pool for every task, 1 at a fixed number:

${variants.map((variant) => `- ${variant}: ${growth(rows, variant)}`).join('\n')}`,
})
