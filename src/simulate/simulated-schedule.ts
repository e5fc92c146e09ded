import type { Schedule, ScheduledTask } from '../model/schedule.ts'
import { energy } from './energy.ts'
import {
  boundedSlowdown,
  costPerVm,
  deadlineMisses,
  flowTime,
  loadBalance,
  makespan,
  utilisation,
  waitingTime,
} from './metrics.ts'
import type { Statistics } from './statistics.ts'
import type { Interruption, SimulationState, SkippedMigration } from './simulation-state.ts'
import { usageAt } from './vm-usage.ts'

/** What a schedule is worth; each figure is also a function of its own. */
export interface ScheduleMetrics {
  /** Seconds from arrival to finish. */
  readonly flowTime: Statistics
  /** Seconds from arrival to first start. */
  readonly waitingTime: Statistics
  /** Flow time over the time alone on the VM, times below 10 s counted as 10 s. */
  readonly boundedSlowdown: Statistics
  /** Part of each VM's cores in use, in [0, 1]; `null` where the schedule ends at 0. */
  readonly utilisation: readonly (number | null)[]
  /** Least busy over busiest VM, in [0, 1]; `null` when no VM is busy. */
  readonly loadBalance: number | null
  /** Number of tasks with a deadline that is not kept. */
  readonly deadlineMissCount: number
  /** `null` when no VM states `busyWatts`. */
  readonly energyJoules: number | null
}

/** What a simulation has found: plain data. */
export interface SimulatedSchedule extends Schedule {
  /** When the simulation ended. */
  readonly endSeconds: number
  /** Cores in use times seconds, of each VM. */
  readonly coreSeconds: readonly number[]
  /** Seconds that each VM was broken down. */
  readonly downSeconds: readonly number[]
  /** Each time that a running task was stopped, in order. */
  readonly interruptions: readonly Interruption[]
  /** Planned migrations that could not take place, and why. */
  readonly skippedMigrations: readonly SkippedMigration[]
  readonly metrics: ScheduleMetrics
}

const statusOf: readonly ScheduledTask['status'][] = [
  'unplaced',
  'unplaced',
  'waiting',
  'waiting',
  'waiting',
  'running',
  'running',
  'finished',
  'failed',
]

/** The schedule up to now. */
export function scheduleOf(state: SimulationState): SimulatedSchedule {
  const { problem } = state
  const usages = Array.from({ length: problem.vmCount }, (_, vm) => usageAt(state, vm))
  const schedule = {
    tasks: Array.from({ length: problem.taskCount }, (_, task) => taskAt(state, task)),
    busySeconds: usages.map(({ busySeconds }) => busySeconds),
    coreSeconds: usages.map(({ coreSeconds }) => coreSeconds),
    downSeconds: usages.map(({ downSeconds }) => downSeconds),
    endSeconds: state.nowSeconds,
    interruptions: [...state.interruptions],
    skippedMigrations: [...state.skippedMigrations],
  }
  return {
    ...schedule,
    makespanSeconds: makespan(schedule),
    cost: costPerVm(problem, schedule)?.reduce((sum, cost) => sum + cost, 0) ?? null,
    metrics: {
      flowTime: flowTime(problem, schedule),
      waitingTime: waitingTime(problem, schedule),
      boundedSlowdown: boundedSlowdown(problem, schedule),
      utilisation: utilisation(problem, schedule),
      loadBalance: loadBalance(schedule),
      deadlineMissCount: deadlineMisses(problem, schedule).length,
      energyJoules: energy(problem, schedule)?.totalJoules ?? null,
    },
  }
}

/** One task up to now. */
export function taskAt({ tasks }: SimulationState, task: number): ScheduledTask {
  const startSeconds = tasks.startSeconds[task]!
  const finishSeconds = tasks.finishSeconds[task]!
  return {
    vm: tasks.vm[task]!,
    startSeconds: Number.isNaN(startSeconds) ? null : startSeconds,
    finishSeconds: Number.isNaN(finishSeconds) ? null : finishSeconds,
    status: statusOf[tasks.phase[task]!]!,
  }
}
