import type { Problem } from '../model/problem.ts'
import { type Calendar, createCalendar } from './calendar.ts'
import type { SimulationSettings } from './simulate-options.ts'
import type { EventNote } from './simulation-event.ts'
import { createTaskLists, type TaskLists } from './task-lists.ts'
import { createTimeHeap, type TimeHeap } from './time-heap.ts'

/** What a task does now. */
export const phase = {
  /** Not arrived, no VM. */
  unknown: 0,
  /** Arrived, no VM. */
  known: 1,
  /** Has a VM, not arrived. */
  planned: 2,
  /** Its input or its memory is on the way to its VM. */
  moving: 3,
  /** On its VM, not computing. */
  waiting: 4,
  running: 5,
  /** Computed, its output is on the way. */
  sending: 6,
  finished: 7,
  /** Its VM broke down for good. */
  failed: 8,
} as const

/** A task that was stopped while it computed. */
export interface Interruption {
  readonly task: number
  /** The VM it computed on. */
  readonly vm: number
  readonly atSeconds: number
  readonly cause: 'failure' | 'migration'
  /** Work that has to be done again, in seconds alone on that VM. */
  readonly lostSeconds: number
  /** When it computed again; `null` if it has not. */
  readonly resumedSeconds: number | null
}

/** A planned migration that could not take place. */
export interface SkippedMigration {
  readonly task: number
  readonly vm: number
  readonly atSeconds: number
  readonly reason: string
}

interface TaskColumns {
  /** One of `phase`. */
  readonly phase: Uint8Array
  /** -1 = none. */
  readonly vm: Int32Array
  /** First start; NaN before it. */
  readonly startSeconds: Float64Array
  /** NaN before the finish. */
  readonly finishSeconds: Float64Array
  /** Place in the order in which tasks came to stand before a VM. */
  readonly turn: Uint32Array
}

interface VmColumns {
  readonly cores: Float64Array
  /** Cores that its running tasks ask for; more than it has only in time sharing. */
  readonly threads: Float64Array
  /** 1 until it has booted. */
  readonly booting: Uint8Array
  /** Failures under repair. */
  readonly failing: Int32Array
  /** 1 after a failure that is never repaired. */
  readonly dead: Uint8Array
  /** The waiting task that starts next; -1 = none can. */
  readonly candidate: Int32Array
  /** Up to when the four sums below count. */
  readonly since: Float64Array
  readonly busySeconds: Float64Array
  readonly coreSeconds: Float64Array
  readonly downSeconds: Float64Array
  /** Time sharing: seconds that a task which ran all the time would have computed at full speed. */
  readonly virtualSeconds: Float64Array
  /** Time sharing: the running task that finishes first; -1 = none. */
  readonly leader: Int32Array
}

/** Where a simulation stands. The functions of this room change it in place. */
export interface SimulationState {
  readonly problem: Problem
  readonly settings: SimulationSettings
  readonly calendar: Calendar
  nowSeconds: number
  /** Tasks that have a VM and are neither finished nor failed. */
  openCount: number
  /** Turns given out. */
  turnCount: number
  /** How far each list of the calendar has been worked off. */
  readonly done: { arrivals: number; vmChanges: number; migrations: number }
  readonly tasks: TaskColumns
  readonly vms: VmColumns
  /** Core counts that tasks ask for, ascending; one entry where the count does not matter. */
  readonly widths: readonly number[]
  /** Index into `widths` of each task; `null` where there is one. */
  readonly widthOf: Uint16Array | null
  /** Waiting tasks by VM and width, running tasks by VM, tasks that a placement is awaited for. */
  readonly lists: TaskLists
  /** The next end of computing: all running tasks in space sharing, the leader of each VM in time sharing. */
  readonly finishes: TimeHeap
  /** Outputs on the way. */
  readonly deliveries: TimeHeap
  /** Inputs and memories on the way. */
  readonly landings: TimeHeap
  /** Candidates of all VMs, all at time 0: the order is theirs. */
  readonly starts: TimeHeap
  /** Time sharing: the running tasks of each VM by the virtual time at which they finish. */
  readonly virtualFinishes: readonly TimeHeap[]
  /** Part of the work that is left, in [0, 1), of the tasks that keep some work from before an interruption. */
  readonly partsLeft: Map<number, number>
  readonly interruptions: Interruption[]
  /** Where the last interruption of a task stands in `interruptions`. */
  readonly lastInterruption: Map<number, number>
  readonly skippedMigrations: SkippedMigration[]
  /** The event handled last. */
  readonly last: EventNote
}

export function createState(problem: Problem, settings: SimulationSettings): SimulationState {
  const { taskCount, vmCount, taskColumns, vmColumns } = problem
  const isTimeShared = settings.sharing === 'time'
  // In time sharing any waiting task may start, so that one line per VM does.
  const cores = isTimeShared ? undefined : taskColumns.cores
  const widths = cores ? [...new Set(cores)].sort((a, b) => a - b) : [1]
  const indexOfWidth = new Map(widths.map((width, index) => [width, index]))
  // A task stands in one of the four queues at most.
  const positions = new Int32Array(taskCount)
  const virtualPositions = new Int32Array(isTimeShared ? taskCount : 0)
  return {
    problem,
    settings,
    calendar: createCalendar(problem, settings),
    nowSeconds: 0,
    openCount: 0,
    turnCount: 0,
    done: { arrivals: 0, vmChanges: 0, migrations: 0 },
    tasks: {
      phase: new Uint8Array(taskCount),
      vm: new Int32Array(taskCount).fill(-1),
      startSeconds: new Float64Array(taskCount).fill(NaN),
      finishSeconds: new Float64Array(taskCount).fill(NaN),
      turn: new Uint32Array(taskCount),
    },
    vms: {
      cores: Float64Array.from(vmColumns.cores ?? new Float64Array(vmCount).fill(1)),
      threads: new Float64Array(vmCount),
      booting: Uint8Array.from({ length: vmCount }, (_, vm) => ((vmColumns.bootSeconds?.[vm] ?? 0) > 0 ? 1 : 0)),
      failing: new Int32Array(vmCount),
      dead: new Uint8Array(vmCount),
      candidate: new Int32Array(vmCount).fill(-1),
      since: new Float64Array(vmCount),
      busySeconds: new Float64Array(vmCount),
      coreSeconds: new Float64Array(vmCount),
      downSeconds: new Float64Array(vmCount),
      virtualSeconds: new Float64Array(vmCount),
      leader: new Int32Array(vmCount).fill(-1),
    },
    widths,
    widthOf: cores && widths.length > 1 ? Uint16Array.from(cores, (width) => indexOfWidth.get(width)!) : null,
    lists: createTaskLists(vmCount * (widths.length + 1) + 1, taskCount),
    finishes: createTimeHeap(positions),
    deliveries: createTimeHeap(positions),
    landings: createTimeHeap(positions),
    starts: createTimeHeap(positions),
    virtualFinishes: Array.from({ length: isTimeShared ? vmCount : 0 }, () => createTimeHeap(virtualPositions)),
    partsLeft: new Map(),
    interruptions: [],
    lastInterruption: new Map(),
    skippedMigrations: [],
    last: { kind: 'arrival', task: -1, vm: -1 },
  }
}

/** The list of tasks that run on a VM. */
export function runningList({ vms, widths }: SimulationState, vm: number): number {
  return vms.cores.length * widths.length + vm
}

/** The list of tasks of one width that wait on a VM. */
export function waitingList({ widths }: SimulationState, vm: number, width: number): number {
  return vm * widths.length + width
}

/** The list of tasks that have arrived, or failed, and need a VM. */
export function unplacedList({ vms, widths }: SimulationState): number {
  return vms.cores.length * (widths.length + 1)
}

/** Cores that a task asks for. */
export function coresOf({ problem }: SimulationState, task: number): number {
  return problem.taskColumns.cores?.[task] ?? 1
}

/** Whether tasks may start on a VM. */
export function isUp({ vms }: SimulationState, vm: number): boolean {
  return vms.booting[vm] === 0 && vms.failing[vm] === 0
}
