import type { SimulationState } from './simulation-state.ts'

/** What a VM has done up to a time. */
export interface VmUsage {
  /** Seconds in which at least one task computed. */
  readonly busySeconds: number
  /** Cores in use times seconds. */
  readonly coreSeconds: number
  /** Seconds broken down. */
  readonly downSeconds: number
}

/** A VM's sums up to now; nothing is changed, so that who looks does not disturb the rounding. */
export function usageAt({ vms, nowSeconds }: SimulationState, vm: number): VmUsage {
  const elapsed = nowSeconds - vms.since[vm]!
  const threads = vms.threads[vm]!
  return {
    busySeconds: vms.busySeconds[vm]! + (threads > 0 ? elapsed : 0),
    coreSeconds: vms.coreSeconds[vm]! + elapsed * Math.min(threads, vms.cores[vm]!),
    downSeconds: vms.downSeconds[vm]! + (vms.failing[vm]! > 0 ? elapsed : 0),
  }
}

/** Brings a VM's sums up to now: called before anything about the VM changes. */
export function bringToNow({ vms, nowSeconds }: SimulationState, vm: number): void {
  const elapsed = nowSeconds - vms.since[vm]!
  if (elapsed === 0) return
  const threads = vms.threads[vm]!
  const cores = vms.cores[vm]!
  if (threads > 0) {
    vms.busySeconds[vm]! += elapsed
    vms.coreSeconds[vm]! += elapsed * Math.min(threads, cores)
    vms.virtualSeconds[vm]! += elapsed * Math.min(1, cores / threads)
  }
  if (vms.failing[vm]! > 0) vms.downSeconds[vm]! += elapsed
  vms.since[vm] = nowSeconds
}
