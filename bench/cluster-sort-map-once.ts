/**
 * One process of `cluster-sort-map.ts`: runs rounds of a given size and prints their processor time as JSON.
 *
 *   npx tsx bench/cluster-sort-map-once.ts 10000 forecast
 */
import { clusterSortMap, type PipelineForecast, type PipelineTask, type Pool } from 'cloudsched/pipeline'

const laterRuns = 4
const steps = 12
const taskCount = Number(process.argv[2])
const variant = process.argv[3]!
const poolCount = taskCount / 10

/** A number in [0, 1) that looks random and repeats: by multiplication modulo a prime. */
function spread(i: number, salt: number): number {
  return (((((i + 1) * 7919 + salt * 104_729) % 999_983) * 271) % 999_983) / 999_983
}

const pools: Pool[] = Array.from({ length: poolCount }, (_, j) => ({
  id: `pool-${j}`,
  capacity: { cpu: 16 << (j % 3), memoryMib: 65_536 << (j % 3), networkMbps: 1000 * (1 + (j % 3)) },
  speedMips: 1000 * (1 + (j % 3)),
  bandwidthMbps: 1000 * (1 + (j % 3)),
}))
const tasks: PipelineTask[] = Array.from({ length: taskCount }, (_, i) => ({
  id: `task-${i}`,
  lengthMi: 1000 + 9000 * spread(i, 1),
  demand: { cpu: 0.5 + 4 * spread(i, 2), memoryMib: 1000 + 8000 * spread(i, 3), networkMbps: 1 + 50 * spread(i, 4) },
  inputMegabytes: 100 * spread(i, 5),
  outputMegabytes: 10 * spread(i, 6),
  ...(variant === 'no deadlines' ? {} : { deadlineSeconds: 5 + 100 * spread(i, 7) }),
  ...(variant === 'affinity' || variant === 'all' ? { affinity: neighbours(i) } : {}),
  ...(variant === 'all' ? { pool: `pool-${Math.floor(poolCount * spread(i, 8))}` } : {}),
}))

/** Five partners with up to 100 calls. */
function neighbours(i: number): Record<string, number> {
  const partners = Array.from({ length: 5 }, (_, k) => Math.floor(taskCount * spread(i, 20 + k)))
  return Object.fromEntries(partners.map((other, k) => [`task-${other}`, 100 * spread(i, 30 + k)]))
}

function forecastOf(task: PipelineTask, i: number): { demand: Record<string, number[]> } {
  const paths = Object.entries(task.demand).map(([resource, value], r) => {
    const path = Array.from({ length: steps }, (_, step) => value * (0.7 + 0.6 * spread(i * steps + step, 40 + r)))
    return [resource, path] as const
  })
  return { demand: Object.fromEntries(paths) }
}

const forecast: PipelineForecast =
  variant === 'forecast' || variant === 'all'
    ? { tasks: Object.fromEntries(tasks.map((task, i) => [task.id, forecastOf(task, i)])) }
    : {}

function run(): { seconds: number; unscheduled: number; misses: number } {
  const before = process.cpuUsage()
  const { unscheduled, deadlineMisses } = clusterSortMap(tasks, pools, { forecast })
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, unscheduled: unscheduled.length, misses: deadlineMisses.length }
}

const first = run()
// Small rounds need more of them until all code is compiled.
for (let done = 0; done < 30_000; done += taskCount) run()
const later = Array.from({ length: laterRuns }, () => run().seconds).sort((a, b) => a - b)
console.log(
  JSON.stringify({
    first: first.seconds,
    later: later[later.length >> 1],
    unscheduled: first.unscheduled,
    misses: first.misses,
  }),
)
