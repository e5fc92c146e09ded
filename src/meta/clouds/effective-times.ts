import type { HiddenState, Resource, TaskDemand } from './cloud.ts'

/** Seconds that each whole task takes on each resource: entry [task * resourceCount + resource]. */
export interface TimeMatrix {
  readonly taskCount: number
  readonly resourceCount: number
  readonly seconds: Float64Array
}

/**
 * Effective times: t_ij = max(compute_i / (e[class_i][kind_j] speed_j (1 - b_j)), network_i / (bandwidth_j (1 - b_j))).
 *
 * @param hidden - efficiencies and loads; without it all are nominal, e = 1 and b = 0, which is what a scheduler
 * without history must assume
 */
export function effectiveTimes(
  tasks: readonly TaskDemand[],
  resources: readonly Resource[],
  hidden?: HiddenState,
): TimeMatrix {
  const resourceCount = resources.length
  const seconds = new Float64Array(tasks.length * resourceCount)
  for (let j = 0; j < resourceCount; j++) {
    const { kind, speedGflops, bandwidthMbps } = resources[j]!
    const free = hidden ? 1 - hidden.load[j]! : 1
    for (let i = 0; i < tasks.length; i++) {
      const { workloadClass, computeGflop, networkMbit } = tasks[i]!
      const efficiency = hidden ? hidden.efficiency[workloadClass]![kind]! : 1
      seconds[i * resourceCount + j] = Math.max(
        computeGflop / (efficiency * speedGflops * free),
        networkMbit / (bandwidthMbps * free),
      )
    }
  }
  return { taskCount: tasks.length, resourceCount, seconds }
}

/** The least latency that any allocation of a task reaches: all resources at once, each until the same moment. */
export function leastLatency({ resourceCount, seconds }: TimeMatrix, task: number): number {
  let rate = 0
  for (let j = 0; j < resourceCount; j++) rate += 1 / seconds[task * resourceCount + j]!
  return 1 / rate
}
