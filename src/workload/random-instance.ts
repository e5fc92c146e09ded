import type { OptionEntries } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import type { VmInput } from '../model/vm.ts'
import type { Seed } from '../random/rng.ts'
import { type Distribution, distributionFrom, wholeDraws } from './distribution.ts'
import { type GeneratedInstance, priceEntries, readGeneratorOptions } from './generator-options.ts'
import { priceOfSpeed } from './price.ts'
import { type Arrivals, arrivalsEntry, withTimes } from './times.ts'

/** Options of `randomInstance`. */
export interface RandomInstanceOptions {
  /** Number of tasks, >= 0. */
  readonly taskCount: number
  /** Number of VMs, >= 1. */
  readonly vmCount: number
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Law of the lengths in MI; draws are rounded to whole MI, at least 1. @defaultValue whole numbers in [60000, 120000] */
  readonly lengthMi?: Distribution
  /** Law of the speeds in MIPS; draws are rounded to whole MIPS, at least 1. @defaultValue whole numbers in [400, 1200] */
  readonly speedMips?: Distribution
  /** beta of the price rule priceScale (speedMips / 1000)^beta. At 1 every schedule costs the same. @defaultValue 1.5 */
  readonly priceExponent?: number
  /** Price per second of a VM of 1000 MIPS, >= 0. @defaultValue 1 */
  readonly priceScale?: number
  /** When the tasks come in. @defaultValue none: all at 0 */
  readonly arrivals?: Arrivals
  /** Law of deadline - arrival, in running times of the task on the fastest VM: 1 leaves no room. @defaultValue none: no deadlines */
  readonly deadlineSlack?: Distribution
}

const entries: OptionEntries = {
  lengthMi: distributionFrom(0),
  speedMips: distributionFrom(0),
  arrivals: arrivalsEntry,
  deadlineSlack: distributionFrom(0),
  ...priceEntries,
}

/** The sizes and speeds of the paper. */
const defaults = {
  lengthMi: { kind: 'whole', min: 60_000, max: 120_000 } as Distribution,
  speedMips: { kind: 'whole', min: 400, max: 1200 } as Distribution,
  priceExponent: 1.5,
  priceScale: 1,
}

/**
 * Independent tasks that may run on every VM; VMs that differ in speed and price. Lengths, speeds, arrivals and
 * deadlines have random streams of their own: a larger instance begins with the tasks and VMs of a smaller one.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const instance = randomInstance({ taskCount: 1000, vmCount: 50, seed: 1, lengthMi: lengthFamilies.heavyTailed })
 */
export function randomInstance(options: RandomInstanceOptions): GeneratedInstance {
  const { taskCount, vmCount, seed, lengthMi, speedMips, priceExponent, priceScale, arrivals, deadlineSlack } =
    readGeneratorOptions(entries, defaults, options)
  const lengths = wholeDraws(taskCount, lengthMi, seed, 'workload/lengthMi')
  const speeds = wholeDraws(vmCount, speedMips, seed, 'workload/speedMips')
  const fastest = speeds.reduce((most, speed) => Math.max(most, speed))
  const tasks = lengths.map((length): TaskInput => ({ lengthMi: length }))
  return {
    tasks: withTimes(tasks, (task) => lengths[task]! / fastest, seed, arrivals, deadlineSlack),
    vms: speeds.map(
      (speed): VmInput => ({ speedMips: speed, pricePerSecond: priceOfSpeed(speed, priceExponent, priceScale) }),
    ),
  }
}
