import { integerIn, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { normal } from '../../random/distributions.ts'
import { exp } from '../../random/portable-math.ts'
import { defaultSeed, type Rng, type Seed, substream } from '../../random/rng.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import type { Cloud, CloudTask, Resource } from './cloud.ts'
import { effectiveTimes } from './effective-times.ts'

/** One decision of the past and what came of it. */
export interface SupportRecord {
  readonly task: CloudTask
  /** The resources that were used, by their place in the list of resources. */
  readonly resources: readonly number[]
  /** The part of the task on each of them; they sum to 1. */
  readonly ratios: readonly number[]
  /** The time t_ij of the *whole* task on each of them, as its part's time over its ratio tells it. */
  readonly seconds: readonly number[]
}

/** What a scheduler may learn a cloud from: K records, the same for every method. */
export interface SupportSet {
  readonly resources: readonly Resource[]
  readonly records: readonly SupportRecord[]
}

/** Options of `exploreCloud`. */
export interface ExploreOptions {
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Number of records K, at most the tasks of the cloud's history. @defaultValue 10 */
  readonly records?: number
  /** Resources that each decision uses; all where there are fewer. @defaultValue 3 */
  readonly spread?: number
  /** Standard deviation of ln(observed time): 0 observes exactly. @defaultValue 0 */
  readonly noise?: number
}

const entries: OptionEntries = {
  seed: runOptionEntries['seed']!,
  records: integerIn(0, 1e6),
  spread: integerIn(1, 1e6),
  noise: numberIn(0, 10),
}

const defaults = { seed: defaultSeed as Seed, records: 10, spread: 3, noise: 0 }

/**
 * Observes the outcomes of the first K decisions in a cloud under the exploration policy (chosen): each past task is
 * split over the `spread` resources that were used least so far, ties by lot, in parts that would end together at nominal
 * speed.
 *
 * @throws CloudschedError `invalid-option`
 */
export function exploreCloud(cloud: Cloud, options: ExploreOptions = {}): SupportSet {
  const { seed, records, spread, noise } = readOptions(entries, defaults, options)
  return exploreTasks(cloud, cloud.history.slice(0, records), spread, noise, substream(seed, 'meta/explore'))
}

/** As `exploreCloud`, for given tasks of the past. */
export function exploreTasks(
  { resources, hidden }: Cloud,
  tasks: readonly CloudTask[],
  spread: number,
  noise: number,
  rng: Rng,
): SupportSet {
  const nominal = effectiveTimes(tasks, resources)
  const actual = effectiveTimes(tasks, resources, hidden)
  const uses = new Array<number>(resources.length).fill(0)
  return {
    resources,
    records: tasks.map((task, i) => {
      const used = resources
        .map((_, j) => ({ j, rank: uses[j]! + rng() }))
        .sort((a, b) => a.rank - b.rank)
        .slice(0, spread)
        .map(({ j }) => j)
      for (const j of used) uses[j]!++
      const time = (j: number): number => i * resources.length + j
      const rate = used.reduce((sum, j) => sum + 1 / nominal.seconds[time(j)]!, 0)
      return {
        task,
        resources: used,
        ratios: used.map((j) => 1 / (nominal.seconds[time(j)]! * rate)),
        seconds: used.map((j) => actual.seconds[time(j)]! * (noise > 0 ? exp(normal(rng, 0, noise)) : 1)),
      }
    }),
  }
}
