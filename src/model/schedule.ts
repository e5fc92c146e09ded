/** When and where one task runs. Times are seconds from the start of the schedule. */
export interface ScheduledTask {
  /** VM index; -1 = never placed. */
  readonly vm: number
  /** `null` while the task has not started. */
  readonly startSeconds: number | null
  /** `null` while the task has not finished: an unfinished task has a status, never a made-up number. */
  readonly finishSeconds: number | null
  readonly status: 'finished' | 'running' | 'waiting' | 'failed' | 'unplaced'
}

/** An assignment with times. */
export interface Schedule {
  /** One entry per task, in task order. */
  readonly tasks: readonly ScheduledTask[]
  /** Finish of the last finished task; 0 without tasks. */
  readonly makespanSeconds: number
  /** Seconds that each VM is busy. */
  readonly busySeconds: readonly number[]
  /** Busy seconds times price over all VMs; `null` in a problem without prices. */
  readonly cost: number | null
}
