/**
 * Figures 2-4 of the source in the closed loop: execution time, waiting time and scheduling count against the number of
 * tasks, on generated traces and on a PlanetLab day (left out, and said so, where the data is not there; CLOUDSCHED_DATA
 * names its folder); and what the quantile does.
 *
 *   npx tsx bench/closed-loop.ts
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { autoregression } from 'cloudsched/forecast'
import { readPlanetlabCsv } from 'cloudsched/io'
import { type DemandTrace, oracle } from 'cloudsched/pipeline'
import { demandTrace } from 'cloudsched/workload'
import { lastValue, lastValueWithResiduals } from '../examples/forecasters.ts'
import {
  type Contender,
  eachSeriesAlone,
  figures,
  runAll,
  type Scenario,
  tableOf,
  trainingRows,
} from './closed-loop-figures.ts'
import { writePage } from './evidence-page.ts'

const horizon = 12
const residual = (level: number | null): Contender => ({
  name: `last value, ${level} quantile`,
  policy: (trace) => lastValueWithResiduals(horizon).fit(trainingRows(trace)),
  options: { level },
})
const regression = (level: number): Contender => ({
  name: `autoregression, ${level} quantile`,
  policy: (trace) => eachSeriesAlone(autoregression({ lags: 12, horizon })).fit(trainingRows(trace)),
  options: { level },
})
const asq: Contender = { name: 'ASQ', policy: () => 'asq' }
const naive: Contender = { name: 'last value', policy: () => lastValue }
const knowing: Contender = { name: 'oracle', policy: oracle }
const contenders = [asq, naive, residual(0.85), knowing]

const day = { name: 'd', seconds: 86_400 }
const generated: Scenario = {
  name: 'closed-loop',
  subtitle: '100 pools, 30 days of 5-minute samples, generated',
  taskCounts: [40, 80, 120, 160, 200],
  seeds: [1, 2, 3],
  trace: (taskCount, seed) => demandTrace({ taskCount, poolCount: 100, days: 30, pastDays: 3, seed }),
  unit: day,
}
const levels: Scenario = {
  name: 'closed-loop-levels',
  subtitle: '',
  taskCounts: [72],
  seeds: [1, 2, 3, 4],
  trace: (taskCount, seed) =>
    demandTrace({ taskCount, poolCount: 36, days: 4, pastDays: 3, seed, lengthShare: null, arrivalDays: 0 }),
  unit: day,
}

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')
const planetlabFile = join(data, 'planetlab-cpu/20110303.csv.gz')

/** The samples of a PlanetLab day on VMs of one core: a third is past, the rest the run; lengths and arrivals are drawn. */
function planetlabTrace(cpuPercent: readonly (readonly number[])[], taskCount: number, seed: number): DemandTrace {
  // A generated trace of one day lends lengths and arrivals, and decides which VMs are taken.
  const drawn = demandTrace({ taskCount, poolCount: 100, days: 1, seed, stepsPerDay: 1, arrivalDays: 0.05 })
  const runShare = 2 / 3
  return {
    stepSeconds: 300,
    stepCount: 288,
    pastSteps: 96,
    tasks: drawn.tasks.map(({ id, lengthMi, arrivalSeconds }, index) => ({
      id,
      lengthMi: lengthMi! * runShare,
      arrivalSeconds: arrivalSeconds!,
      inputMegabytes: 100,
      memoryMegabytes: 1024,
      demand: {
        cpu: cpuPercent[(index * 7 + seed * 331) % cpuPercent.length]!.map((percent) => percent / 100),
        memoryMib: 1024,
      },
      limit: { cpu: 1 },
    })),
    pools: drawn.pools.map(({ id, speedMips, bandwidthMbps, capacity }) => ({
      id,
      speedMips,
      bandwidthMbps,
      capacity: { cpu: capacity['cpu']! / 4, memoryMib: capacity['cpu']! * 4096 },
    })),
  }
}

async function planetlabSection(): Promise<string> {
  if (!existsSync(planetlabFile)) return `Not measured: no data in the folder that CLOUDSCHED_DATA names.`
  const vms = readPlanetlabCsv(gunzipSync(readFileSync(planetlabFile)).toString())
  const scenario: Scenario = {
    name: 'closed-loop-planetlab',
    subtitle: '100 pools of 2, 3 and 4 cores, VMs of one core, 16 hours of 2011-03-03',
    taskCounts: [200, 400, 600, 800, 1000],
    seeds: [1, 2, 3],
    trace: (taskCount, seed) =>
      planetlabTrace(
        vms.map(({ cpuPercent }) => cpuPercent),
        taskCount,
        seed,
      ),
    unit: { name: 'h', seconds: 3600 },
  }
  return figures(contenders, scenario)
}

const started = process.cpuUsage()
const levelContenders = [
  asq,
  ...[0.5, 0.75, 0.85, 0.95].flatMap((level) => [residual(level), regression(level)]),
  knowing,
]
const levelColumns = [
  'reschedules',
  'useless, %',
  'ping-pong, %',
  'overload, %',
  'deficit, core-steps',
  'hotspots',
  'missed',
  'moved, GB',
]
const levelTable = tableOf(runAll(levelContenders, levels), levels, levelColumns)
const planetlab = await planetlabSection()
const main = await figures(contenders, generated)
const { user, system } = process.cpuUsage(started)

writePage({
  name: 'closed-loop',
  title: 'The closed loop: figures 2-4 of the source',
  command: 'npx tsx bench/closed-loop.ts',
  seeds: `${generated.seeds.join(', ')}; quantiles ${levels.seeds.join(', ')}`,
  body: `Means with their 95 % intervals over the seeds (Student's t); with three or four seeds the intervals are wide. What the
numbers show is said in [the closed loop](../algorithms/closed-loop.md), with the definition of each column.

Policies: ASQ expects everything to stay as it is; 'last value' is the same as a forecaster; 'last value, 0.85 quantile'
adds the 0.85 quantile of the h-step changes of each series in the past that lies before the run (3 days, for PlanetLab 8
hours); the oracle knows what comes. Threshold 0.8, horizon 12 steps, cooldown 12 steps, decisions every 5 minutes.
'decision' is the time of one decision by the clock, forecasts included, while other work went on on the machine.

## Generated traces, 30 days

100 pools of 8, 12 and 16 cores; with 200 tasks about half of all cores are asked for while all of them run.

${main}

## PlanetLab

The CPU curves are those of the PlanetLab VMs; that a VM is one core, when it arrives and how much work it has is drawn.

${planetlab}

## What the quantile does

72 tasks that run all the time on 36 pools for 4 days, half of all cores asked for on average. The autoregression has 12
lags and is fitted to the 3 days before the run, for each series alone.

${levelTable}

The whole page took ${Math.round((user + system) / 1e6)} s of processor time.`,
})
