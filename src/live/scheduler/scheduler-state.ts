import { DomainCounts, type Resident } from '../constraints/domain-counts.ts'
import { createFleet, type Fleet } from '../../packing/fleet.ts'
import type { Request } from '../../packing/request.ts'
import type { LiveMachine } from './live-machine.ts'
import type { LiveTask } from './live-task.ts'
import type { SchedulerSettings } from './scheduler-options.ts'

/** A task that waits for a machine. */
export interface WaitingTask {
  readonly task: LiveTask
  readonly request: Request
  /** Place in the order of arrival; a task that comes back keeps its own. */
  readonly sequence: number
  /** Times it has been placed so far. */
  readonly attempts: number
  /** What it asks for, as text: equal tasks fare equally. `null` where what else runs, or a user's hook, has a say. */
  readonly shape: string | null
  /** State of the machines at which it last fitted nowhere: it is not tried again before that changes. */
  refusedAt: number
}

/** A task that has a machine. */
export interface RunningTask extends Omit<WaitingTask, 'refusedAt'>, Resident {
  readonly machine: string
  /** Number of this placement of the task, from 1. */
  readonly attempt: number
  readonly placedSeconds: number
  readonly hasStarted: boolean
}

/** How a task ended. */
export type Ending = 'finished' | 'cancelled' | 'abandoned'

/** All that a scheduler knows. */
export interface SchedulerState {
  readonly settings: SchedulerSettings
  readonly fleet: Fleet
  readonly machines: Map<string, LiveMachine>
  /** The machine of each index of the fleet; `undefined` at an index that is none. */
  readonly table: (LiveMachine | undefined)[]
  readonly waiting: Map<string, WaitingTask>
  readonly running: Map<string, RunningTask>
  /** Ended tasks, oldest first, as many as are remembered. */
  readonly ended: Map<string, Ending>
  readonly counts: DomainCounts
  /** Number of the next task. */
  sequence: number
  /** Raised whenever the tasks of a machine, or what it has, change: who has seen less has seen something old. */
  readonly revisions: Map<string, number>
  /** Raised by whatever may make room for a waiting task. */
  version: number
  /** Time of the last decision. */
  nowSeconds: number
  /** No task that runs, or ran, has a lower priority: who is not above it cannot push anyone off. */
  lowestPriority: number
}

/** Enters a machine that the fleet knows already. */
export function enterMachine(state: SchedulerState, machine: LiveMachine): void {
  state.machines.set(machine.id, machine)
  state.table[state.fleet.machineIndex(machine.id)] = machine
}

export function createState(settings: SchedulerSettings): SchedulerState {
  const running = new Map<string, RunningTask>()
  return {
    settings,
    fleet: createFleet([], { devices: settings.devices }),
    machines: new Map(),
    table: [],
    waiting: new Map(),
    running,
    ended: new Map(),
    counts: new DomainCounts({ [Symbol.iterator]: () => running.values() }),
    revisions: new Map(),
    sequence: 0,
    version: 0,
    nowSeconds: -Infinity,
    lowestPriority: Infinity,
  }
}

/** Gives a waiting task a machine that the fleet says it fits on. */
export function start(
  state: SchedulerState,
  waiting: Omit<WaitingTask, 'refusedAt'>,
  machine: LiveMachine,
  atSeconds: number,
): RunningTask {
  const { task, request, sequence, shape, attempts } = waiting
  state.fleet.place(task.id, request, state.fleet.machineIndex(machine.id))
  const running: RunningTask = {
    task,
    request,
    sequence,
    shape,
    attempts: attempts + 1,
    machine: machine.id,
    attempt: attempts + 1,
    placedSeconds: atSeconds,
    hasStarted: false,
    ...residentOf(task, machine),
  }
  state.waiting.delete(task.id)
  // Counted before it is listed: a selector that is counted anew reads the list.
  state.counts.add(running)
  state.running.set(task.id, running)
  revise(state, machine.id)
  state.lowestPriority = Math.min(state.lowestPriority, task.priority ?? 0)
  return running
}

/** Takes a running task off its machine. */
export function stop(state: SchedulerState, running: RunningTask): void {
  state.running.delete(running.task.id)
  state.counts.remove(running)
  state.fleet.release(running.task.id)
  revise(state, running.machine)
  state.version++
}

export function revise({ revisions }: SchedulerState, machine: string): void {
  revisions.set(machine, (revisions.get(machine) ?? 0) + 1)
}

/** Puts a task that was taken off its machine back in its place in the line. */
export function requeue(state: SchedulerState, { task, request, sequence, shape, attempts }: RunningTask): void {
  state.waiting.set(task.id, { task, request, sequence, shape, attempts, refusedAt: -1 })
}

/** A checked task as it joins the line. */
export function waitingTask(state: SchedulerState, task: LiveTask, sequence: number, attempts: number): WaitingTask {
  const { id: _, lengthMi: __, ...asked } = task
  const { demand, affinity, topologySpreadConstraints } = task
  const request = state.fleet.request(demand === undefined ? {} : { demand })
  const dependsOnOthers = affinity?.podAffinity !== undefined || topologySpreadConstraints !== undefined
  const shape = dependsOnOthers || state.settings.filter ? null : JSON.stringify(asked)
  return { task, request, sequence, shape, attempts, refusedAt: -1 }
}

/** Remembers how a task ended, and forgets the oldest one beyond what is to be remembered. */
export function remember(state: SchedulerState, id: string, ending: Ending): void {
  state.ended.set(id, ending)
  if (state.ended.size > state.settings.remembered) state.ended.delete(state.ended.keys().next().value!)
}

export function residentOf(task: LiveTask, machine: LiveMachine): Resident {
  return {
    labels: task.labels ?? {},
    machineLabels: machine.labels ?? {},
    repels: task.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
  }
}
