import type { Request } from './request.ts'

/** Tasks that ask for the same labels, the same resources, and the same share or number of devices. */
export interface TaskClass {
  readonly labels: Request['labels']
  readonly deviceShare: number
  readonly deviceCount: number
  readonly resources: readonly string[]
  /** Tasks of the class that were seen. */
  weight: number
  /** Mean demand in millionths of each of `resources`. */
  readonly meanAmounts: number[]
}

/** Which tasks are typical: what a rule that looks ahead expects to come. */
export interface TaskMix {
  /** Takes note of a task, placed or not. */
  observe(request: Request): void
  /** Grows when `classes` changes. */
  version(): number
  /** The classes as they were when the mix was last renewed, in the order in which they came up. */
  classes(): readonly TaskClass[]
  /** All that the mix knows, as plain data for `restoreTaskMix`. */
  snapshot(): TaskMixSnapshot
}

/** A mix as plain data. */
export interface TaskMixSnapshot {
  readonly count: number
  readonly version: number
  readonly renewAt: number
  /** As learned up to now. */
  readonly learned: readonly TaskClass[]
  /** As last renewed. */
  readonly renewed: readonly TaskClass[]
}

/** At most so many classes are kept; the lightest makes way for a new one. */
const mostClasses = 96
/** `classes` is renewed when the tasks seen have grown by this factor: at each task at first, then ever more rarely. */
const renewalGrowth = 1.02

/**
 * A mix that is learned from the tasks it is shown: a class per kind of device demand and labels, with the mean of the
 * other demands. An online scheduler shows it each task as it comes; where the list is known, it is shown the whole list.
 *
 * @param requests - tasks that are known from the start
 * @example
 * const mix = createTaskMix()
 * const rule = scarcityAware(mix)
 * mix.observe(request)
 * fleet.choose(request, rule)
 */
export function createTaskMix(requests: readonly Request[] = []): TaskMix {
  const mix = restoreTaskMix({ count: 0, version: 0, renewAt: requests.length, learned: [], renewed: [] })
  for (const request of requests) mix.observe(request)
  return mix
}

/** A mix that goes on where a snapshot of it was taken. */
export function restoreTaskMix(snapshot: TaskMixSnapshot): TaskMix {
  let { count, version, renewAt } = snapshot
  const learned = new Map(copyOf(snapshot.learned).map((known) => [keyOf(known), known]))
  let renewed: readonly TaskClass[] = copyOf(snapshot.renewed)

  function learn(request: Request): void {
    const key = keyOf(request)
    let known = learned.get(key)
    if (!known) {
      if (learned.size === mostClasses) learned.delete(lightest(learned))
      const { labels, deviceShare, deviceCount, resources } = request
      known = { labels, deviceShare, deviceCount, resources, weight: 0, meanAmounts: resources.map(() => 0) }
      learned.set(key, known)
    }
    known.weight++
    for (let k = 0; k < known.meanAmounts.length; k++) {
      known.meanAmounts[k]! += (request.amounts[k]! - known.meanAmounts[k]!) / known.weight
    }
  }

  return {
    observe(request) {
      count++
      // A task that asks for nothing is never short of a place.
      if (request.resources.length > 0) learn(request)
      if (count < renewAt) return
      renewed = copyOf([...learned.values()])
      version++
      renewAt = count * renewalGrowth
    },
    version: () => version,
    classes: () => renewed,
    snapshot: () => ({ count, version, renewAt, learned: copyOf([...learned.values()]), renewed: copyOf(renewed) }),
  }
}

function keyOf({
  labels,
  deviceShare,
  deviceCount,
  resources,
}: Pick<TaskClass, 'labels' | 'deviceShare' | 'deviceCount' | 'resources'>): string {
  return JSON.stringify([deviceShare, deviceCount, labels, resources])
}

function copyOf(classes: readonly TaskClass[]): TaskClass[] {
  return classes.map((known) => ({ ...known, meanAmounts: [...known.meanAmounts] }))
}

function lightest(classes: ReadonlyMap<string, TaskClass>): string {
  let least = ''
  let weight = Infinity
  for (const [key, known] of classes) {
    if (known.weight >= weight) continue
    least = key
    weight = known.weight
  }
  return least
}
