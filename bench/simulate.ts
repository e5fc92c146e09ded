/**
 * Processor time and memory of the simulator from 10^4 to 10^6 tasks; the instance is in `simulate-once.ts`, and each
 * run is a process of its own.
 *
 *   npx tsx bench/simulate.ts
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { markdownTable } from 'cloudsched/report'
import { median, writeChart, writePage } from './evidence-page.ts'
import { growthExponent, growthSpec } from './growth.ts'

interface Run {
  /** Processor-seconds of the first run of a process, which compiles. */
  readonly first: number
  /** Of the runs after it. */
  readonly later: number
  readonly peakMegabytes: number
}

interface Row extends Run {
  readonly taskCount: number
  readonly sharing: 'space' | 'time'
}

const repeats = 5
const modes = ['space', 'time'] as const
const taskCounts = [10_000, 31_623, 100_000, 316_228, 1_000_000]

function measure(taskCount: number, sharing: Row['sharing']): Row {
  const command = [...process.execArgv, join(import.meta.dirname, 'simulate-once.ts'), String(taskCount), sharing]
  const runs = Array.from(
    { length: repeats },
    () => JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })) as Run,
  )
  const row = {
    taskCount,
    sharing,
    first: median(runs.map(({ first }) => first)),
    later: median(runs.map(({ later }) => later)),
    peakMegabytes: median(runs.map(({ peakMegabytes }) => peakMegabytes)),
  }
  console.error(row)
  return row
}

/** Exponent of the growth of compiled code's processor time between two numbers of tasks: 1 = linear. */
function growth(rows: readonly Row[], mode: Row['sharing'], from: number, to: number): string {
  const of = (count: number): Row => rows.find(({ taskCount, sharing }) => taskCount === count && sharing === mode)!
  return growthExponent(of(from), of(to)).toFixed(2)
}

const rows = modes.flatMap((sharing) => taskCounts.map((count) => measure(count, sharing)))
const chart = await writeChart(
  'simulate',
  'Processor time of simulate against the number of tasks',
  growthSpec(rows, {
    title: 'Processor time of simulate once compiled',
    tasks: 'tasks',
    line: { field: 'sharing', title: 'sharing' },
  }),
)
const table = markdownTable(rows, [
  { title: 'tasks', value: (row) => row.taskCount.toLocaleString('en') },
  { title: 'sharing', value: (row) => row.sharing },
  { title: 'first run, s', value: (row) => row.first.toFixed(3) },
  { title: 'later runs, s', value: (row) => row.later.toFixed(3) },
  { title: 'later, microseconds a task', value: (row) => ((1e6 * row.later) / row.taskCount).toFixed(2) },
  { title: 'peak memory, MB', value: (row) => row.peakMegabytes.toFixed(0) },
])
const exponents = modes.map(
  (mode) =>
    `- ${mode}: ${growth(rows, mode, 10_000, 100_000)} from 10^4 to 10^5 tasks, ${growth(rows, mode, 100_000, 1_000_000)} from 10^5 to 10^6`,
)
writePage({
  name: 'simulate',
  title: 'Speed of the simulator',
  command: 'npx tsx bench/simulate.ts',
  seeds: 'none, the instance is a formula',
  body: `Length 1000 + (7919 i mod 9000) MI, 100 VMs of one core with 500, 1000, 1500 and 2000 MIPS by turns, round robin.
Processor time of \`simulate\` with its metrics in seconds, all threads counted, the garbage collector's, too. The first run
of a process compiles the code; later runs are the median of five more in it. Medians over ${repeats} processes. Memory is the
peak of a whole process after its first run, with the problem, the schedule and the TypeScript loader in it.

${table}

${chart}

Exponent of the growth of later runs (1 = linear):

${exponents.join('\n')}`,
})
