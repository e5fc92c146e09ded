import type { DemandTrace, TracedPool, TracedTask } from '../../../src/model/demand-trace.ts'

/** A pool of 10 cores, 100 MIPS and 8 Mbit/s (1 MB a second). */
export function tenCores(id: string, extra: Readonly<Record<string, number>> = {}): TracedPool {
  return { id, capacity: { cpu: 10, ...extra }, speedMips: 100, bandwidthMbps: 8 }
}

/** Steps of 100 s; the first sample is the present of the first decision. */
export function smallTrace(
  tasks: readonly TracedTask[],
  pools: readonly TracedPool[],
  stepCount: number,
  pastSteps = 0,
): DemandTrace {
  return { stepSeconds: 100, stepCount, pastSteps, tasks, pools }
}
