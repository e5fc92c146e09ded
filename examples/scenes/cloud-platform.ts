/**
 * A cloud platform: users ask for instances and give them back; machines are rented by the hour, need ten minutes to boot,
 * and are given back when nothing runs on them any more. Too few machines, and users wait; too many, and they cost.
 *
 *   npx tsx examples/scenes/cloud-platform.ts
 */
import { ladAutoregression } from 'cloudsched/forecast'
import { createScheduler, type LiveTask } from 'cloudsched/live'
import { bestFit } from 'cloudsched/packing'
import { type DemandShape, demandTrace } from 'cloudsched/workload'
import seedrandom from 'seedrandom'
import { deviation, type Figures, isStarted, print, type SceneOptions } from './figures.ts'

const coresPerMachine = 16
const pricePerMachineHour = 0.5
const stepSeconds = 300
const stepsPerDay = 288
const pastDays = 4
/** A machine takes instances so many steps after it was ordered. */
const bootSteps = 2
/** Machines are given back when they were not wanted in any of so many steps. */
const holdSteps = 3
/** Instances that come in a second when the curve of demand is at 1, and their mean duration: 600 cores at a time. */
const [arrivalsPerSecond, meanSeconds] = [0.13, 2400]

/** A daily wave, and at every full hour ten minutes of scheduled work: what a forecast can know. */
export const regularDemand: DemandShape = {
  level: 0.35,
  dailySwing: 0.2,
  hourlyPulse: 0.35,
  noise: 0.03,
  shiftsPerDay: 0,
  shiftSize: 0,
  spikesPerDay: 0,
  spikeSize: 0,
}

/** Jumps and spikes at random times: what no forecast can know. */
export const irregularDemand: DemandShape = {
  level: 0.35,
  dailySwing: 0,
  hourlyPulse: 0,
  noise: 0.03,
  shiftsPerDay: 4,
  shiftSize: 0.2,
  spikesPerDay: 8,
  spikeSize: 0.5,
}

/** Margin: rules order two machines when this share of all cores is asked for, and give one back when it is 0.25 less; reactive keeps what is asked for and this share more; predictive the forecast quantile of this level over the time to boot. */
export interface CloudPlatformOptions extends SceneOptions {
  /** How the demand of the users goes. @defaultValue regularDemand */
  readonly shape?: DemandShape
}

export interface CloudPlatformFigures extends Figures {
  /** Money a day for machines, from order to return. */
  readonly cost: number
  /** Instances that waited for more than a minute, in percent. */
  readonly delayedPercent: number
  /** Instances moved off machines that were to be given back, a day. */
  readonly moves: number
}

export interface CloudPlatformResult {
  readonly figures: CloudPlatformFigures
  readonly instances: { readonly submitted: number; readonly ended: number; readonly left: number }
  /** Instances that ran on a machine when it was given back. */
  readonly lost: number
  /** Most cores given away on one machine at one time. */
  readonly mostGiven: number
  /** The cores that are asked for and those that are paid for, by step. */
  readonly course: readonly { readonly hour: number; readonly asked: number; readonly paid: number }[]
}

interface Instance extends LiveTask {
  readonly atSeconds: number
  readonly seconds: number
  readonly cores: number
}

interface Machine {
  readonly id: string
  readonly readySeconds: number
  isReady: boolean
  isLeaving: boolean
}

export function cloudPlatform(options: CloudPlatformOptions): CloudPlatformResult {
  const { control, margin, seed, days = 2, shape = regularDemand } = options
  const pastSeconds = pastDays * stepsPerDay * stepSeconds
  const instances = drawInstances(seed, days, shape)
  const history = mostAsked(instances, pastSeconds)
  const horizon = bootSteps + 1
  const forecaster =
    control === 'predictive'
      ? ladAutoregression({ horizon, season: stepsPerDay }).fit([{ values: history, stepSeconds }])
      : null

  const scheduler = createScheduler({ rule: bestFit })
  const machines = new Map<string, Machine>()
  let ordered = 0
  let cooledSeconds = -Infinity
  const wantedBefore: number[] = []
  /** Those that run, the one that ends first at the front. */
  const ends: { readonly id: string; readonly atSeconds: number; readonly cores: number }[] = []
  const waiting = new Map<string, Instance>()
  let [submitted, ended, delayed, lost, moves, mostGiven, asked, most] = [0, 0, 0, 0, 0, 0, 0, 0]
  let [now, waitedSeconds, usedSeconds, paidSeconds, imbalance] = [pastSeconds, 0, 0, 0, 0]
  let running = 0

  // Those that came in the past and have not ended stand at the door, and enough machines are there for them.
  const early = instances.filter(({ atSeconds, seconds }) => atSeconds <= now && atSeconds + seconds > now)
  for (let cores = early.reduce((sum, one) => sum + one.cores, 0); cores > 0; cores -= coresPerMachine) order(now)
  makeReady()
  for (const one of early) submit({ ...one, atSeconds: now, seconds: one.atSeconds + one.seconds - now })
  const coming = instances.filter(({ atSeconds }) => atSeconds > now)
  let next = 0
  place()
  most = asked

  const steps = days * stepsPerDay
  const course: { hour: number; asked: number; paid: number }[] = []
  for (let k = 0; k < steps; k++) {
    const stepStart = pastSeconds + k * stepSeconds
    history.push(most)
    steer(stepStart)
    course.push({ hour: (k * stepSeconds) / 3600, asked: most, paid: coresPerMachine * machines.size })
    most = asked
    imbalance += deviation(loads())
    while (true) {
      const arrival = coming[next]?.atSeconds ?? Infinity
      const end = ends[0]?.atSeconds ?? Infinity
      const at = Math.min(arrival, end)
      if (at >= stepStart + stepSeconds) break
      pass(at)
      if (end <= arrival) {
        finish(ends.shift()!)
        if (waiting.size > 0) place()
      } else {
        submit(coming[next++]!)
        place()
      }
      most = Math.max(most, asked)
    }
    pass(stepStart + stepSeconds)
  }
  for (const { atSeconds } of waiting.values()) if (now - atSeconds > 60) delayed++
  return {
    figures: {
      imbalancePercent: (100 * imbalance) / steps,
      cost: (paidSeconds * pricePerMachineHour) / 3600 / days,
      waitSeconds: waitedSeconds / submitted,
      utilisationPercent: (100 * usedSeconds) / (paidSeconds * coresPerMachine),
      delayedPercent: (100 * delayed) / submitted,
      moves: moves / days,
    },
    instances: { submitted, ended, left: scheduler.running().length + scheduler.waiting().length },
    lost,
    mostGiven,
    course,
  }

  function steer(atSeconds: number): void {
    makeReady()
    const staying = (): Machine[] => [...machines.values()].filter(({ isLeaving }) => !isLeaving)
    let change = wanted(atSeconds, staying().length) - staying().length
    for (const machine of machines.values()) {
      if (change <= 0 || !machine.isLeaving) continue
      leave(machine, false)
      change--
    }
    for (; change > 0; change--) order(atSeconds + bootSteps * stepSeconds)
    const leastFirst = staying().sort((a, b) => usedOn(a) - usedOn(b))
    for (const machine of leastFirst.slice(0, -change)) leave(machine, true)
    for (const machine of machines.values()) if (machine.isLeaving) drain(machine, atSeconds)
    place()
  }

  /** How many machines there should be. */
  function wanted(atSeconds: number, staying: number): number {
    if (control === 'rules') {
      const share = most / (coresPerMachine * staying)
      const change = share > margin ? 2 : share < margin - 0.25 ? -1 : 0
      if (change === 0 || atSeconds < cooledSeconds) return staying
      cooledSeconds = atSeconds + bootSteps * stepSeconds
      return Math.max(1, staying + change)
    }
    const cores = forecaster ? Math.max(most, predicted()) : most * (1 + margin)
    wantedBefore.push(Math.max(1, Math.ceil(cores / coresPerMachine)))
    return Math.max(...wantedBefore.slice(-holdSteps))
  }

  /** The most that will be asked for until a machine that is ordered in the next step would be ready. */
  function predicted(): number {
    const { contextSteps } = forecaster!
    const past = { values: history.slice(-contextSteps), stepSeconds }
    const firstStep = history.length - past.values.length
    return Math.max(...forecaster!.forecast({ history: past, firstStep, horizon, levels: [margin] }).quantiles[0]!)
  }

  function order(readySeconds: number): void {
    const id = `m${ordered++}`
    machines.set(id, { id, readySeconds, isReady: false, isLeaving: false })
  }

  function makeReady(): void {
    for (const machine of machines.values()) {
      if (machine.isReady || machine.readySeconds > now) continue
      machine.isReady = true
      scheduler.machineChanged({ id: machine.id, capacity: { cpu: coresPerMachine } })
    }
  }

  /** A machine that is to leave takes nothing new; one that boots is given back at once. */
  function leave(machine: Machine, isLeaving: boolean): void {
    const { id, isReady } = machine
    if (!isReady) {
      machines.delete(id)
      return
    }
    machine.isLeaving = isLeaving
    const taints = isLeaving ? [{ key: 'leaving', effect: 'NoSchedule' } as const] : []
    scheduler.machineChanged({ id, capacity: { cpu: coresPerMachine }, taints })
  }

  /** Moves what runs on a machine to others that have room, and gives the machine back when it is empty. */
  function drain({ id }: Machine, atSeconds: number): void {
    for (const { task, machine } of scheduler.running()) {
      if (machine !== id) continue
      const takers = scheduler.assess(task).filter((one) => one.machine !== id && one.score !== null)
      const best = takers.sort((a, b) => a.score! - b.score!)[0]
      if (!best) continue
      scheduler.assign(task.id, best.machine, atSeconds)
      moves++
    }
    if (scheduler.free(id)['cpu']! < coresPerMachine) return
    lost += scheduler.machineRemoved(id).length
    machines.delete(id)
  }

  function submit(instance: Instance): void {
    scheduler.submit({ id: instance.id, demand: { cpu: instance.cores } })
    waiting.set(instance.id, instance)
    submitted++
    asked += instance.cores
  }

  function place(): void {
    for (const { task } of scheduler.decide(now)) {
      const { atSeconds, seconds, cores } = waiting.get(task)!
      waiting.delete(task)
      if (now - atSeconds > 60) delayed++
      running += cores
      const end = { id: task, atSeconds: now + seconds, cores }
      const after = ends.findLastIndex((other) => other.atSeconds <= end.atSeconds)
      ends.splice(after + 1, 0, end)
    }
  }

  function finish({ id, cores }: { readonly id: string; readonly cores: number }): void {
    scheduler.finished(id, { status: 'finished' })
    ended++
    running -= cores
    asked -= cores
  }

  function pass(untilSeconds: number): void {
    const seconds = untilSeconds - now
    waitedSeconds += waiting.size * seconds
    usedSeconds += running * seconds
    paidSeconds += machines.size * seconds
    now = untilSeconds
  }

  function usedOn({ id, isReady }: Machine): number {
    return isReady ? coresPerMachine - scheduler.free(id)['cpu']! : -1
  }

  function loads(): number[] {
    const used = [...machines.values()].filter(({ isReady }) => isReady).map(usedOn)
    mostGiven = Math.max(mostGiven, ...used)
    return used.map((cores) => cores / coresPerMachine)
  }
}

/** Instances of 1, 2 and 4 cores that come as a Poisson process whose rate follows a curve of demand, in order. */
function drawInstances(seed: number, days: number, shape: DemandShape): Instance[] {
  const curve = demandTrace({
    taskCount: 1,
    poolCount: 1,
    days,
    pastDays,
    seed,
    shapes: [shape],
    lengthShare: null,
    deadlineSlack: null,
    arrivalDays: 0,
    groupShare: 0,
  }).tasks[0]!
  const random = seedrandom.alea(`instances ${seed}`)
  const exponential = (): number => -Math.log(1 - random())
  const instances: Instance[] = []
  for (let step = 0; step < (pastDays + days) * stepsPerDay; step++) {
    const share = (curve.demand['cpu'] as Float64Array)[step]! / curve.limit!['cpu']!
    const gap = (): number => exponential() / (arrivalsPerSecond * share)
    for (let at = gap(); at < stepSeconds; at += gap()) {
      const draw = random()
      const cores = draw < 0.5 ? 1 : draw < 0.8 ? 2 : 4
      const atSeconds = step * stepSeconds + at
      instances.push({ id: `i${instances.length}`, atSeconds, seconds: meanSeconds * exponential(), cores })
    }
  }
  return instances
}

/** The most cores that would be in use at once in each step until `endSeconds`, were there room for all. */
function mostAsked(instances: readonly Instance[], endSeconds: number): number[] {
  const changes = instances
    .flatMap(({ atSeconds, seconds, cores }) => [
      { at: atSeconds, cores },
      { at: atSeconds + seconds, cores: -cores },
    ])
    .filter(({ at }) => at < endSeconds)
    .sort((a, b) => a.at - b.at)
  const most: number[] = []
  let asked = 0
  let next = 0
  for (let end = stepSeconds; end <= endSeconds; end += stepSeconds) {
    let highest = asked
    for (; next < changes.length && changes[next]!.at < end; next++) {
      asked += changes[next]!.cores
      highest = Math.max(highest, asked)
    }
    most.push(highest)
  }
  return most
}

if (isStarted(import.meta.url)) {
  const margins = { rules: 0.8, reactive: 0.2, predictive: 0.95 } as const
  print(
    'Cloud platform: two days of instances',
    (['rules', 'reactive', 'predictive'] as const).map((control) => {
      return { control, ...cloudPlatform({ control, margin: margins[control], seed: 1 }).figures }
    }),
  )
}
