/**
 * Figures 2-4 of the source in the closed loop for V-TGRU, GRU, LSTM, IGRU-SD and ASQ, with the LAD autoregression and the
 * oracle beside them: on generated traces, or on PlanetLab demand.
 *
 *   npx tsx bench/vtgru-closed-loop.ts generated
 *   npx tsx bench/vtgru-closed-loop.ts planetlab
 */
import { forecasterFromJSON, ladAutoregression } from 'cloudsched/forecast'
import {
  igruSdForecaster,
  type NetworkKind,
  networkForecaster,
  type NetworkOptions,
  trainIgruSd,
  trainNetwork,
} from 'cloudsched/forecast/neural'
import {
  type DemandTrace,
  type Forecast,
  type Forecaster,
  type ForecastRequest,
  oracle,
  type TimeSeries,
} from 'cloudsched/pipeline'
import { demandTrace } from 'cloudsched/workload'
import { type Contender, figures, type Scenario } from './closed-loop-figures.ts'
import { planetlab } from './closed-loop-scenarios.ts'
import { writePage } from './evidence-page.ts'
import { remembered } from './remembered.ts'

const horizon = 12
const level = 0.85
/** Forecasts of one series that are computed in one go. */
const chunk = 96
const seed = 1

/** A forecaster that answers in batches, as the networks do. */
type BatchForecaster = Forecaster & { readonly forecastMany?: (requests: readonly ForecastRequest[]) => Forecast[] }

/** Where a scenario comes from, and what the forecasters learn on. */
interface Setting {
  readonly scenario: Scenario
  readonly training: readonly TimeSeries[]
  readonly networkOptions: NetworkOptions
  readonly title: string
  readonly text: string
}

const setting = process.argv[2] === 'planetlab' ? planetlabDemand() : generated()
const contenders: Contender[] = [
  { name: 'ASQ', policy: () => 'asq' },
  forecast('LAD-AR', await lad()),
  forecast('V-TGRU', await network('v-tgru')),
  forecast('GRU', await network('gru')),
  forecast('LSTM', await network('lstm')),
  forecast('IGRU-SD', await igruSd()),
  { name: 'oracle', policy: oracle },
]
const started = process.cpuUsage()
const section = await figures(contenders, setting.scenario)
const { user, system } = process.cpuUsage(started)
writePage({
  name: setting.scenario.name,
  title: setting.title,
  command: `npx tsx bench/vtgru-closed-loop.ts ${process.argv[2] === 'planetlab' ? 'planetlab' : 'generated'}`,
  seeds: `traces ${setting.scenario.seeds.join(', ')}; networks ${seed}`,
  body: `Means with their 95 % intervals over the seeds of the traces (Student's t); with three seeds the intervals are wide. The columns are defined in
[the closed loop](../algorithms/closed-loop.md).

${setting.text}

Every forecaster plans with its ${level} quantile, floored by the present value; threshold 0.8, horizon ${horizon} steps, cooldown 12 steps, decisions every 5 minutes. ASQ
expects everything to stay as it is, the oracle knows what comes. Forecasts are of the processor's use; memory and network are taken to stay as they are (the oracle knows them,
too). IGRU-SD is a reconstruction, and its straggler rule takes no part: the loop does not tell a forecaster how much work a task has left. Forecasts are computed in batches ahead of
their use, each from its own past alone: 'decision, ms' holds them.

${section}

The loops took ${Math.round((user + system) / 1e6)} s of processor time.`,
})

function generated(): Setting {
  const trace = (taskCount: number, of: number): DemandTrace =>
    demandTrace({ taskCount, poolCount: 100, days: 2, pastDays: 1, arrivalDays: 0.2, seed: of })
  const teacher = demandTrace({ taskCount: 30, poolCount: 100, days: 3, seed: 'teacher' })
  return {
    scenario: {
      name: 'vtgru-closed-loop',
      subtitle: '100 pools, 2 days of 5-minute samples, generated',
      taskCounts: [40, 120, 200],
      seeds: [1, 2, 3],
      trace,
      unit: { name: 'h', seconds: 3600 },
    },
    training: teacher.tasks.map(({ id }) => ({ ...seriesOf(teacher, id, 0, teacher.stepCount), id: `teacher ${id}` })),
    networkOptions: { epochs: 3 },
    title: 'The closed loop with networks',
    text: `100 pools of 8, 12 and 16 cores; with 200 tasks about half of all cores are asked for. Forecasters learn once, on 3 days of 30 tasks of another
trace, and meet the tasks of these traces for the first time; the networks see the instance vector: use of processor, memory and network, and the task's length and data.`,
  }
}

function planetlabDemand(): Setting {
  const whole = planetlab()
  if (!whole) {
    console.log('No PlanetLab data: nothing measured.')
    process.exit(0)
  }
  const teacher = whole.trace(200, 4)
  return {
    scenario: { ...whole, name: 'vtgru-closed-loop-planetlab', taskCounts: [200, 600] },
    training: teacher.tasks.map(({ id }) => ({
      ...seriesOf(teacher, id, 0, teacher.pastSteps),
      id: `teacher ${id}`,
    })),
    networkOptions: { epochs: 6, validationShare: 0.25 },
    title: 'The closed loop with networks on PlanetLab demand',
    text: `The CPU curves are those of PlanetLab VMs of 3 March 2011; that a VM is one core, when it arrives and how much work it has is drawn. Forecasters learn once, on the
8 hours before the runs of 200 VMs.`,
  }
}

/** The use of the processor by a task, with the rest of its instance vector as features. */
function seriesOf(trace: DemandTrace, id: string, start: number, end: number): TimeSeries {
  const task = trace.tasks.find((one) => one.id === id)!
  const cut = (series: number | ArrayLike<number>): Float64Array =>
    typeof series === 'number'
      ? new Float64Array(end - start).fill(series)
      : Float64Array.from({ length: end - start }, (_, t) => series[start + t]!)
  const { cpu, memoryMib, networkMbps } = task.demand
  return {
    id: `${id}/cpu`,
    values: cut(cpu!),
    // A constant tells nothing apart.
    ...(networkMbps !== undefined && {
      features: {
        memoryMib: cut(memoryMib!),
        networkMbps: cut(networkMbps),
        lengthMi: cut(task.lengthMi!),
        inputMegabytes: cut(task.inputMegabytes!),
        outputMegabytes: cut(task.outputMegabytes!),
      },
    }),
    stepSeconds: trace.stepSeconds,
  }
}

async function lad(): Promise<Forecaster> {
  const key = [setting.scenario.name, setting.training.length, 'lad']
  const fit = () => ladAutoregression({ horizon }).fit(setting.training).toJSON()
  return forecasterFromJSON(await remembered('vtgru-closed-loop', key, fit))
}

async function network(kind: NetworkKind): Promise<Forecaster> {
  const options = { ...setting.networkOptions, kind, horizon, seed }
  const key = [setting.scenario.name, setting.training.length, options]
  return networkForecaster(await remembered('vtgru-closed-loop', key, () => trainNetwork(setting.training, options)))
}

async function igruSd(): Promise<Forecaster> {
  const features = setting.training[0]!.features ? ['memoryMib', 'networkMbps'] : []
  const options = { ...setting.networkOptions, features, horizon, seed }
  const key = [setting.scenario.name, setting.training.length, 'igru-sd', options]
  return igruSdForecaster(await remembered('vtgru-closed-loop', key, () => trainIgruSd(setting.training, options)))
}

function forecast(name: string, forecaster: BatchForecaster): Contender {
  return { name, policy: (trace) => inChunks(forecaster, trace), options: { level } }
}

/** Asks for the forecasts of a series `chunk` steps at a time; each request holds the past of its own step alone. */
function inChunks(forecaster: BatchForecaster, trace: DemandTrace): Forecaster {
  const { contextSteps, forecastMany = (requests) => requests.map((one) => forecaster.forecast(one)) } = forecaster
  const known = new Map<string, { readonly first: number; readonly answers: readonly Forecast[] }>()
  return {
    name: forecaster.name,
    contextSteps,
    forecast({ history, firstStep = 0, levels = [] }) {
      const present = firstStep + history.values.length - 1
      const [task, resource] = history.id!.split('/') as [string, string]
      if (resource !== 'cpu') return staying(history.values[history.values.length - 1]!, levels.length)
      const found = known.get(task)
      if (found && present >= found.first && present < found.first + found.answers.length)
        return found.answers[present - found.first]!
      const last = Math.min(present + chunk, trace.stepCount)
      const whole = seriesOf(trace, task, Math.max(0, present + 1 - contextSteps), last)
      const skipped = Math.max(0, present + 1 - contextSteps)
      const answers = forecastMany(
        Array.from({ length: last - present }, (_, k) => {
          const end = present + 1 + k - skipped
          const start = Math.max(0, end - contextSteps)
          const cut = (list: ArrayLike<number>): Float64Array => (list as Float64Array).subarray(start, end)
          const features = whole.features && {
            features: Object.fromEntries(Object.entries(whole.features).map(([name, list]) => [name, cut(list)])),
          }
          return { history: { ...whole, values: cut(whole.values), ...features }, horizon, levels }
        }),
      )
      known.set(task, { first: present, answers })
      return answers[0]!
    },
  }
}

function staying(value: number, levelCount: number): Forecast {
  const path = new Float64Array(horizon).fill(value)
  return { values: path, quantiles: new Array<Float64Array>(levelCount).fill(path), fallbacks: [] }
}
