import { assess, type MachineAssessment } from './assess.ts'
import { decide, type DecideOptions, type LivePlacement } from './decide.ts'
import {
  assign,
  type AssignOptions,
  cancel,
  finished,
  machineChanged,
  machineRemoved,
  type Outcome,
  resize,
  started,
  submit,
} from './events.ts'
import { explain, type LiveExplanation } from './explain.ts'
import type { LiveMachine } from './live-machine.ts'
import type { LiveTask } from './live-task.ts'
import { readSchedulerOptions, type SchedulerOptions } from './scheduler-options.ts'
import { createState, type SchedulerState } from './scheduler-state.ts'
import { restore, type SchedulerSnapshot, snapshot } from './snapshot.ts'

/** A running task as an observer sees it. */
export interface RunningView {
  readonly task: LiveTask
  readonly machine: string
  readonly attempt: number
  readonly placedSeconds: number
  readonly hasStarted: boolean
}

/**
 * Places a stream of tasks on machines that come and go. It does nothing itself: decisions are data, and the one who
 * carries them out reports back. Each method checks first and changes then: one that throws has changed nothing.
 */
export interface Scheduler {
  /** @throws CloudschedError `invalid-input`, also for an id that is remembered: a repeated submission */
  submit(task: LiveTask): void
  /** Takes a task out, whether it waits or runs. @throws CloudschedError `invalid-input` for any other id */
  cancel(id: string): void
  /** States a machine, a new one or one that is known; its tasks stay. @throws CloudschedError `invalid-input`, also for a version that came late */
  machineChanged(machine: LiveMachine): void
  /** Takes a machine out. @returns the tasks that ran there: they wait again. @throws CloudschedError `invalid-input` */
  machineRemoved(id: string): string[]
  /** Reports that a placement was carried out. @throws CloudschedError `invalid-input` for an earlier attempt or a repetition */
  started(id: string, attempt?: number): void
  /**
   * Reports how a placement ended. A failed task waits again, until it has failed `maxAttempts` times.
   *
   * @throws CloudschedError `invalid-input` for an unknown id, an earlier attempt or a repetition
   */
  finished(id: string, outcome: Outcome): 'finished' | 'waiting' | 'abandoned'
  /**
   * Gives a waiting or running task this machine, as a repair plan or another scheduler has decided.
   *
   * @returns the number of the placement
   * @throws CloudschedError `invalid-input`, with every reason for which the machine does not take it
   */
  assign(id: string, machine: string, nowSeconds: number, options?: AssignOptions): number
  /**
   * How each machine would take a task that is not submitted: why not, or how well.
   *
   * @param machines - ids of the machines in question; those that are unknown are left out. @defaultValue all
   * @throws CloudschedError `invalid-input` for a task that breaks its rules
   */
  assess(task: LiveTask, machines?: Iterable<string>): MachineAssessment[]
  /**
   * Changes what a task asks for; one that runs keeps its machine.
   *
   * @throws CloudschedError `invalid-input` where its machine has no room for that
   */
  resize(id: string, demand: Readonly<Record<string, number>>): void
  /** Places what fits, most important first. @param nowSeconds - any clock that does not run backwards */
  decide(nowSeconds: number, options?: DecideOptions): LivePlacement[]
  /** Where a task is; for one that waits, why each machine does not take it. @throws CloudschedError `invalid-input` for an unknown id */
  explain(id: string): LiveExplanation
  /** All that the scheduler knows, as plain data. */
  snapshot(): SchedulerSnapshot
  readonly machines: () => LiveMachine[]
  /** Counts the changes of a machine and of what runs on it; `null` for an unknown id. */
  revision(machine: string): number | null
  readonly waiting: () => LiveTask[]
  /** Times that a waiting task has been placed so far; `null` where no task of this id waits. */
  attemptsOf(id: string): number | null
  readonly running: () => RunningView[]
  /** What is free on a machine, by resource. @throws CloudschedError `invalid-input` for an unknown id */
  free(machine: string): Record<string, number>
}

/**
 * Opens a scheduler without machines and tasks.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * ```ts
 * const scheduler = createScheduler()
 * scheduler.machineChanged({ id: 'a', capacity: { cpu: 8, memoryMib: 16384 } })
 * scheduler.submit({ id: 'web-1', demand: { cpu: 2, memoryMib: 1024 } })
 * for (const { task, machine } of scheduler.decide(0)) console.log(task, machine)
 * scheduler.finished('web-1', { status: 'finished' })
 * ```
 */
export function createScheduler(options: SchedulerOptions = {}): Scheduler {
  return schedulerOver(createState(readSchedulerOptions(options)))
}

/**
 * A scheduler that goes on where a snapshot was taken: it decides as the other one would.
 *
 * @param hooks - the functions among the options, which a snapshot cannot hold
 * @throws CloudschedError `checkpoint` for data of another kind or version, or that contradicts itself
 */
export function restoreScheduler(
  data: SchedulerSnapshot,
  hooks: Pick<SchedulerOptions, 'rule' | 'filter' | 'score'> = {},
): Scheduler {
  return schedulerOver(restore(data, hooks))
}

function schedulerOver(state: SchedulerState): Scheduler {
  return {
    submit: (task) => submit(state, task),
    cancel: (id) => cancel(state, id),
    machineChanged: (machine) => machineChanged(state, machine),
    machineRemoved: (id) => machineRemoved(state, id),
    started: (id, attempt) => started(state, id, attempt),
    finished: (id, outcome) => finished(state, id, outcome),
    assign: (id, machine, nowSeconds, options) => assign(state, id, machine, nowSeconds, options),
    assess: (task, machines) => assess(state, task, machines),
    resize: (id, demand) => resize(state, id, demand),
    decide: (nowSeconds, options) => decide(state, nowSeconds, options),
    explain: (id) => explain(state, id),
    snapshot: () => snapshot(state),
    machines: () => [...state.machines.values()],
    revision: (machine) => state.revisions.get(machine) ?? null,
    attemptsOf: (id) => state.waiting.get(id)?.attempts ?? null,
    waiting: () => Array.from(state.waiting.values(), ({ task }) => task),
    running: () =>
      Array.from(state.running.values(), ({ task, machine, attempt, placedSeconds, hasStarted }) => ({
        task,
        machine,
        attempt,
        placedSeconds,
        hasStarted,
      })),
    free: (machine) => state.fleet.free(state.fleet.machineIndex(machine)),
  }
}
