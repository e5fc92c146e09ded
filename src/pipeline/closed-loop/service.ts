import { type Statistics, statisticsOf } from '../../simulate/statistics.ts'
import type { SchedulingHistory } from './history.ts'
import { secondsAt, type TraceColumns } from './trace-columns.ts'

/** How the work of the tasks went. Times are in seconds. */
export interface ServiceMetrics {
  /**
   * Last finish - first arrival (figure 2 of the source); `null` where a task with a length has not finished, or none has
   * one.
   */
  readonly makespanSeconds: number | null
  /** The makespan over the number of tasks. */
  readonly makespanPerTaskSeconds: number | null
  /** Finish - start of the finished tasks. */
  readonly execution: Statistics
  /** Start - arrival of the tasks that have started: until the next decision, until a pool has room, and the input (figure 3). */
  readonly waiting: Statistics
  /** Tasks with a length that have not finished. */
  readonly unfinishedTasks: number
  /** Tasks that have arrived and have had no pool. */
  readonly unplacedTasks: number
  /** Tasks that finished after their deadline, or had not finished when it came. */
  readonly deadlineMisses: number
  /** Share of them, in percent, among the tasks whose deadline is decided; `null` where there is none. */
  readonly deadlineMissPercent: number | null
}

/** Execution, waiting and deadlines of a history. */
export function serviceOf(columns: TraceColumns, { tasks, lastStep }: SchedulingHistory): ServiceMetrics {
  const { trace } = columns
  const end = secondsAt(columns, lastStep)
  const execution: number[] = []
  const waiting: number[] = []
  let lastFinish = -Infinity
  let firstArrival = Infinity
  let unfinishedTasks = 0
  let unplacedTasks = 0
  let decided = 0
  let deadlineMisses = 0
  trace.tasks.forEach(({ arrivalSeconds = 0, deadlineSeconds = Infinity, lengthMi }, index) => {
    const { status, startSeconds, finishSeconds } = tasks[index]!
    firstArrival = Math.min(firstArrival, arrivalSeconds)
    if (status === 'waiting') unplacedTasks++
    if (startSeconds !== null) waiting.push(startSeconds - arrivalSeconds)
    if (finishSeconds !== null) {
      execution.push(finishSeconds - startSeconds!)
      lastFinish = Math.max(lastFinish, finishSeconds)
    } else if (lengthMi !== undefined) unfinishedTasks++
    if (deadlineSeconds === Infinity || (finishSeconds === null && deadlineSeconds > end)) return
    decided++
    if (finishSeconds === null || finishSeconds > deadlineSeconds) deadlineMisses++
  })
  const makespanSeconds = unfinishedTasks > 0 || execution.length === 0 ? null : lastFinish - firstArrival
  return {
    makespanSeconds,
    makespanPerTaskSeconds: makespanSeconds === null ? null : makespanSeconds / trace.tasks.length,
    execution: statisticsOf(Float64Array.from(execution)),
    waiting: statisticsOf(Float64Array.from(waiting)),
    unfinishedTasks,
    unplacedTasks,
    deadlineMisses,
    deadlineMissPercent: decided === 0 ? null : (100 * deadlineMisses) / decided,
  }
}
