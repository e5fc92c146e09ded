/**
 * Figures 2-4 of the source in the closed loop for V-TGRU, GRU, LSTM, IGRU-SD and ASQ, with the LAD autoregression and the
 * oracle beside them: on generated traces (about half an hour), or on PlanetLab demand (about a quarter of an hour).
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
import { type DemandTrace, type Forecaster, oracle, simulateScheduling, type TimeSeries } from 'cloudsched/pipeline'
import { demandTrace } from 'cloudsched/workload'
import { type Contender, figures, type Scenario } from './closed-loop-figures.ts'
import { planetlab } from './closed-loop-scenarios.ts'
import { writePage } from './evidence-page.ts'
import { remembered } from './remembered.ts'

const horizon = 12
const level = 0.85
/** Only the processor is forecast: what the networks are trained for. */
const loop = { level, horizon, forecastResources: ['cpu'] }
/** What a pool has, and the other needs of a task: the vectors of the source. */
const poolVector = ['pool/cpu', 'pool/memoryMib', 'pool/speedMips', 'pool/bandwidthMbps']
const instanceVector = ['lengthMi', 'inputMegabytes', 'outputMegabytes', 'memoryMib', 'networkMbps']

/** Where a scenario comes from, and what the forecasters learn on. */
interface Setting {
  readonly scenario: Scenario
  /** Rows of a run without forecasts, with all features. */
  readonly training: readonly TimeSeries[]
  /** Features that say something there: a constant tells nothing apart. */
  readonly features: readonly string[]
  /** Those that are demands. */
  readonly demands: readonly string[]
  readonly networkOptions: NetworkOptions
  readonly title: string
  readonly text: string
}

const isPlanetlab = process.argv[2] === 'planetlab'
const setting = isPlanetlab ? planetlabDemand() : generatedDemand()
const { scenario, training, features, demands, networkOptions } = setting
/** What tells a trained model apart from one that learnt on other rows. */
const learnt = [scenario.subtitle, training.map(({ features: columns }) => columns!['lengthMi']![0])]
const contenders: Contender[] = [
  { name: 'ASQ', policy: () => 'asq' },
  { name: 'LAD-AR', policy: await lad(), options: loop },
  { name: 'V-TGRU', policy: await bySeed(network('v-tgru')), options: loop },
  { name: 'V-TGRU, use alone', policy: await bySeed(network('v-tgru', [])), options: loop },
  { name: 'GRU', policy: await bySeed(network('gru')), options: loop },
  { name: 'LSTM', policy: await bySeed(network('lstm')), options: loop },
  { name: 'IGRU-SD', policy: await bySeed(igruSd), options: loop },
  { name: 'oracle', policy: oracle },
]
const section = await figures(contenders, scenario)
writePage({
  name: scenario.name,
  title: setting.title,
  command: `npx tsx bench/vtgru-closed-loop.ts ${isPlanetlab ? 'planetlab' : 'generated'}`,
  seeds: `${scenario.seeds.join(', ')}, of the traces and of the networks that meet them`,
  body: `Means with their 95 % intervals over the seeds (Student's t); with three seeds the intervals are wide. The columns are defined in
[the closed loop](../algorithms/closed-loop.md).

${setting.text}

The networks are trained with the trace's seed and see the instance vector and the vector of the pool that the task is on, step by step: ${['cpu', ...features].map((name) => `\`${name}\``).join(', ')}
(\`pool/cpu\` is what is free of it). 'V-TGRU, use alone' sees the first of them only. They learn on what a run of another trace without forecasts showed. The LAD autoregression learns on the same rows and sees the
processor's use alone. IGRU-SD is a reconstruction; its classes come from the demands, and its straggler rule compares the tasks at each decision.

Every forecaster plans with its ${level} quantile, floored by the present value; threshold 0.8, horizon ${horizon} steps, cooldown 12 steps, decisions every 5 minutes. ASQ
expects everything to stay as it is, the oracle knows what comes. Forecasts are of the processor's use; memory and network are taken to stay as they are (the oracle knows them,
too). 'decision' is the time of one decision by the clock, forecasts included, while other work went on on the machine.

${section}`,
})

function generatedDemand(): Setting {
  const days = 4
  const drawn = { poolCount: 100, days: 10, arrivalDays: 0.5 }
  const teacher = firstDays(demandTrace({ ...drawn, taskCount: 120, seed: 'teacher' }), days)
  return {
    scenario: {
      name: 'vtgru-closed-loop',
      subtitle: '100 pools, 10 days of 5-minute samples, generated',
      taskCounts: [40, 80, 120, 160, 200],
      seeds: [1, 2, 3],
      trace: (taskCount, seed) => demandTrace({ ...drawn, taskCount, pastDays: 1, seed }),
      unit: { name: 'd', seconds: 86_400 },
    },
    training: shown(teacher, 3),
    features: [...instanceVector, ...poolVector, 'pool/networkMbps'],
    demands: ['memoryMib', 'networkMbps'],
    networkOptions: { epochs: 4 },
    title: 'The closed loop with networks',
    text: `100 pools of 8, 12 and 16 cores, 10 days; with 200 tasks about half of all cores are asked for. Forecasters learn once, on the first ${days} days of every third of 120 tasks of another
trace, and meet the tasks of these traces for the first time.`,
  }
}

function planetlabDemand(): Setting {
  const whole = planetlab('20110303')
  const other = planetlab('20110409')
  if (!whole || !other) {
    console.log('No PlanetLab data: nothing measured.')
    process.exit(0)
  }
  return {
    scenario: { ...whole, name: 'vtgru-closed-loop-planetlab' },
    training: shown(other.trace(600, 4), 4),
    features: ['lengthMi', ...poolVector],
    demands: [],
    networkOptions: { epochs: 6, validationShare: 0.25 },
    title: 'The closed loop with networks on PlanetLab demand',
    text: `The CPU curves are those of PlanetLab VMs of 3 March 2011; that a VM is one core, when it arrives and how much work it has is drawn. Forecasters learn once, on every fourth of 600 VMs of
9 April 2011. Memory and data are the same for all VMs here, so that they are left out of the vectors, and IGRU-SD has one class.`,
  }
}

/** A trace as far as its first days. */
function firstDays(trace: DemandTrace, days: number): DemandTrace {
  const stepCount = Math.round((days * 86_400) / trace.stepSeconds)
  return {
    ...trace,
    stepCount,
    tasks: trace.tasks.map((task) => ({
      ...task,
      demand: Object.fromEntries(
        Object.entries(task.demand).map(([name, series]) => [
          name,
          typeof series === 'number' ? series : Array.from(series).slice(0, stepCount),
        ]),
      ),
    })),
  }
}

/** What a run without forecasts shows of every so-manieth task. Ids of its own: to a forecaster they are other series. */
function shown(trace: DemandTrace, stride: number): TimeSeries[] {
  const { observed } = simulateScheduling(trace, 'asq', { observe: ['cpu'] })
  return observed
    .filter((_, index) => index % stride === 0)
    .map((series) => ({ ...series, id: `teacher ${series.id}` }))
}

async function lad(): Promise<() => Forecaster> {
  const fit = () => ladAutoregression({ horizon }).fit(training).toJSON()
  const forecaster = forecasterFromJSON(await remembered('vtgru-closed-loop', [learnt, 'lad'], fit))
  return () => forecaster
}

/** A forecaster for each seed of the traces. */
async function bySeed(train: (seed: number) => Promise<Forecaster>): Promise<Contender['policy']> {
  const forecasters = new Map<number, Forecaster>()
  for (const seed of scenario.seeds) forecasters.set(seed, await train(seed))
  return (_, seed) => forecasters.get(seed)!
}

function network(kind: NetworkKind, seen = features): (seed: number) => Promise<Forecaster> {
  return async (seed) => {
    const options = { ...networkOptions, features: seen, kind, horizon, seed }
    const train = () => trainNetwork(training, options)
    return networkForecaster(await remembered('vtgru-closed-loop', [learnt, options], train))
  }
}

async function igruSd(seed: number): Promise<Forecaster> {
  const options = { ...networkOptions, features, demands, horizon, seed }
  const train = () => trainIgruSd(training, options)
  const model = await remembered('vtgru-closed-loop', [learnt, 'igru-sd', options], train)
  return igruSdForecaster(model, { remainingWork: 'remainingMi' })
}
