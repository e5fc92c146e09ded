import { type CloudTask, latencyBound, type Resource } from './cloud.ts'
import type { TimeMatrix } from './effective-times.ts'

/** Which part of each task runs where: ratio [task * resourceCount + resource], each task's ratios sum to 1. */
export interface Allocation {
  readonly taskCount: number
  readonly resourceCount: number
  readonly ratios: Float64Array
  /** Tasks for which no allocation with the times at hand meets the bound: they have the least latency there is. */
  readonly infeasible: readonly number[]
}

/** What an allocation comes to under given times. */
export interface AllocationOutcome {
  /** Sum over all tasks. */
  readonly cost: number
  /** Of each task: a_ij t_ij price_j, summed over the resources. */
  readonly costs: Float64Array
  /** Of each task: the longest of its parts, which run side by side. */
  readonly latencySeconds: Float64Array
  /** Whether latency and throughput of each task hold. */
  readonly qosMet: readonly boolean[]
  /** Share of the tasks whose requirements hold; `null` without tasks. */
  readonly qosRate: number | null
  /** Largest share of its storage that is taken on any resource; above 1 the allocation breaks a capacity. */
  readonly storageUse: number
}

/** Rounding of sums and products: a part that fills its bound exactly keeps it. */
const rounding = 1 + 1e-9

/** Evaluates an allocation: latency_i = max_j a_ij t_ij, cost_i = sum_j a_ij t_ij price_j. */
export function evaluateAllocation(
  { ratios }: Allocation,
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  { seconds }: TimeMatrix,
): AllocationOutcome {
  const resourceCount = resources.length
  const costs = new Float64Array(tasks.length)
  const latencySeconds = new Float64Array(tasks.length)
  const storage = new Float64Array(resourceCount)
  tasks.forEach(({ storageGb }, i) => {
    for (let j = 0; j < resourceCount; j++) {
      const ratio = ratios[i * resourceCount + j]!
      const partSeconds = ratio * seconds[i * resourceCount + j]!
      costs[i]! += partSeconds * resources[j]!.pricePerSecond
      latencySeconds[i] = Math.max(latencySeconds[i]!, partSeconds)
      storage[j]! += ratio * storageGb
    }
  })
  const qosMet = tasks.map((task, i) => latencySeconds[i]! <= latencyBound(task) * rounding)
  return {
    cost: costs.reduce((sum, cost) => sum + cost, 0),
    costs,
    latencySeconds,
    qosMet,
    qosRate: tasks.length > 0 ? qosMet.filter(Boolean).length / tasks.length : null,
    storageUse: resources.reduce((most, { storageGb }, j) => Math.max(most, storage[j]! / storageGb), 0),
  }
}
