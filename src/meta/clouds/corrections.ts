import { exp, ln } from '../../random/portable-math.ts'
import type { Cloud, Resource, TaskDemand } from './cloud.ts'
import type { TimeMatrix } from './effective-times.ts'
import type { SupportSet } from './support.ts'

/**
 * What stands between nominal and effective times: ln of the factor by which a resource computes slower than its
 * nominal speed for a class, and by which it transfers slower. In truth these are -ln e - ln(1 - b) and -ln(1 - b).
 */
export interface TimeCorrections {
  readonly classCount: number
  readonly resourceCount: number
  /** Entry [class * resourceCount + resource]. */
  readonly compute: Float64Array
  /** Entry [resource]. */
  readonly network: Float64Array
}

/** Effective times by their corrections: t_ij = max(compute_i / speed_j exp(c), network_i / bandwidth_j exp(n)). */
export function correctedTimes(
  tasks: readonly TaskDemand[],
  resources: readonly Resource[],
  { compute, network }: TimeCorrections,
): TimeMatrix {
  const resourceCount = resources.length
  const computeFactor = Float64Array.from(compute, (c, k) => exp(c) / resources[k % resourceCount]!.speedGflops)
  const networkFactor = Float64Array.from(network, (n, j) => exp(n) / resources[j]!.bandwidthMbps)
  const seconds = new Float64Array(tasks.length * resourceCount)
  for (let i = 0; i < tasks.length; i++) {
    const { workloadClass, computeGflop, networkMbit } = tasks[i]!
    for (let j = 0; j < resourceCount; j++) {
      seconds[i * resourceCount + j] = Math.max(
        computeGflop * computeFactor[workloadClass * resourceCount + j]!,
        networkMbit * networkFactor[j]!,
      )
    }
  }
  return { taskCount: tasks.length, resourceCount, seconds }
}

/** The corrections of a cloud whose hidden state is known: -ln e - ln(1 - b) and -ln(1 - b). */
export function trueCorrections({ resources, hidden: { efficiency, load } }: Cloud): TimeCorrections {
  const network = Float64Array.from(load, (b) => -ln(1 - b))
  return {
    classCount: efficiency.length,
    resourceCount: resources.length,
    compute: Float64Array.from(
      efficiency.flatMap((ofKind) => resources.map(({ kind }, j) => network[j]! - ln(ofKind[kind]!))),
    ),
    network,
  }
}

/** The correction that one observed time tells: of computing or of transferring, whichever took longer. */
export interface ObservedCorrection {
  readonly workloadClass: number
  readonly resource: number
  readonly phase: 'compute' | 'network'
  /** ln(observed / nominal seconds of the phase). */
  readonly value: number
}

/**
 * Reads the corrections out of a support set. Which phase a time belongs to is not observed; the phase that takes longer
 * under the prior belief is taken to be it.
 *
 * @param belief - corrections believed before; without it both phases are taken as nominal
 */
export function observedCorrections(
  { resources, records }: SupportSet,
  belief?: Pick<TimeCorrections, 'compute' | 'network'>,
): ObservedCorrection[] {
  return records.flatMap(({ task, resources: used, seconds }) =>
    used.map((resource, k): ObservedCorrection => {
      const { speedGflops, bandwidthMbps } = resources[resource]!
      const { workloadClass } = task
      const compute = ln(task.computeGflop / speedGflops)
      const network = ln(task.networkMbit / bandwidthMbps)
      const ahead = belief
        ? belief.compute[workloadClass * resources.length + resource]! - belief.network[resource]!
        : 0
      const phase = compute + ahead >= network ? 'compute' : 'network'
      return { workloadClass, resource, phase, value: ln(seconds[k]!) - (phase === 'compute' ? compute : network) }
    }),
  )
}
