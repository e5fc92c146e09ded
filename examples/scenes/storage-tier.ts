/**
 * A storage tier: volumes lie on disks that have so much room, so many operations and so many MiB a second. What a volume
 * is provisioned for it seldom uses, so more are put on a disk than it could serve at once. A volume can be moved, but
 * the copy takes time, and takes bandwidth of both disks.
 *
 *   npx tsx examples/scenes/storage-tier.ts
 */
import { type Forecaster, ladAutoregression } from 'cloudsched/forecast'
import { type ControlState, controlStep, createScheduler, uncontrolled } from 'cloudsched/live'
import { demandTrace } from 'cloudsched/workload'
import seedrandom from 'seedrandom'
import { deviation, type Figures, isStarted, print, type SceneOptions } from './figures.ts'
import { fluidStep } from './fluid-queue.ts'

const volumeCount = 48
const disk = { gib: 4000, iops: 10_000, mibPerSecond: 500 }
const stepSeconds = 300
const stepsPerDay = 288
const copyMibPerSecond = 100
const [pricePerDiskHour, pricePerGibMoved] = [0.5, 0.005]

/** Margin: predictive asks for the forecast quantile of this level; reactive for the present use and this share more; rules do not ask. */
export interface StorageTierOptions extends SceneOptions {
  /** @defaultValue 8 */
  readonly disks?: number
  /** Load that no disk is filled beyond by a move, and below which an overloaded one is brought. @defaultValue 0.9 */
  readonly targetLoad?: number
}

export interface StorageTierFigures extends Figures {
  /** Money a day for disks and for what was moved. */
  readonly cost: number
  /** Disk-steps in which more was asked for than the disk can do, in percent. */
  readonly overloadPercent: number
  /** A day. */
  readonly moves: number
  readonly gibMoved: number
}

export interface StorageTierResult {
  readonly figures: StorageTierFigures
  /** Seconds of a disk's whole time. */
  readonly work: { readonly arrived: number; readonly served: number; readonly backlog: number }
  /** Largest share of the room of a disk that was taken at one time, copies included. */
  readonly mostTaken: number
  /** Load of the fullest disk and of all on average, by step. */
  readonly course: readonly { readonly hour: number; readonly highest: number; readonly mean: number }[]
}

interface Volume {
  readonly id: string
  readonly gib: number
  readonly limit: { readonly iops: number; readonly mibPerSecond: number }
  readonly iops: Float64Array
  readonly mibPerSecond: Float64Array
  /** The disk that serves it. */
  disk: string
  /** The disk it is copied to, from which step on, and the step in which it will be there. */
  copy: { readonly to: string; readonly startStep: number; readonly doneStep: number } | null
}

export function storageTier(options: StorageTierOptions): StorageTierResult {
  const { control, margin, seed, days = 2, disks = 8, targetLoad = 0.9 } = options
  const { volumes, pastSteps } = drawVolumes(seed, days)
  const ids = Array.from({ length: disks }, (_, k) => `d${k}`)
  const backlogs = new Map(ids.map((id) => [id, 0]))
  /** The step from which on a disk can copy: it copies one volume at a time. */
  const copyFrom = new Map(ids.map((id) => [id, 0]))
  placeByLimits(volumes, ids)

  const forecaster = control === 'predictive' ? fitForecaster(volumes, pastSteps) : null
  const parts = {
    forecaster,
    resources: ['iops', 'mibPerSecond'],
    historySteps: 72,
    repair: { cooldownSeconds: 7200, targetLoad, maxMoves: 4 },
    ...(forecaster ? { level: margin } : {}),
  }
  let state: ControlState = uncontrolled
  let [arrived, served, waited, imbalance, overloaded, moves, gibMoved, mostTaken] = [0, 0, 0, 0, 0, 0, 0, 0]
  const course: { hour: number; highest: number; mean: number }[] = []

  const steps = days * stepsPerDay
  for (let k = 0; k < steps; k++) {
    for (const volume of volumes) {
      if (volume.copy?.doneStep === k) Object.assign(volume, { disk: volume.copy.to, copy: null })
    }
    if (control !== 'rules') rebalance(k)
    course.push({ hour: (k * stepSeconds) / 3600, ...pass(k) })
  }
  const backlog = [...backlogs.values()].reduce((sum, seconds) => sum + seconds, 0)
  return {
    figures: {
      imbalancePercent: (100 * imbalance) / steps,
      cost: 24 * disks * pricePerDiskHour + (gibMoved * pricePerGibMoved) / days,
      waitSeconds: waited / arrived,
      utilisationPercent: (100 * served) / (steps * stepSeconds * disks),
      overloadPercent: (100 * overloaded) / (steps * disks),
      moves: moves / days,
      gibMoved: gibMoved / days,
    },
    work: { arrived, served, backlog },
    mostTaken,
    course,
  }

  function rebalance(k: number): void {
    const at = pastSteps + k
    const headroom = control === 'reactive' ? 1 + margin : 1
    const observation = {
      nowSeconds: k * stepSeconds,
      machines: ids.map((id) => ({
        id,
        capacity: { ...disk, mibPerSecond: disk.mibPerSecond - copying(id, k) },
      })),
      // A volume on its way counts where it goes: the plan that sent it is in force.
      tasks: volumes.map(({ id, disk: on, copy, gib, iops, mibPerSecond }) => ({
        id,
        machine: copy?.to ?? on,
        use: { gib, iops: headroom * iops[at]!, mibPerSecond: headroom * mibPerSecond[at]! },
        migrationCost: gib,
      })),
    }
    const turn = controlStep(state, observation, parts)
    state = turn.state
    for (const action of turn.decisions.plan.actions) {
      const volume = volumes.find(({ id }) => action.kind === 'move' && id === action.task)
      if (!volume || action.kind !== 'move' || volume.copy) continue
      const copySteps = Math.ceil((volume.gib * 1024) / copyMibPerSecond / stepSeconds)
      const startStep = Math.max(k, copyFrom.get(volume.disk)!, copyFrom.get(action.to)!)
      volume.copy = { to: action.to, startStep, doneStep: startStep + copySteps }
      for (const id of [volume.disk, action.to]) copyFrom.set(id, startStep + copySteps)
      moves++
      gibMoved += volume.gib
    }
  }

  /** MiB a second that a copy takes of a disk. */
  function copying(id: string, k: number): number {
    const isBusy = volumes.some(
      ({ disk: from, copy }) => copy && copy.startStep <= k && (from === id || copy.to === id),
    )
    return isBusy ? copyMibPerSecond : 0
  }

  /** A step passes: a disk works off what is asked of it, in the order in which it came. */
  function pass(k: number): { highest: number; mean: number } {
    const at = pastSteps + k + 1
    const loads = ids.map((id) => {
      let [iops, mibPerSecond, gib] = [0, copying(id, k), 0]
      for (const volume of volumes) {
        if (volume.disk === id || volume.copy?.to === id) gib += volume.gib
        if (volume.disk !== id) continue
        iops += volume.iops[at]!
        mibPerSecond += volume.mibPerSecond[at]!
      }
      mostTaken = Math.max(mostTaken, gib / disk.gib)
      const load = Math.max(iops / disk.iops, mibPerSecond / disk.mibPerSecond)
      if (load > 1) overloaded++
      const step = fluidStep(backlogs.get(id)!, load, 1, stepSeconds)
      backlogs.set(id, step.backlog)
      arrived += load * stepSeconds
      served += step.served
      waited += step.waited
      return load
    })
    imbalance += deviation(loads)
    return { highest: Math.max(...loads), mean: loads.reduce((sum, load) => sum + load, 0) / disks }
  }
}

/** Volumes for 1000 to 4000 operations and 50 to 200 MiB a second, used as tasks of a demand trace use their cores and network. */
function drawVolumes(seed: number, days: number): { volumes: readonly Volume[]; pastSteps: number } {
  const { tasks, pastSteps } = demandTrace({
    taskCount: volumeCount,
    poolCount: 1,
    days,
    pastDays: 2,
    seed,
    lengthShare: null,
    deadlineSlack: null,
    arrivalDays: 0,
    groupShare: 0.5,
    groupSize: 6,
  })
  const random = seedrandom.alea(`volumes ${seed}`)
  const oneOf = (choices: readonly number[]): number => choices[Math.floor(choices.length * random())]!
  const volumes = tasks.map(({ demand, limit }, k): Volume => {
    const own = { iops: oneOf([1000, 2000, 4000]), mibPerSecond: oneOf([50, 100, 200]) }
    const shareOf = (resource: 'cpu' | 'networkMbps', full: number): Float64Array =>
      (demand[resource] as Float64Array).map((use) => (full * use) / limit![resource]!)
    return {
      id: `v${k}`,
      gib: 100 + Math.floor(201 * random()),
      limit: own,
      iops: shareOf('cpu', own.iops),
      mibPerSecond: shareOf('networkMbps', own.mibPerSecond),
      disk: '',
      copy: null,
    }
  })
  return { volumes, pastSteps }
}

/** The rule of a person: each volume gets the same part of what it is provisioned for, as large a part as the disks hold. */
function placeByLimits(volumes: readonly Volume[], disks: readonly string[]): void {
  for (let percent = 100; percent >= 10; percent -= 5) {
    const scheduler = createScheduler()
    for (const id of disks) scheduler.machineChanged({ id, capacity: disk })
    for (const { id, gib, limit } of volumes) {
      const iops = (limit.iops * percent) / 100
      scheduler.submit({ id, demand: { gib, iops, mibPerSecond: (limit.mibPerSecond * percent) / 100 } })
    }
    const placements = scheduler.decide(0)
    if (placements.length < volumes.length) continue
    for (const { task, machine } of placements) volumes.find(({ id }) => id === task)!.disk = machine
    return
  }
  throw new Error('the disks do not hold the volumes')
}

/** One model for all volumes and both resources, learnt from every sixth volume, of values in parts of their mean, so that small and large ones are alike. */
function fitForecaster(volumes: readonly Volume[], pastSteps: number): Forecaster {
  const scaled = (values: ArrayLike<number>, scale: number) => Float64Array.from(values, (value) => value / scale)
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
  const past = volumes
    .filter((_, k) => k % 6 === 0)
    .flatMap(({ iops, mibPerSecond }) => [iops, mibPerSecond])
    .map((values) => values.subarray(0, pastSteps + 1))
  const fitted = ladAutoregression({ lags: 24 }).fit(
    past.map((values) => ({ values: scaled(values, mean(values)), stepSeconds })),
  )
  return {
    ...fitted,
    forecast(request) {
      const scale = mean(request.history.values)
      const history = { ...request.history, values: scaled(request.history.values, scale) }
      const { values, quantiles, fallbacks } = fitted.forecast({ ...request, history })
      return {
        values: scaled(values, 1 / scale),
        quantiles: quantiles.map((path) => scaled(path, 1 / scale)),
        fallbacks,
      }
    },
  }
}

if (isStarted(import.meta.url)) {
  const margins = { rules: 0, reactive: 0.1, predictive: 0.7 } as const
  print(
    'Storage tier: two days of 48 volumes on 8 disks',
    (['rules', 'reactive', 'predictive'] as const).map((control) => {
      return { control, ...storageTier({ control, margin: margins[control], seed: 1 }).figures }
    }),
  )
}
