/**
 * Latency of one decision and memory of the stream scheduler against machines and running tasks:
 * `npx tsx bench/live-latency.ts`. Writes docs/results/live-latency.md and a chart.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createScheduler, restoreScheduler, type Scheduler } from 'cloudsched/live'
import { lineSpec, markdownTable } from 'cloudsched/report'
import { median, writeChart, writePage } from './evidence-page.ts'

// Memory cannot be told from garbage without a collection on demand.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** 32 CPUs and 128 GiB each, in ten zones. */
function openCluster(machines: number): Scheduler {
  const scheduler = createScheduler({ remembered: 1000 })
  for (let k = 0; k < machines; k++) {
    const labels = { zone: `z${k % 10}`, host: `m${k}` }
    scheduler.machineChanged({ id: `m${k}`, capacity: { cpu: 32, memoryMib: 131_072 }, labels })
  }
  return scheduler
}

function task(k: number, isConstrained: boolean) {
  const labels = { app: `app${k % 20}` }
  const labelSelector = { matchLabels: labels }
  return {
    id: `t${k}`,
    demand: { cpu: 0.5 + (k % 4) / 2, memoryMib: 256 * (1 + (k % 7)) },
    labels,
    ...(isConstrained
      ? {
          affinity: {
            podAntiAffinity: {
              preferredDuringSchedulingIgnoredDuringExecution: [
                { weight: 50, podAffinityTerm: { labelSelector, topologyKey: 'host' } },
              ],
            },
          },
          topologySpreadConstraints: [
            { maxSkew: 5, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' as const, labelSelector },
          ],
        }
      : {}),
  }
}

/** Milliseconds of wall time of each of `count` single decisions: one task comes, is placed, and an older one ends. */
function latencies(scheduler: Scheduler, first: number, count: number, isConstrained: boolean): number[] {
  return Array.from({ length: count }, (_, k) => {
    scheduler.submit(task(first + k, isConstrained))
    const start = process.hrtime.bigint()
    const placed = scheduler.decide(first + k)
    const ms = Number(process.hrtime.bigint() - start) / 1e6
    if (placed.length !== 1) throw new Error('a cluster with room placed nothing')
    scheduler.finished(`t${first + k}`, { status: 'finished' })
    return ms
  })
}

/** All figures of one size; in a function of its own, so that nothing of it is left when the next one is measured. */
async function measure(machines: number, running: number) {
  // What the last size left is out of reach only after a turn of the event loop.
  await new Promise((resolve) => setTimeout(resolve, 100))
  collect()
  collect()
  const before = process.memoryUsage()
  const scheduler = openCluster(machines)
  for (let k = 0; k < running; k++) scheduler.submit(task(k, false))
  const filling = process.cpuUsage()
  const placed = scheduler.decide(0).length
  const filled = process.cpuUsage(filling)
  collect()
  const after = process.memoryUsage()
  const plain = latencies(scheduler, running, 300, false)
  const constrained = latencies(scheduler, running + 300, 300, true)
  const taking = process.cpuUsage()
  restoreScheduler(JSON.parse(JSON.stringify(scheduler.snapshot())))
  const took = process.cpuUsage(taking)
  return {
    machines,
    'running tasks': placed,
    'median ms': median(plain),
    'p99 ms': plain.toSorted((a, b) => a - b)[Math.floor(0.99 * plain.length)]!,
    'median ms, affinity and spread': median(constrained),
    'burst: µs a task': (filled.user + filled.system) / placed,
    'memory MB': (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6,
    'snapshot and restore ms': (took.user + took.system) / 1000,
  }
}

const sizes = [
  [100, 1000],
  [300, 3000],
  [1000, 10_000],
  [3000, 30_000],
  [10_000, 10_000],
  [10_000, 100_000],
] as const
const rows: Awaited<ReturnType<typeof measure>>[] = []
for (const [machines, running] of sizes) rows.push(await measure(machines, running))

// One line needs one rule: ten running tasks a machine.
const tenAMachine = rows.filter((row) => row['running tasks'] === 10 * row.machines)

function point(row: (typeof rows)[number], figure: string) {
  const series = figure === 'median ms' ? 'plain task' : 'affinity and spread'
  return { series, x: row.machines, y: row[figure as keyof typeof row] }
}

const chart = await writeChart(
  'live-latency',
  'Median latency of a decision against machines',
  lineSpec(
    ['median ms', 'median ms, affinity and spread'].flatMap((figure) => tenAMachine.map((row) => point(row, figure))),
    { title: 'Latency of one decision', xTitle: 'machines', yTitle: 'milliseconds, median' },
  ),
)

writePage({
  name: 'live-latency',
  title: 'Latency and memory of the stream scheduler',
  command: 'npx tsx bench/live-latency.ts',
  seeds: 'none, nothing is drawn',
  body: `A decision is one \`decide\` with one waiting task, wall time, after the cluster was filled to the stated number of running
tasks; every machine is looked at. A burst is one \`decide\` with all tasks waiting, processor time.

${markdownTable(rows)}

${chart}`,
})
