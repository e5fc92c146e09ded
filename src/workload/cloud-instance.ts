import { numberIn, type OptionEntries } from '../errors/read-options.ts'
import type { TaskInput } from '../model/task.ts'
import type { VmInput } from '../model/vm.ts'
import { type Rng, type Seed, substream } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'
import { type Distribution, distributionFrom, pickByWeight, sample, wholeDraws } from './distribution.ts'
import { lengthFamilies } from './families.ts'
import { type GeneratedInstance, readGeneratorOptions } from './generator-options.ts'
import { alignRanks } from './rank-correlation.ts'
import { type Arrivals, arrivalsEntry, withTimes } from './times.ts'
import { catalogueEntry, exampleCatalogue, type VmType } from './vm-catalogue.ts'

/** Options of `cloudInstance`. */
export interface CloudInstanceOptions {
  /** Number of tasks, >= 0. */
  readonly taskCount: number
  /** Number of VMs, >= 1. */
  readonly vmCount: number
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** The types that VMs are drawn from. @defaultValue exampleCatalogue */
  readonly catalogue?: readonly VmType[]
  /** Law of the lengths in MI; draws are rounded to whole MI, at least 1. @defaultValue lengthFamilies.heavyTailed */
  readonly lengthMi?: Distribution
  /** Law of the part of its host that a task asks for; draws above 1 count as 1. @defaultValue uniform in [0.05, 1) */
  readonly demandShare?: Distribution
  /** Rank correlation between length and demand share, in [0, 1]. @defaultValue 0 */
  readonly correlation?: number
  /** Share of the tasks that insist on one label of their host, in [0, 1]. @defaultValue 0.2 */
  readonly labelShare?: number
  /** When the tasks come in. @defaultValue none: all at 0 */
  readonly arrivals?: Arrivals
  /** Law of deadline - arrival, in running times of the task on its host: 1 leaves no room. @defaultValue none: no deadlines */
  readonly deadlineSlack?: Distribution
}

const entries: OptionEntries = {
  catalogue: catalogueEntry,
  lengthMi: distributionFrom(0),
  demandShare: distributionFrom(0),
  correlation: numberIn(0, 1),
  labelShare: numberIn(0, 1),
  arrivals: arrivalsEntry,
  deadlineSlack: distributionFrom(0),
}

const defaults = {
  catalogue: exampleCatalogue,
  lengthMi: lengthFamilies.heavyTailed,
  demandShare: { kind: 'uniform', min: 0.05, max: 1 } as Distribution,
  correlation: 0,
  labelShare: 0.2,
}

/**
 * Tasks with demands and labels on VMs of a catalogue. Each task is cut to fit one VM of the fleet, its host, drawn at
 * random: it asks for a share of each resource of the host, so that some tasks fit everywhere, some on few VMs, and
 * every one somewhere.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const instance = cloudInstance({ taskCount: 500, vmCount: 20, seed: 1, arrivals: { kind: 'poisson', perSecond: 2 } })
 */
export function cloudInstance(options: CloudInstanceOptions): GeneratedInstance {
  const {
    taskCount,
    vmCount,
    seed,
    catalogue,
    lengthMi,
    demandShare,
    correlation,
    labelShare,
    arrivals,
    deadlineSlack,
  } = readGeneratorOptions(entries, defaults, options)
  const vms = drawVms(catalogue, vmCount, substream(seed, 'workload/vms'))
  const hostRng = substream(seed, 'workload/hosts')
  const hosts = Array.from({ length: taskCount }, () => vms[pickIndex(hostRng, vmCount)]!)
  const lengths = wholeDraws(taskCount, lengthMi, seed, 'workload/lengthMi')
  const shareRng = substream(seed, 'workload/demandShare')
  const shares = Array.from({ length: taskCount }, () => Math.min(1, sample(demandShare, shareRng)))
  alignRanks(shares, lengths, correlation, substream(seed, 'workload/correlation'))
  const labelRng = substream(seed, 'workload/labels')
  const tasks = hosts.map((host, task): TaskInput => {
    const requiredLabels = drawLabel(host, labelShare, labelRng)
    return {
      lengthMi: lengths[task]!,
      demand: demandOf(host, shares[task]!),
      ...(requiredLabels ? { requiredLabels } : {}),
    }
  })
  return {
    tasks: withTimes(tasks, (task) => lengths[task]! / hosts[task]!.speedMips, seed, arrivals, deadlineSlack),
    vms,
  }
}

type Host = VmInput & Required<Pick<VmInput, 'speedMips' | 'capacity'>>

function drawVms(catalogue: readonly VmType[], count: number, rng: Rng): Host[] {
  const drawn = new Map<VmType, number>()
  return Array.from({ length: count }, () => {
    const type = catalogue[pickByWeight(rng, catalogue)]!
    const number = (drawn.get(type) ?? 0) + 1
    drawn.set(type, number)
    const { name, speedMips, pricePerSecond, capacity, labels } = type
    return { id: `${name}-${number}`, speedMips, pricePerSecond, capacity, ...(labels ? { labels } : {}) }
  })
}

/** The share of each resource in whole amounts: at least 1 of what the host has any of. */
function demandOf({ capacity }: Host, share: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(capacity).map(([resource, has]) => [resource, Math.min(has, Math.max(1, Math.round(share * has)))]),
  )
}

function drawLabel({ labels = {} }: Host, share: number, rng: Rng): Record<string, string> | null {
  const insists = rng() < share
  const label = Object.entries(labels)[pickIndex(rng, Object.keys(labels).length)]
  return insists && label ? { [label[0]]: label[1] } : null
}
