import {
  integerIn,
  numberIn,
  type OptionEntries,
  type OptionRule,
  readOptions,
  satisfying,
} from '../../errors/read-options.ts'
import { exp, ln, power } from '../../random/portable-math.ts'
import { defaultSeed, type Rng, type Seed, substream } from '../../random/rng.ts'
import { pickIndex, uniform } from '../../random/sample.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import type { Cloud, CloudTask, HiddenState, Resource, TaskDemand } from './cloud.ts'
import { effectiveTimes, leastLatency } from './effective-times.ts'

/** Lowest and highest value of a draw. */
export type Range = readonly [low: number, high: number]

/** The ranges of what a cloud hides and demands: `completeCloud` draws from them. */
export interface HiddenOptions {
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Workload classes; a class that a given task names must be below it. @defaultValue 4 */
  readonly classCount?: number
  /** Resource kinds. @defaultValue 3 */
  readonly kindCount?: number
  /** Efficiency of a class on a kind, uniform in one of these ranges, each with the same chance. @defaultValue [[0.2, 1.6]] */
  readonly efficiency?: readonly Range[]
  /** Background load of a resource, uniform. @defaultValue [0, 0.7] */
  readonly load?: Range
  /** Latency bound as a multiple of the least latency that any allocation reaches, log-uniform. @defaultValue [1.2, 6] */
  readonly slack?: Range
  /** Share of the tasks that have a throughput floor, too, drawn like a second latency bound. @defaultValue 0.3333333333333333 */
  readonly floorShare?: number
  /** Most storage that all tasks may ask for together, as a share of what there is; more is scaled down to it. @defaultValue 0.8 */
  readonly storageShare?: number
}

/** Options of `randomCloud`. */
export interface RandomCloudOptions extends HiddenOptions {
  /** Number of resources, every whole number with the same chance. @defaultValue [4, 32] */
  readonly resourceCount?: Range
  /** Past tasks. @defaultValue 50 */
  readonly historyCount?: number
  /** Tasks to schedule. @defaultValue 30 */
  readonly taskCount?: number
  /** GFLOP/s, log-uniform. @defaultValue [2, 60] */
  readonly speedGflops?: Range
  /** GB of a resource, log-uniform. @defaultValue [200, 4000] */
  readonly resourceStorageGb?: Range
  /** Mbit/s, log-uniform. @defaultValue [200, 10000] */
  readonly bandwidthMbps?: Range
  /** Price per second at 10 GFLOP/s. @defaultValue 0.02 */
  readonly priceScale?: number
  /** The price grows with (speed / 10 GFLOP/s) to this power. @defaultValue 1.2 */
  readonly priceExponent?: number
  /** Each price is multiplied by a uniform draw. @defaultValue [0.7, 1.4] */
  readonly priceFactor?: Range
  /** GFLOP of a task, log-uniform. @defaultValue [1, 400] */
  readonly computeGflop?: Range
  /** GB of a task, log-uniform. @defaultValue [1, 80] */
  readonly taskStorageGb?: Range
  /** Mbit of a task, log-uniform. @defaultValue [10, 4000] */
  readonly networkMbit?: Range
}

const range = (low: number, high = Infinity): OptionRule<Range> =>
  satisfying(
    (x) => isRange(x) && x[0] >= low && x[1] <= high,
    `[low, high] with ${low} <= low <= high${high < Infinity ? ` <= ${high}` : ''}`,
  )
const positive: OptionRule<Range> = satisfying((x) => isRange(x) && x[0] > 0, '[low, high] with 0 < low <= high')
const positives: OptionRule<readonly Range[]> = satisfying(
  (x) => Array.isArray(x) && x.length > 0 && x.every(positive.accepts),
  'a list of [low, high] with 0 < low <= high',
)

function isRange(x: unknown): x is Range {
  return Array.isArray(x) && x.length === 2 && x.every(Number.isFinite) && x[0] <= x[1]
}

const hiddenEntries: OptionEntries = {
  seed: runOptionEntries['seed']!,
  classCount: integerIn(1, 1e6),
  kindCount: integerIn(1, 1e6),
  efficiency: positives,
  load: range(0, 0.999),
  slack: range(1),
  floorShare: numberIn(0, 1),
  storageShare: numberIn(0, 1),
}

const hiddenDefaults = {
  seed: defaultSeed as Seed,
  classCount: 4,
  kindCount: 3,
  efficiency: [[0.2, 1.6]] as readonly Range[],
  load: [0, 0.7] as Range,
  slack: [1.2, 6] as Range,
  floorShare: 1 / 3,
  storageShare: 0.8,
}

const cloudEntries: OptionEntries = {
  ...hiddenEntries,
  resourceCount: satisfying<Range>(
    (x) => isRange(x) && x.every(Number.isInteger) && x[0] >= 1,
    '[low, high] of whole numbers >= 1',
  ),
  historyCount: integerIn(0, 1e9),
  taskCount: integerIn(0, 1e9),
  speedGflops: positive,
  resourceStorageGb: positive,
  bandwidthMbps: positive,
  priceScale: numberIn(0),
  priceExponent: numberIn(-10, 10),
  priceFactor: range(0),
  computeGflop: positive,
  taskStorageGb: positive,
  networkMbit: positive,
}

/** Every default of `randomCloud`, its ranges included. */
export const randomCloudDefaults: Required<RandomCloudOptions> = Object.freeze({
  ...hiddenDefaults,
  resourceCount: [4, 32] as Range,
  historyCount: 50,
  taskCount: 30,
  speedGflops: [2, 60] as Range,
  resourceStorageGb: [200, 4000] as Range,
  bandwidthMbps: [200, 10_000] as Range,
  priceScale: 0.02,
  priceExponent: 1.2,
  priceFactor: [0.7, 1.4] as Range,
  computeGflop: [1, 400] as Range,
  taskStorageGb: [1, 80] as Range,
  networkMbit: [10, 4000] as Range,
})

/**
 * A distribution with no value in common with the default one where it counts: each efficiency is below or above the
 * range of training, and so is each price.
 */
export const shiftedCloudOptions: Pick<Required<RandomCloudOptions>, 'efficiency' | 'priceFactor'> = Object.freeze({
  efficiency: [
    [0.1, 0.2],
    [1.6, 2.4],
  ] as readonly Range[],
  priceFactor: [1.5, 3] as Range,
})

/**
 * Draws one cloud: heterogeneous resources with prices, tasks with quality of service, and what no feature shows.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const cloud = randomCloud({ seed: 7, resourceCount: [8, 8] })
 */
export function randomCloud(options: RandomCloudOptions = {}): Cloud {
  const read = readOptions(cloudEntries, randomCloudDefaults, options)
  const { seed, historyCount, taskCount, classCount } = read
  const resources = drawResources(read, substream(seed, 'meta/resources'))
  const demandRng = substream(seed, 'meta/demands')
  const draw = (count: number): TaskDemand[] =>
    Array.from({ length: count }, () => ({
      workloadClass: pickIndex(demandRng, classCount),
      computeGflop: logUniform(demandRng, read.computeGflop),
      storageGb: logUniform(demandRng, read.taskStorageGb),
      networkMbit: logUniform(demandRng, read.networkMbit),
    }))
  const tasks = draw(taskCount)
  return hideIn(resources, draw(historyCount), tasks, read)
}

/**
 * Makes a cloud of given resources and demands, such as those of a trace: draws what it hides and the bounds of its
 * tasks.
 *
 * @throws CloudschedError `invalid-option`
 */
export function completeCloud(
  resources: readonly Resource[],
  history: readonly TaskDemand[],
  tasks: readonly TaskDemand[],
  options: HiddenOptions = {},
): Cloud {
  return hideIn(resources, history, tasks, readOptions(hiddenEntries, hiddenDefaults, options))
}

function drawResources(options: Required<RandomCloudOptions>, rng: Rng): Resource[] {
  const { resourceCount, kindCount, priceScale, priceExponent } = options
  const count = resourceCount[0] + pickIndex(rng, resourceCount[1] - resourceCount[0] + 1)
  return Array.from({ length: count }, () => {
    const speedGflops = logUniform(rng, options.speedGflops)
    return {
      kind: pickIndex(rng, kindCount),
      speedGflops,
      storageGb: logUniform(rng, options.resourceStorageGb),
      bandwidthMbps: logUniform(rng, options.bandwidthMbps),
      pricePerSecond: priceScale * power(speedGflops / 10, priceExponent) * uniform(rng, ...options.priceFactor),
    }
  })
}

function hideIn(
  resources: readonly Resource[],
  history: readonly TaskDemand[],
  tasks: readonly TaskDemand[],
  options: Required<HiddenOptions>,
): Cloud {
  const { seed, classCount, kindCount, efficiency, load, storageShare } = options
  const rng = substream(seed, 'meta/hidden')
  const hidden: HiddenState = {
    efficiency: Array.from({ length: classCount }, () =>
      Array.from({ length: kindCount }, () => uniform(rng, ...efficiency[pickIndex(rng, efficiency.length)]!)),
    ),
    load: resources.map(() => uniform(rng, ...load)),
  }
  const room = storageShare * resources.reduce((sum, { storageGb }) => sum + storageGb, 0)
  const asked = tasks.reduce((sum, { storageGb }) => sum + storageGb, 0)
  const scale = Math.min(1, room / asked)
  const bound = (demands: readonly TaskDemand[], label: string): CloudTask[] =>
    withBounds(demands, resources, hidden, options, substream(seed, label))
  return {
    resources: resources.map((resource) => ({ ...resource })),
    history: bound(history, 'meta/history'),
    tasks: bound(
      tasks.map((task) => (scale < 1 ? { ...task, storageGb: task.storageGb * scale } : task)),
      'meta/tasks',
    ),
    hidden,
  }
}

/** Every task can be met: its bound is a multiple of the least latency that this cloud offers it. */
function withBounds(
  demands: readonly TaskDemand[],
  resources: readonly Resource[],
  hidden: HiddenState,
  { slack, floorShare }: Required<HiddenOptions>,
  rng: Rng,
): CloudTask[] {
  const times = effectiveTimes(demands, resources, hidden)
  return demands.map((demand, task) => {
    const least = leastLatency(times, task)
    const latencySeconds = least * logUniform(rng, slack)
    const hasFloor = rng() < floorShare
    const floor = demand.computeGflop / (least * logUniform(rng, slack))
    return { ...demand, latencySeconds, throughputGflops: hasFloor ? floor : null }
  })
}

function logUniform(rng: Rng, [low, high]: Range): number {
  return low * exp(ln(high / low) * rng())
}
