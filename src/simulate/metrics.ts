import { executionSeconds, type Problem } from '../model/problem.ts'
import type { Schedule } from '../model/schedule.ts'
import { endOfInstant } from './same-instant.ts'
import { type Statistics, statisticsOf } from './statistics.ts'

/** Seconds from 0 to the finish of the last finished task; 0 when none has finished. */
export function makespan(schedule: Pick<Schedule, 'tasks'>): number {
  return schedule.tasks.reduce((latest, { finishSeconds }) => Math.max(latest, finishSeconds ?? 0), 0)
}

/** Flow time in seconds: finish less arrival. */
export function flowTime(problem: Problem, schedule: Pick<Schedule, 'tasks'>): Statistics {
  return statisticsOfTasks(schedule, (task, _start, finish) => finish - arrivalOf(problem, task))
}

/** Waiting time in seconds: first start less arrival, input transfer included. */
export function waitingTime(problem: Problem, schedule: Pick<Schedule, 'tasks'>): Statistics {
  return statisticsOfTasks(schedule, (task, start) => start - arrivalOf(problem, task))
}

/**
 * Bounded slowdown: flow time over the time that the task takes alone on its VM, at least 1; short tasks count as
 * `boundSeconds` long so that they do not decide the mean (Feitelson, Metrics for parallel job scheduling and their
 * convergence, JSSPP 2001).
 *
 * @param boundSeconds - the shortest time that counts, > 0
 */
export function boundedSlowdown(
  problem: Problem,
  schedule: Pick<Schedule, 'tasks'>,
  boundSeconds: number = 10,
): Statistics {
  return statisticsOfTasks(schedule, (task, _start, finish, vm) => {
    const alone = Math.max(executionSeconds(problem, task, vm), boundSeconds)
    return Math.max(1, (finish - arrivalOf(problem, task)) / alone)
  })
}

/** The part of each VM's cores that was in use between 0 and the end, in [0, 1]; `null` where the end is 0. */
export function utilisation(
  problem: Problem,
  schedule: { readonly coreSeconds: readonly number[]; readonly endSeconds: number },
): (number | null)[] {
  const { cores } = problem.vmColumns
  const { endSeconds } = schedule
  return schedule.coreSeconds.map((used, vm) => (endSeconds > 0 ? used / ((cores?.[vm] ?? 1) * endSeconds) : null))
}

/** Load balance as equation (8) has it: least busy over busiest VM, in [0, 1]; `null` when no VM is busy. */
export function loadBalance(schedule: Pick<Schedule, 'busySeconds'>): number | null {
  const busiest = schedule.busySeconds.reduce((most, seconds) => Math.max(most, seconds), 0)
  const least = schedule.busySeconds.reduce((fewest, seconds) => Math.min(fewest, seconds), Infinity)
  return busiest > 0 ? least / busiest : null
}

/** Cost of each VM: busy seconds times price; `null` in a problem without prices. */
export function costPerVm({ pricePerSecond }: Problem, schedule: Pick<Schedule, 'busySeconds'>): number[] | null {
  return pricePerSecond && schedule.busySeconds.map((seconds, vm) => seconds * pricePerSecond[vm]!)
}

/** The tasks that finish after their deadline, and those with a deadline that do not finish, by index. */
export function deadlineMisses({ taskColumns }: Problem, schedule: Pick<Schedule, 'tasks'>): number[] {
  const { deadlineSeconds } = taskColumns
  if (!deadlineSeconds) return []
  return schedule.tasks.flatMap(({ finishSeconds }, task) => {
    const deadline = deadlineSeconds[task]!
    const isKept = finishSeconds === null ? deadline === Infinity : finishSeconds <= endOfInstant(deadline)
    return isKept ? [] : [task]
  })
}

function arrivalOf({ taskColumns }: Problem, task: number): number {
  return taskColumns.arrivalSeconds?.[task] ?? 0
}

function statisticsOfTasks(
  schedule: Pick<Schedule, 'tasks'>,
  measure: (task: number, start: number, finish: number, vm: number) => number,
): Statistics {
  const values = new Float64Array(schedule.tasks.length)
  let count = 0
  for (let task = 0; task < schedule.tasks.length; task++) {
    const { startSeconds, finishSeconds, vm } = schedule.tasks[task]!
    if (startSeconds === null || finishSeconds === null) continue
    values[count++] = measure(task, startSeconds, finishSeconds, vm)
  }
  return statisticsOf(values.subarray(0, count))
}
