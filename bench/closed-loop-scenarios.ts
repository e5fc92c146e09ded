/** Traces and policies of the closed-loop figures, for every script that draws them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { autoregression } from 'cloudsched/forecast'
import { readPlanetlabCsv } from 'cloudsched/io'
import { type DemandTrace, type Forecaster, type ForecastMethod, oracle } from 'cloudsched/pipeline'
import { demandTrace } from 'cloudsched/workload'
import { lastValue, lastValueWithResiduals } from '../examples/forecasters.ts'
import { type Contender, eachSeriesAlone, type Scenario, trainingRows } from './closed-loop-figures.ts'

const horizon = 12
/** Fits a method to the past of a trace; each trace once, whatever the number of levels that are asked for. */
function fittedTo(method: ForecastMethod): (trace: DemandTrace) => Forecaster {
  const known = new WeakMap<DemandTrace, Forecaster>()
  return (trace) => {
    const forecaster = known.get(trace) ?? method.fit(trainingRows(trace))
    known.set(trace, forecaster)
    return forecaster
  }
}

const residuals = fittedTo(lastValueWithResiduals(horizon))
const residual = (level: number): Contender => ({
  name: `last value, ${level} quantile`,
  policy: residuals,
  options: { level },
})
const regressions = fittedTo(eachSeriesAlone(autoregression({ lags: 12, horizon })))
const regression = (level: number): Contender => ({
  name: `autoregression, ${level} quantile`,
  policy: regressions,
  options: { level },
})
const asq: Contender = { name: 'ASQ', policy: () => 'asq' }
const naive: Contender = { name: 'last value', policy: () => lastValue }
const knowing: Contender = { name: 'oracle', policy: oracle }
/** ASQ, naive, quantile and oracle. */
export const contenders: readonly Contender[] = [asq, naive, residual(0.85), knowing]

const quantiles = [0.5, 0.75, 0.85, 0.95]
/** The ends, and quantiles of one forecast between them. */
export const residualContenders: readonly Contender[] = [asq, ...quantiles.map(residual), knowing]
/** The ends, and quantiles of two forecasts between them. */
export const levelContenders: readonly Contender[] = [
  asq,
  ...quantiles.flatMap((level) => [residual(level), regression(level)]),
  knowing,
]

const inDays = { name: 'd', seconds: 86_400 }
/** The source's setting: 100 nodes, up to 200 tasks, 30 days. */
export const generated: Scenario = {
  name: 'closed-loop',
  subtitle: '100 pools, 30 days of 5-minute samples, generated',
  taskCounts: [40, 80, 120, 160, 200],
  seeds: [1, 2, 3],
  trace: (taskCount, seed) => demandTrace({ taskCount, poolCount: 100, days: 30, pastDays: 3, seed }),
  unit: inDays,
}
/** Tasks that run all the time, half of all cores asked for: two of them share a pool. */
export const roomy: Scenario = staying('closed-loop-roomy', 72, 36, 1)
/** Two thirds of all cores asked for, eight tasks share a pool that is three times as large. */
export const crowded: Scenario = staying('closed-loop-crowded', 100, 12, 3)

function staying(name: string, taskCount: number, poolCount: number, poolSize: number): Scenario {
  const size = (capacity: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(capacity).map(([resource, amount]) => [resource, poolSize * amount]))
  return {
    name,
    subtitle: `${taskCount} tasks on ${poolCount} pools, 4 days`,
    taskCounts: [taskCount],
    seeds: [1, 2, 3, 4],
    trace: (count, seed) => {
      const drawn = { taskCount: count, poolCount, days: 4, pastDays: 3, seed, lengthShare: null, arrivalDays: 0 }
      const trace = demandTrace(drawn)
      return { ...trace, pools: trace.pools.map((pool) => ({ ...pool, capacity: size(pool.capacity) })) }
    },
    unit: inDays,
  }
}

const data = process.env['CLOUDSCHED_DATA'] ?? join(import.meta.dirname, '../../shared/data')

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

/** A day of PlanetLab on VMs of one core; `null` where the data is not there. */
export function planetlab(day: '20110303' | '20110409' = '20110303'): Scenario | null {
  const file = join(data, `planetlab-cpu/${day}.csv.gz`)
  if (!existsSync(file)) return null
  const vms = readPlanetlabCsv(gunzipSync(readFileSync(file)).toString())
  const curves = vms.map(({ cpuPercent }) => cpuPercent)
  return {
    name: 'closed-loop-planetlab',
    subtitle: `100 pools of 2, 3 and 4 cores, VMs of one core, 16 hours of ${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
    taskCounts: [200, 400, 600, 800, 1000],
    seeds: [1, 2, 3],
    trace: (taskCount, seed) => planetlabTrace(curves, taskCount, seed),
    unit: { name: 'h', seconds: 3600 },
  }
}
