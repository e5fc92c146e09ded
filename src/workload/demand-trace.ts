import {
  integerIn,
  numberIn,
  type OptionEntries,
  readOptions,
  requireOptions,
  satisfying,
} from '../errors/read-options.ts'
import type { DemandTrace, TracedPool, TracedTask } from '../model/demand-trace.ts'
import { defaultSeed, type Rng, type Seed, substream } from '../random/rng.ts'
import { pickIndex, uniform } from '../random/sample.ts'
import { runOptionEntries } from '../run/run-options.ts'
import { demandCurve, type DemandShape, demandShapes } from './demand-curve.ts'
import { type Distribution, distributionFrom, sample } from './distribution.ts'
import { arrivalTimes } from './times.ts'

/** Options of `demandTrace`. */
export interface DemandTraceOptions {
  /** Number of tasks, >= 0. */
  readonly taskCount: number
  /** Number of pools, >= 1: three kinds by turns, of 8, 12 and 16 cores, the larger the faster. */
  readonly poolCount: number
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Days of the run, >= 1. @defaultValue 30 */
  readonly days?: number
  /** Days of known history before the run, >= 0. @defaultValue 0 */
  readonly pastDays?: number
  /** Samples per day, >= 1. @defaultValue 288 (every 5 minutes) */
  readonly stepsPerDay?: number
  /** Shapes of the curves; each task draws one. @defaultValue all of demandShapes */
  readonly shapes?: readonly DemandShape[]
  /** Tasks that share part of their ups and downs, like the replicas of a service, >= 1. @defaultValue 10 */
  readonly groupSize?: number
  /** Share of the deviations from its level that a task has in common with its group, in [0, 1]. @defaultValue 0.3 */
  readonly groupShare?: number
  /** Running time of a task on a pool of 1000 MIPS as a share of the run; `null` = all run to the end. @defaultValue uniform in [0.4, 0.7) */
  readonly lengthShare?: Distribution | null
  /** Days over which the tasks arrive one by one, >= 0; 0 = all at the start. @defaultValue 1 */
  readonly arrivalDays?: number
  /** Law of deadline - arrival in running times on the slowest pool; `null` = no deadlines. @defaultValue uniform in [1.01, 1.3) */
  readonly deadlineSlack?: Distribution | null
}

const nullOr = (low: number) => {
  const { accepts, rule } = distributionFrom(low)
  return satisfying<Distribution | null>((x) => x === null || accepts(x), `null, or ${rule}`)
}

const entries: OptionEntries = {
  taskCount: integerIn(0, 1e6),
  poolCount: integerIn(1, 1e6),
  seed: runOptionEntries['seed']!,
  days: integerIn(1, 10_000),
  pastDays: integerIn(0, 10_000),
  stepsPerDay: integerIn(1, 86_400),
  shapes: satisfying<readonly DemandShape[]>((x) => Array.isArray(x) && x.length > 0, 'a list of at least one shape'),
  groupSize: integerIn(1),
  groupShare: numberIn(0, 1),
  lengthShare: nullOr(Number.MIN_VALUE),
  arrivalDays: numberIn(0),
  deadlineSlack: nullOr(0),
}

const defaults = {
  seed: defaultSeed as Seed,
  days: 30,
  pastDays: 0,
  stepsPerDay: 288,
  shapes: Object.values(demandShapes) as readonly DemandShape[],
  groupSize: 10,
  groupShare: 0.3,
  lengthShare: { kind: 'uniform', min: 0.4, max: 0.7 } as Distribution | null,
  arrivalDays: 1,
  deadlineSlack: { kind: 'uniform', min: 1.01, max: 1.3 } as Distribution | null,
}

const secondsPerDay = 86_400
const referenceMips = 1000
const poolKinds = [
  { cpu: 8, speedMips: 800, bandwidthMbps: 1000 },
  { cpu: 12, speedMips: 1000, bandwidthMbps: 2500 },
  { cpu: 16, speedMips: 1250, bandwidthMbps: 10_000 },
] as const
/** Sizes of the tasks, in cores: the largest fills the smallest pool when it uses all it may. */
const taskCores = [4, 6, 8] as const
const memoryMibPerCore = 4096
const networkMbpsPerCore = 40

/**
 * A trace of demand over time: tasks whose use of processor, memory and network follows daily waves, hourly pulses,
 * changes of level and spikes, alike within groups; and the pools that must carry them. With 100 pools, 200 tasks ask
 * for about half of all cores.
 *
 * But for its arrival and deadline a task is the same in a trace of more tasks.
 *
 * @returns plain data; each series is a Float64Array of (pastDays + days) * stepsPerDay + 1 samples, so that the run has
 * days * stepsPerDay steps between its first decision and its end
 * @throws CloudschedError `invalid-option`
 * @example
 * const trace = demandTrace({ taskCount: 200, poolCount: 100, days: 30, seed: 1 })
 */
export function demandTrace(options: DemandTraceOptions): DemandTrace {
  const read = readOptions(entries, defaults, options)
  requireOptions(entries, read, ['taskCount', 'poolCount'])
  const { taskCount, poolCount, seed, days, pastDays, stepsPerDay, groupSize, arrivalDays } = read
  const stepCount = (pastDays + days) * stepsPerDay + 1
  const groups = Array.from({ length: Math.ceil(taskCount / groupSize) }, (_, group) =>
    drawCurve(read, stepCount, substream(seed, `demand-trace/group/${group}`)),
  )
  const perSecond = taskCount / (arrivalDays * secondsPerDay)
  const arrivals =
    arrivalDays > 0 && taskCount > 0
      ? arrivalTimes(substream(seed, 'demand-trace/arrivals'), taskCount, { kind: 'poisson', perSecond })
      : new Array<number>(taskCount).fill(0)
  return {
    stepSeconds: secondsPerDay / stepsPerDay,
    stepCount,
    pastSteps: pastDays * stepsPerDay,
    tasks: arrivals.map((arrivalSeconds, index) =>
      drawTask(read, index, arrivalSeconds, stepCount, groups[Math.floor(index / groupSize)]!),
    ),
    pools: Array.from({ length: poolCount }, (_, index) => poolOf(index)),
  }
}

type Read = typeof defaults & Readonly<DemandTraceOptions>

/** A curve of one of the shapes, as deviations from the level of that shape. */
function drawCurve({ shapes, stepsPerDay }: Read, stepCount: number, rng: Rng): { level: number; curve: Float64Array } {
  const shape = shapes[pickIndex(rng, shapes.length)]!
  const curve = demandCurve(shape, stepCount, stepsPerDay, rng)
  for (let step = 0; step < stepCount; step++) curve[step] = curve[step]! - shape.level
  return { level: shape.level, curve }
}

function drawTask(
  read: Read,
  index: number,
  arrivalSeconds: number,
  stepCount: number,
  group: { readonly curve: Float64Array },
): TracedTask {
  const { seed, days, groupShare, lengthShare, deadlineSlack } = read
  const rng = substream(seed, `demand-trace/task/${index}`)
  const cores = taskCores[pickIndex(rng, taskCores.length)]!
  const memoryLimit = cores * memoryMibPerCore
  const networkLimit = cores * networkMbpsPerCore
  const runningSeconds = lengthShare === null ? null : sample(lengthShare, rng) * days * secondsPerDay
  const slack = deadlineSlack === null ? null : sample(deadlineSlack, rng)
  const inputMegabytes = Math.round(uniform(rng, 100, 5000))
  const outputMegabytes = Math.round(uniform(rng, 10, 500))
  const memoryBase = uniform(rng, 0.1, 0.4)
  const own = drawCurve(read, stepCount, rng)
  const cpu = new Float64Array(stepCount)
  const memoryMib = new Float64Array(stepCount)
  const networkMbps = new Float64Array(stepCount)
  let slow = own.level
  for (let step = 0; step < stepCount; step++) {
    const mixed = own.level + (1 - groupShare) * own.curve[step]! + groupShare * group.curve[step]!
    const share = Math.min(1, Math.max(0.02, mixed))
    // Memory follows the load over about four hours, and the network its ups and downs.
    slow += (share - slow) / 48
    cpu[step] = cores * share
    memoryMib[step] = memoryLimit * Math.min(1, memoryBase + 0.4 * slow)
    networkMbps[step] = networkLimit * share * uniform(rng, 0.6, 1)
  }
  return {
    id: `task-${index}`,
    arrivalSeconds,
    ...(runningSeconds === null ? {} : { lengthMi: Math.round(runningSeconds * referenceMips) }),
    ...(runningSeconds === null || slack === null
      ? {}
      : {
          deadlineSeconds: Math.round(
            arrivalSeconds + (slack * runningSeconds * referenceMips) / poolKinds[0].speedMips,
          ),
        }),
    inputMegabytes,
    outputMegabytes,
    memoryMegabytes: Math.round(memoryLimit * 0.5),
    demand: { cpu, memoryMib, networkMbps },
    limit: { cpu: cores, memoryMib: memoryLimit, networkMbps: networkLimit },
  }
}

function poolOf(index: number): TracedPool {
  const { cpu, speedMips, bandwidthMbps } = poolKinds[index % poolKinds.length]!
  return {
    id: `pool-${index}`,
    capacity: { cpu, memoryMib: cpu * memoryMibPerCore, networkMbps: bandwidthMbps },
    speedMips,
    bandwidthMbps,
  }
}
