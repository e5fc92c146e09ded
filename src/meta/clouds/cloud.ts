/** A resource of a cloud, as its provider describes it. */
export interface Resource {
  /** Which kind it is (cpu, gpu, storage, ...), as a whole number from 0. */
  readonly kind: number
  /** Compute capacity in GFLOP/s. */
  readonly speedGflops: number
  /** Storage capacity in GB: what all parts of tasks on it may hold together. */
  readonly storageGb: number
  /** Network capacity in Mbit/s. */
  readonly bandwidthMbps: number
  readonly pricePerSecond: number
}

/** What a task asks for. */
export interface TaskDemand {
  /** Which workload class it belongs to, as a whole number from 0. */
  readonly workloadClass: number
  readonly computeGflop: number
  readonly storageGb: number
  readonly networkMbit: number
}

/** A task with its quality of service. */
export interface CloudTask extends TaskDemand {
  /** Latency bound L in seconds. */
  readonly latencySeconds: number
  /** Throughput floor in GFLOP/s; `null` where there is none. */
  readonly throughputGflops: number | null
}

/** What no feature of a cloud shows: only decisions and their outcomes tell it. */
export interface HiddenState {
  /** Efficiency e[class][kind]: the share of its nominal speed that a kind reaches on a workload class. */
  readonly efficiency: readonly (readonly number[])[]
  /** Background load b of each resource: the share of it that is taken, in [0, 1). */
  readonly load: readonly number[]
}

/** One cloud: a meta-task. Plain data. */
export interface Cloud {
  readonly resources: readonly Resource[]
  /** Past tasks, from whose decisions a scheduler may learn: the support set is cut from them. */
  readonly history: readonly CloudTask[]
  /** The tasks on which a scheduler is judged: the query set. */
  readonly tasks: readonly CloudTask[]
  readonly hidden: HiddenState
}

/** The latency in seconds that both requirements of a task allow: compute / latency >= floor is latency <= compute / floor. */
export function latencyBound({ latencySeconds, throughputGflops, computeGflop }: CloudTask): number {
  return throughputGflops === null ? latencySeconds : Math.min(latencySeconds, computeGflop / throughputGflops)
}
