/**
 * The control loop on demand that changes over time, with machines that fall silent: nothing repaired, repaired from present
 * use, from a forecast, and with feedback into the level of the forecast: `npx tsx bench/live-loop.ts`. Writes
 * docs/results/live-loop.md.
 */
import { meanInterval } from 'cloudsched/experiment'
import { type Forecaster, ladAutoregression } from 'cloudsched/forecast'
import { type ControlOptions, controlStep, createScheduler, onlineForecaster, uncontrolled } from 'cloudsched/live'
import { markdownTable } from 'cloudsched/report'
import { type DemandTrace, demandTrace } from 'cloudsched/workload'
import seedrandom from 'seedrandom'
import { writePage } from './evidence-page.ts'

const seeds = Array.from({ length: 6 }, (_, k) => k + 1)
const [taskCount, poolCount, days, pastDays] = [64, 26, 3, 4]
const stepsPerDay = 288
const stepSeconds = 300
/** A machine falls silent on average this often a day, for so many steps. */
const [silencesPerDay, silentSteps] = [3, 24]

interface Outcome {
  readonly overload: number
  readonly deficit: number
  readonly unserved: number
  readonly moves: number
  readonly gibMoved: number
}

interface Policy {
  readonly name: string
  readonly parts: (fitted: () => Forecaster) => ControlOptions
}

const repair = { cooldownSeconds: 3600, targetLoad: 0.8 }
const policies: readonly Policy[] = [
  { name: 'nothing is repaired', parts: () => ({ repair: null }) },
  { name: 'repair, present use', parts: () => ({ repair }) },
  { name: 'repair, LAD-AR at 50 %', parts: (fitted) => ({ repair, forecaster: fitted(), level: 0.5 }) },
  { name: 'repair, LAD-AR at 85 %', parts: (fitted) => ({ repair, forecaster: fitted(), level: 0.85 }) },
  {
    name: 'the same with feedback to 85 %',
    parts: (fitted) => ({ repair, forecaster: fitted(), level: 0.85, feedback: { target: 0.85 } }),
  },
  {
    name: 'the same with feedback to 95 %',
    parts: (fitted) => ({ repair, forecaster: fitted(), level: 0.85, feedback: { target: 0.95 } }),
  },
  {
    name: 'repair, learning online, feedback to 85 %',
    parts: () => ({
      repair,
      forecaster: onlineForecaster({ lags: 6 }, 96),
      level: 0.85,
      feedback: { target: 0.85 },
      historySteps: 96,
    }),
  },
]

const forecasters = new Map<number, Forecaster>()

/** One model for all tasks of a trace, fitted on the days before the run of a quarter of them. */
function forecasterFor(seed: number, { tasks, pastSteps }: DemandTrace): Forecaster {
  const known = forecasters.get(seed)
  if (known) return known
  const past = tasks
    .filter((_, k) => k % 4 === 0)
    .map(({ id, demand }) => ({ id, values: (demand['cpu'] as Float64Array).slice(0, pastSteps), stepSeconds }))
  const fitted = ladAutoregression({ horizon: 12 }).fit(past)
  forecasters.set(seed, fitted)
  return fitted
}

function run(seed: number, policy: Policy): Outcome {
  const trace = demandTrace({
    taskCount,
    poolCount,
    days,
    pastDays,
    seed,
    lengthShare: null,
    deadlineSlack: null,
    arrivalDays: 0,
    groupShare: 0.5,
  })
  const cpuOf = (task: number, step: number): number => (trace.tasks[task]!.demand['cpu'] as Float64Array)[step]!
  const parts = policy.parts(() => forecasterFor(seed, trace))
  const capacity = new Map(trace.pools.map(({ id, capacity: own }) => [id, own['cpu']!]))
  const place = firstPlacement()
  const silentUntil = silences(seed)

  let state = uncontrolled
  let [overload, deficit, unserved, moves, gibMoved] = [0, 0, 0, 0, 0]
  const steps = days * stepsPerDay
  for (let k = 0; k < steps; k++) {
    const step = trace.pastSteps + k
    const load = new Map<string, number>()
    trace.tasks.forEach(({ id }, task) => {
      const pool = place.get(id)!
      if (isSilent(pool, k)) unserved += cpuOf(task, step)
      else load.set(pool, (load.get(pool) ?? 0) + cpuOf(task, step))
    })
    for (const [pool, cpu] of load) {
      const over = cpu - capacity.get(pool)!
      if (over <= 1e-9) continue
      overload++
      deficit += over
    }
    const observation = {
      nowSeconds: k * stepSeconds,
      machines: trace.pools.map(({ id }) => ({
        id,
        capacity: { cpu: capacity.get(id)! },
        heardSeconds: lastHeard(id, k) * stepSeconds,
      })),
      tasks: trace.tasks.map(({ id }, task) => ({ id, machine: place.get(id)!, use: { cpu: cpuOf(task, step) } })),
    }
    const turn = controlStep(state, observation, parts)
    state = turn.state
    for (const action of turn.decisions.plan.actions) {
      if (action.kind !== 'move') continue
      place.set(action.task, action.to)
      moves++
      gibMoved += trace.tasks.find(({ id }) => id === action.task)!.memoryMegabytes! / 1024
    }
  }
  return { overload: (100 * overload) / (steps * poolCount), deficit, unserved, moves, gibMoved }

  /** Every policy starts from the same placement by present use. */
  function firstPlacement(): Map<string, string> {
    const scheduler = createScheduler()
    for (const { id } of trace.pools) scheduler.machineChanged({ id, capacity: { cpu: capacity.get(id)! } })
    trace.tasks.forEach(({ id }, task) => scheduler.submit({ id, demand: { cpu: cpuOf(task, trace.pastSteps) } }))
    const placements = scheduler.decide(0)
    if (placements.length < taskCount) throw new Error('the pools do not hold the tasks at the start')
    return new Map(placements.map(({ task, machine }) => [task, machine]))
  }

  function isSilent(pool: string, k: number): boolean {
    return (silentUntil.get(`${pool}@${k}`) ?? 0) > 0
  }

  function lastHeard(pool: string, k: number): number {
    let at = k
    while (at > 0 && isSilent(pool, at)) at--
    return at
  }

  function silences(own: number): Map<string, number> {
    const random = seedrandom.alea(`silence ${own}`)
    const silent = new Map<string, number>()
    for (let k = 0; k < days * stepsPerDay; k++) {
      if (random() > silencesPerDay / stepsPerDay) continue
      const pool = `pool-${Math.floor(random() * poolCount)}`
      for (let j = 0; j < silentSteps; j++) silent.set(`${pool}@${k + j}`, 1)
    }
    return silent
  }
}

const start = process.cpuUsage()
const rows = policies.map((policy) => {
  const outcomes = seeds.map((seed) => run(seed, policy))
  const figure = (of: (outcome: Outcome) => number): string => {
    const { mean, low, high } = meanInterval(outcomes.map(of))!
    const digits = mean < 10 ? 2 : 0
    return `${mean.toFixed(digits)} [${low!.toFixed(digits)}, ${high!.toFixed(digits)}]`
  }
  console.log(policy.name)
  return {
    policy: policy.name,
    'overloaded pool-steps %': figure(({ overload }) => overload),
    'deficit, core-steps': figure(({ deficit }) => deficit),
    'unserved on silent machines, core-steps': figure(({ unserved }) => unserved),
    moves: figure(({ moves }) => moves),
    'GiB moved': figure(({ gibMoved }) => gibMoved),
  }
})
const { user, system } = process.cpuUsage(start)

writePage({
  name: 'live-loop',
  title: 'The control loop with and without repair and feedback',
  command: 'npx tsx bench/live-loop.ts',
  seeds: `${seeds[0]} to ${seeds.at(-1)} for the demand, 'silence 1' to 'silence ${seeds.at(-1)}' for the faults`,
  body: `${taskCount} services of 4 to 8 cores on ${poolCount} machines of 8, 12 and 16 cores, ${days} days in steps of 5 minutes after ${pastDays} days of history; ${silencesPerDay} times
a day a machine falls silent for ${(silentSteps * stepSeconds) / 3600} hours and serves nothing. Means over ${seeds.length} seeds with 95 % intervals. A machine is overloaded in a step in
which its tasks use more than it has; the deficit is what they could not get.

${markdownTable(rows)}

The page took ${((user + system) / 1e6).toFixed(0)} s of processor.`,
})
