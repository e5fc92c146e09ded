import type { DetectorState } from '../anomaly/detector.ts'
import type { DriftState } from '../feedback/drift.ts'
import { type MonitorState, unmonitored } from '../monitor/monitor.ts'

/** What the loop knows of one task. */
export interface TaskMemory {
  /** Use of each forecast resource, oldest first. */
  readonly use: Readonly<Record<string, readonly number[]>>
  /** Steps since it was first seen, for seasonal forecasters. */
  readonly steps: number
  /** What the forecast said its use of each resource would be at the next step. */
  readonly expected: Readonly<Record<string, number>>
  /** Level of the quantile that is asked for. */
  readonly level: number
  /** When it was last told to move; `null` where it never was. */
  readonly movedSeconds: number | null
  /** It is not to be moved before that; `null` where nothing holds it. */
  readonly heldUntilSeconds: number | null
}

/** What the loop knows of one machine. */
export interface MachineMemory {
  readonly detector: DetectorState | null
  readonly drift: DriftState
  /** What the forecasts of its tasks added up to for the next step; `null` before the first forecast. */
  readonly expectedUse: number | null
}

/** All that the loop carries from one step to the next: plain data. It forgets what is no longer observed. */
export interface ControlState {
  /** Carried by the monitor. */
  readonly monitor: MonitorState
  readonly tasks: Readonly<Record<string, TaskMemory>>
  readonly machines: Readonly<Record<string, MachineMemory>>
}

/** State before the first observation. */
export const uncontrolled: ControlState = Object.freeze({ monitor: unmonitored, tasks: {}, machines: {} })
