import type { SimulationState } from './simulation-state.ts'

/**
 * How the cores of a VM are shared: the one part in which the two modes differ. Before each call the VM's sums are
 * brought to now; `threads` already counts the task in `begin` and no longer counts it in `end` and `stop`.
 */
export interface Sharing {
  /** Whether one more task of so many cores may start on a VM. */
  readonly fits: (state: SimulationState, vm: number, cores: number) => boolean
  /** Starts a task that has so many seconds left, alone on the VM. */
  readonly begin: (state: SimulationState, vm: number, task: number, seconds: number) => void
  /** Takes off a task that has come to its end. */
  readonly end: (state: SimulationState, vm: number, task: number) => void
  /** Takes off a task before its end; returns the seconds it has left, alone on the VM. */
  readonly stop: (state: SimulationState, vm: number, task: number) => number
}
