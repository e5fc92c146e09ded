/**
 * A data centre: services whose use goes up and down share machines with batch tasks that come at any time. A service is
 * guaranteed what is requested for it; batch tasks get what nobody requests, and are pushed off when a service needs it.
 * Request too much, and batch waits; too little, and the services queue.
 *
 *   npx tsx examples/scenes/data-centre.ts
 */
import { ladAutoregression } from 'cloudsched/forecast'
import { type ControlState, controlStep, createScheduler, uncontrolled } from 'cloudsched/live'
import { demandShapes, type DemandShape, demandTrace } from 'cloudsched/workload'
import seedrandom from 'seedrandom'
import { deviation, type Figures, isStarted, print, type SceneOptions } from './figures.ts'
import { fluidStep } from './fluid-queue.ts'

const [machineCount, coresPerMachine, serviceCount] = [6, 32, 26]
const stepSeconds = 300
const stepsPerDay = 288
/** Mean of the batch tasks that come in a step; each of 1 to 4 cores for 2 to 12 steps: 17.5 core-steps on average. */
const batchPerStep = 5.5
/** A machine draws so much when idle and when full, and in between in proportion. */
const [idleWatts, fullWatts] = [100, 300]

/** Margin: rules request this share of a service's limit; reactive its present use and this share more; predictive the forecast quantile of this level. */
export interface DataCentreOptions extends SceneOptions {
  /** How the use of the services goes. @defaultValue all of `demandShapes` */
  readonly shapes?: readonly DemandShape[]
}

export interface DataCentreFigures extends Figures {
  /** Watt-hours for each core-hour of work done. */
  readonly cost: number
  /** Mean minutes from submission to the end of a batch task. */
  readonly batchMinutes: number
  /** Batch work that was lost with its task's machine, in percent of all batch work done. */
  readonly lostPercent: number
  readonly moves: number
}

export interface DataCentreResult {
  readonly figures: DataCentreFigures
  /** Core-seconds of the services. */
  readonly work: { readonly arrived: number; readonly served: number; readonly backlog: number }
  readonly batch: { readonly submitted: number; readonly finished: number; readonly left: number }
  /** Most cores that were given away on one machine at one time. */
  readonly mostGiven: number
  /** Cores that are guaranteed to all services, and those that their work asks for, by step. */
  readonly course: readonly { readonly hour: number; readonly requested: number; readonly asked: number }[]
}

interface Service {
  readonly id: string
  /** Cores that its work asks for, by step. */
  readonly cpu: Float64Array
  readonly limit: number
  /** Where it runs, and what is guaranteed to it there. */
  machine: string
  requested: number
  /** Core-seconds of its work that wait. */
  backlog: number
}

export function dataCentre({ control, margin, seed, days = 2, shapes }: DataCentreOptions): DataCentreResult {
  const trace = demandTrace({
    taskCount: serviceCount,
    poolCount: 1,
    days,
    pastDays: 2,
    seed,
    lengthShare: null,
    deadlineSlack: null,
    arrivalDays: 0,
    groupShare: 0.5,
    shapes: shapes ?? Object.values(demandShapes),
  })
  const services: readonly Service[] = trace.tasks.map(({ id, demand, limit }) => ({
    id,
    cpu: demand['cpu'] as Float64Array,
    limit: limit!['cpu']!,
    machine: '',
    requested: limit!['cpu']!,
    backlog: 0,
  }))
  const serviceOf = new Map(services.map((service) => [service.id, service]))
  const past = services
    .filter((_, k) => k % 3 === 0)
    .map(({ id, cpu }) => ({ id, values: cpu.subarray(0, trace.pastSteps + 1), stepSeconds }))
  const forecaster = control === 'predictive' ? ladAutoregression({ lags: 24 }).fit(past) : null
  const parts = { forecaster, ...(forecaster ? { level: margin } : {}) }

  const machines = Array.from({ length: machineCount }, (_, k) => ({ id: `m${k}`, capacity: { cpu: coresPerMachine } }))
  const scheduler = createScheduler({ preemption: false, maxAttempts: 1e9 })
  for (const machine of machines) scheduler.machineChanged(machine)
  for (const { id, limit } of services) scheduler.submit({ id, demand: { cpu: limit } })
  for (const { task, machine } of scheduler.decide(0)) serviceOf.get(task)!.machine = machine
  if (services.some(({ machine }) => machine === '')) throw new Error('the machines do not hold the services')

  const random = seedrandom.alea(`batch ${seed}`)
  const batch = new Map<string, { readonly steps: number; done: number }>()
  let state: ControlState = uncontrolled
  let [submitted, finished, batchSteps, lost, moves, mostGiven] = [0, 0, 0, 0, 0, 0]
  let [arrived, served, waited, batchWork, wattSeconds, imbalance] = [0, 0, 0, 0, 0, 0]
  const course: { hour: number; requested: number; asked: number }[] = []

  const steps = days * stepsPerDay
  for (let k = 0; k < steps; k++) {
    const at = trace.pastSteps + k
    requestAndMove(k, at)
    for (let count = batchArrivals(); count > 0; count--) {
      const id = `batch-${submitted++}`
      batch.set(id, { steps: 2 + Math.floor(11 * random()), done: 0 })
      scheduler.submit({ id, demand: { cpu: 1 + Math.floor(4 * random()) } })
    }
    scheduler.decide(k * stepSeconds)
    course.push({ hour: (k * stepSeconds) / 3600, ...pass(at + 1) })
  }
  const backlog = sum(services.map((service) => service.backlog))
  const usefulSeconds = served + (batchWork - lost) * stepSeconds
  return {
    figures: {
      imbalancePercent: (100 * imbalance) / steps,
      cost: wattSeconds / usefulSeconds,
      waitSeconds: waited / arrived,
      utilisationPercent: (100 * usefulSeconds) / (steps * stepSeconds * machineCount * coresPerMachine),
      batchMinutes: (batchSteps * stepSeconds) / 60 / submitted,
      lostPercent: (100 * lost) / batchWork,
      moves,
    },
    work: { arrived, served, backlog },
    batch: { submitted, finished, left: batch.size },
    mostGiven,
    course,
  }

  /** What is requested for each service from now on, and where it runs. */
  function requestAndMove(k: number, at: number): void {
    if (control === 'rules') {
      for (const service of services) request(service, margin * service.limit)
      return
    }
    const nowSeconds = k * stepSeconds
    const tasks = services.map(({ id, machine, cpu }) => ({ id, machine, use: { cpu: cpu[at]! } }))
    const turn = controlStep(state, { nowSeconds, machines, tasks }, parts)
    state = turn.state
    const headroom = control === 'reactive' ? 1 + margin : 1
    const wanted = new Map(
      services.map(({ id, limit }) => [id, Math.min(limit, headroom * turn.decisions.requests[id]!['cpu']!)]),
    )
    // Those that give back go first: what they give back need not be taken from batch tasks.
    const change = ({ id, requested }: Service): number => wanted.get(id)! - requested
    for (const service of services.toSorted((a, b) => change(a) - change(b))) request(service, wanted.get(service.id)!)
    for (const action of turn.decisions.plan.actions) {
      if (action.kind !== 'move') continue
      const service = serviceOf.get(action.task)!
      makeRoom(action.to, service.requested)
      if (free(action.to) < service.requested) continue
      scheduler.assign(service.id, action.to, nowSeconds)
      service.machine = action.to
      request(service, wanted.get(service.id)!)
      moves++
    }
  }

  /** Guarantees cores to a service on the machine it is on; where there are not so many, all there are. */
  function request(service: Service, cpu: number): void {
    const { id, machine, requested } = service
    const wanted = hundredths(cpu)
    makeRoom(machine, wanted - requested)
    service.requested = Math.min(wanted, requested + free(machine))
    scheduler.resize(id, { cpu: service.requested })
  }

  /** Pushes batch tasks off a machine, the youngest first, until so many cores are free: they wait again, their work is lost. */
  function makeRoom(machine: string, cpu: number): void {
    if (free(machine) >= cpu) return
    const victims = scheduler
      .running()
      .filter(({ task, machine: on }) => on === machine && batch.has(task.id))
      .sort((a, b) => b.placedSeconds - a.placedSeconds)
    for (const { task } of victims) {
      if (free(machine) >= cpu) return
      scheduler.finished(task.id, { status: 'failed' })
      const own = batch.get(task.id)!
      lost += own.done * task.demand!['cpu']!
      own.done = 0
    }
  }

  /** A step passes: services are served what they were guaranteed and a share of what is left; batch tasks get on. */
  function pass(at: number): { requested: number; asked: number } {
    const running = scheduler.running().filter(({ task }) => batch.has(task.id))
    const loads = machines.map(({ id: machine }) => {
      const onBatch = sum(running.filter((one) => one.machine === machine).map(({ task }) => task.demand!['cpu']!))
      const here = services.filter((service) => service.machine === machine)
      mostGiven = Math.max(mostGiven, onBatch + sum(here.map(({ requested }) => requested)))
      const offered = here.map((service) => Math.min(service.limit, service.cpu[at]! + service.backlog / stepSeconds))
      const certain = here.map(({ requested }, i) => Math.min(offered[i]!, requested))
      const left = coresPerMachine - onBatch - sum(certain)
      const beyond = sum(offered) - sum(certain)
      const share = beyond > 0 ? Math.min(1, left / beyond) : 0
      let used = onBatch
      here.forEach((service, i) => {
        const serving = certain[i]! + share * (offered[i]! - certain[i]!)
        const step = fluidStep(service.backlog, service.cpu[at]!, serving, stepSeconds)
        service.backlog = step.backlog
        arrived += service.cpu[at]! * stepSeconds
        served += step.served
        waited += step.waited
        used += step.served / stepSeconds
      })
      wattSeconds += stepSeconds * (idleWatts + ((fullWatts - idleWatts) * used) / coresPerMachine)
      return used / coresPerMachine
    })
    imbalance += deviation(loads)
    batchSteps += batch.size
    for (const { task } of running) {
      const own = batch.get(task.id)!
      own.done++
      batchWork += task.demand!['cpu']!
      if (own.done < own.steps) continue
      scheduler.finished(task.id, { status: 'finished' })
      batch.delete(task.id)
      finished++
    }
    return {
      requested: sum(services.map((service) => service.requested)),
      asked: sum(services.map(({ cpu }) => cpu[at]!)),
    }
  }

  function free(machine: string): number {
    return scheduler.free(machine)['cpu']!
  }

  /** Poisson by exponential gaps. */
  function batchArrivals(): number {
    let count = -1
    for (let time = 0; time < batchPerStep; time -= Math.log(1 - random())) count++
    return count
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** Requests are made in hundredths of a core, rounded up. */
function hundredths(cpu: number): number {
  return Math.ceil(cpu * 100 - 1e-9) / 100
}

if (isStarted(import.meta.url)) {
  const margins = { rules: 1, reactive: 0.1, predictive: 0.85 } as const
  print(
    'Data centre: two days of services and batch',
    (['rules', 'reactive', 'predictive'] as const).map((control) => {
      return { control, ...dataCentre({ control, margin: margins[control], seed: 1 }).figures }
    }),
  )
}
