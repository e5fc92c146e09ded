/**
 * Clouds cut from real traces, decided about by a model that was trained on generated clouds alone: nodes of the openb GPU
 * cluster, instances of Alibaba batch tasks. Says so and stops where the data is not there (CLOUDSCHED_DATA names its folder).
 *
 *   npx tsx bench/meta-traces.ts
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { meanInterval } from 'cloudsched/experiment'
import { readAlibabaBatchTasks, readOpenbNodes } from 'cloudsched/io'
import {
  type Cloud,
  completeCloud,
  exploreCloud,
  loadCloudSolver,
  oracleAllocation,
  type Resource,
  type TaskDemand,
} from 'cloudsched/meta'
import { markdownTable } from 'cloudsched/report'
import { median, writePage } from './evidence-page.ts'
import { clouds, learned, type Method, nominalGreedies, outcome, ridge, train, unadapted } from './meta-methods.ts'

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
if (!existsSync(data)) {
  console.log(`No data in ${data}: nothing measured.`)
  process.exit(0)
}

const nodes = readOpenbNodes(readFileSync(join(data, 'openb-gpu-cluster/nodes.csv'), 'utf8'))
const tasks = readAlibabaBatchTasks(
  gunzipSync(readFileSync(join(data, 'alibaba-batch-tasks/jobs.csv.gz'))).toString(),
).toSorted((a, b) => a.submitSeconds - b.submitSeconds)

/** GFLOP/s of one core: a scale alone, for time and work share it. */
const coreGflops = 0.4
const longTask = median(tasks.map(({ durationSeconds }) => durationSeconds))
const largeTask = median(tasks.map(({ memoryShare }) => memoryShare))

const smallGpus = new Set(['P100', 'T4'])
const resources = nodes.map(({ cpuMilli, memoryMib, gpuCount, gpuModel }): Resource => {
  const speedGflops = (cpuMilli / 1000) * coreGflops * (1 + gpuCount / 8)
  return {
    kind: gpuModel === null ? 0 : smallGpus.has(gpuModel) ? 1 : 2,
    speedGflops,
    storageGb: memoryMib / 1024,
    bandwidthMbps: (cpuMilli / 1000) * 50,
    pricePerSecond: 0.02 * (speedGflops / 10) ** 1.2,
  }
})
const demands = tasks
  .filter(({ cpuCores, memoryShare }) => cpuCores > 0 && memoryShare > 0)
  .map(
    ({ durationSeconds, cpuCores, memoryShare }): TaskDemand => ({
      workloadClass: (durationSeconds > longTask ? 2 : 0) + (memoryShare > largeTask ? 1 : 0),
      computeGflop: durationSeconds * cpuCores * coreGflops,
      storageGb: memoryShare * 1024,
      networkMbit: memoryShare * 1024 * 20,
    }),
  )

/** A stretch of the trace on nodes from all over the cluster. */
function traceCloud(k: number): Cloud {
  const count = 4 + ((k * 7) % 29)
  const chosen = Array.from({ length: count }, (_, j) => resources[(k * 131 + j * 97) % resources.length]!)
  const from = (k * 80) % (demands.length - 80)
  return completeCloud(chosen, demands.slice(from, from + 50), demands.slice(from + 50, from + 80), {
    seed: `trace/${k}`,
  })
}

const { model } = await train('maml', clouds('train', 300), { iterations: 300, metaRate: 0.003 })
const solve = await loadCloudSolver()
const methods: readonly Method[] = [
  ...nominalGreedies,
  ridge('(d) ridge, exact allocation', 1),
  ridge('(d) ridge, times + 20 %', 1.2),
  unadapted('(e) un-adapted: no records', model),
  learned('MAML', model),
]
const count = 200
const rows = new Map(
  ['oracle', ...methods.map(({ name }) => name)].map((name) => [name, { cost: [] as number[], qos: [] as number[] }]),
)
for (let k = 0; k < count; k++) {
  const cloud = traceCloud(k)
  const support = exploreCloud(cloud, { records: 20, seed: 'trace' })
  const best = outcome(cloud, oracleAllocation(cloud, solve))
  const add = (name: string, { cost, qosRate }: typeof best): void => {
    rows.get(name)!.cost.push(cost / best.cost)
    rows.get(name)!.qos.push(100 * qosRate!)
  }
  add('oracle', best)
  for (const { name, decide } of methods) add(name, outcome(cloud, decide(cloud, support)))
}
const interval = (values: readonly number[]): string => {
  const { mean, low, high } = meanInterval(values)!
  return `${mean.toFixed(3)} ± ${((high! - low!) / 2).toFixed(3)}`
}

writePage({
  name: 'meta-traces',
  title: 'Meta-learned scheduling on clouds cut from traces',
  command: 'npx tsx bench/meta-traces.ts',
  seeds:
    "'train/0' to 'train/299' (training, generated clouds alone), 'trace/0' to 'trace/199' (what the traces do not show)",
  body: `${count} clouds of 4 to 32 nodes of the openb GPU cluster and 30 tasks each out of Alibaba batch tasks, after 20 records of the 50 tasks before them. From the traces: cores, memory and GPU model of a node (kind: none, P100 or T4, other), duration, cores and memory of a task (class: longer than the median or not, larger or not); one core is taken as ${coreGflops} GFLOP/s, a node of 8 GPUs as twice as fast. Not in the traces, and chosen: 50 Mbit/s per core, 20 Mbit per GB of a task, price 0.02 (GFLOP/s / 10)^1.2, and what is hidden (efficiencies, load) as in the generated clouds. Here memory is the storage that couples the tasks. Means with 95 % intervals.

${markdownTable(
  [...rows].map(([name, { cost, qos }]) => ({ name, cost: interval(cost), qos: interval(qos) })),
  [
    { title: 'scheduler', value: ({ name }) => name },
    { title: "cost / oracle's", value: ({ cost }) => cost },
    { title: 'QoS, % of tasks', value: ({ qos }) => qos },
  ],
)}`,
})
