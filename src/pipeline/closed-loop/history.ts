/** A task comes to a pool. */
export interface Move {
  /** Step of the decision; the pools carry it from the next step on. */
  readonly step: number
  /** Index of the task. */
  readonly task: number
  /** Index of the pool it leaves; `null` = it is placed for the first time. */
  readonly from: number | null
  /** Index of the pool it comes to. */
  readonly to: number
  /** Data that goes over the network for it: the input of a task that has done nothing yet, else its memory. */
  readonly megabytes: number
}

/** How far a task came. Times are in seconds from the start of the run. */
export interface TaskCourse {
  /** Index of its last pool; `null` = it has not been placed. */
  readonly pool: number | null
  /** 'running' also for one whose output is on the way. */
  readonly status: 'not-arrived' | 'waiting' | 'running' | 'finished'
  /** When it begins to compute, its input there; `null` where that is not before the end. */
  readonly startSeconds: number | null
  /** When its work is done and it leaves its pool. */
  readonly workEndSeconds: number | null
  /** When its output is there, too. */
  readonly finishSeconds: number | null
}

/** What happened in a closed loop, as plain data: with the trace it decides every figure. */
export interface SchedulingHistory {
  /** In the order in which they were decided. */
  readonly moves: readonly Move[]
  /** Of each task. */
  readonly tasks: readonly TaskCourse[]
  /** The last step that was run. */
  readonly lastStep: number
}
