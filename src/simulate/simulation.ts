import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { isEligible, type Problem } from '../model/problem.ts'
import type { ScheduledTask } from '../model/schedule.ts'
import { nextEventSeconds, step } from './engine.ts'
import { migrateTask, placeTask, whyNotMigrate, whyNotPlace } from './placement.ts'
import { indexFinding, readSettings, type SimulationOptions } from './simulate-options.ts'
import { scheduleOf, type SimulatedSchedule, taskAt } from './simulated-schedule.ts'
import { eventOf, type SimulationEvent } from './simulation-event.ts'
import { createState, runningList, type SimulationState, unplacedList, waitingList } from './simulation-state.ts'
import { type SimulationSnapshot, snapshotOf, stateFrom } from './snapshot.ts'
import { tasksOf } from './task-lists.ts'
import { usageAt, type VmUsage } from './vm-usage.ts'

/** A VM as it stands now. */
export interface SimulatedVm extends VmUsage {
  /** 'dead': broken down for good. */
  readonly status: 'booting' | 'up' | 'down' | 'dead'
  /** Tasks that compute on it, in the order of their start. */
  readonly running: readonly number[]
  /** Tasks that wait on it, in turn. */
  readonly waiting: readonly number[]
  /** Cores that no running task asks for; 0 where they ask for more than there are. */
  readonly freeCores: number
}

/** A simulation that is driven from outside: whoever drives it decides while time passes. */
export interface Simulation {
  readonly problem: Problem
  /** Seconds since the start. */
  nowSeconds(): number
  /** When the next event is due; `null` when nothing more is to come. */
  nextEventSeconds(): number | null
  /** Handles the next event and returns it; `null` when nothing more is to come. */
  nextEvent(): SimulationEvent | null
  /**
   * Handles all events up to a time, that time included, and moves the clock there.
   *
   * @throws CloudschedError `invalid-input` when the time lies in the past
   */
  advanceTo(seconds: number): SimulationEvent[]
  /**
   * Gives a task a VM; before its arrival that takes effect when it arrives. A task whose VM broke down for good may be
   * placed again, and goes on from its last checkpoint. Tasks placed at one moment stand in line as they were placed.
   *
   * @throws CloudschedError `invalid-input` for unknown indices, a VM that may not take the task or is dead, or a task
   * that has a VM already
   */
  place(task: number, vm: number): void
  /**
   * Moves a waiting or running task to another VM.
   *
   * @returns the downtime in seconds: its memory over the slower network; its input when it has nothing done yet
   * @throws CloudschedError `invalid-input` for unknown indices, a VM that may not take the task or is dead, or a task
   * that neither waits nor runs, or does so on that VM
   */
  migrate(task: number, vm: number): number
  /** Tasks that have arrived, or lost their VM, and need one, in that order. */
  awaitingPlacement(): number[]
  /** A task as it stands now. */
  task(task: number): ScheduledTask
  /** A VM as it stands now. */
  vm(vm: number): SimulatedVm
  /** The schedule up to now. */
  schedule(): SimulatedSchedule
  /** All that `restoreSimulation` needs to go on from here: plain data that survives JSON. */
  snapshot(): SimulationSnapshot
}

/**
 * Opens a simulation at time 0 in which no task has a VM.
 *
 * @throws CloudschedError `invalid-option` for unknown or broken options
 * @example
 * const simulation = createSimulation(problem, { sharing: 'space' })
 * for (let event = simulation.nextEvent(); event; event = simulation.nextEvent()) {
 *   if (event.kind === 'arrival') simulation.place(event.task, 0)
 * }
 * simulation.schedule().makespanSeconds
 */
export function createSimulation(problem: Problem, options: SimulationOptions = {}): Simulation {
  return drivenFromOutside(createState(problem, readSettings(problem, options)))
}

/**
 * Opens a simulation where a snapshot of it was taken; from there on both run alike.
 *
 * @param problem - the problem of the simulation that the snapshot was taken of
 * @throws CloudschedError `checkpoint` when the snapshot is damaged, or of another version or problem
 */
export function restoreSimulation(problem: Problem, snapshot: SimulationSnapshot): Simulation {
  return drivenFromOutside(stateFrom(problem, snapshot))
}

function drivenFromOutside(state: SimulationState): Simulation {
  const { problem } = state

  function advanceTo(seconds: number): SimulationEvent[] {
    if (typeof seconds !== 'number' || !(seconds >= state.nowSeconds && seconds < Infinity)) {
      const expected = `a finite number >= ${state.nowSeconds}, the time it is`
      throw new CloudschedError('invalid-input', [{ path: 'seconds', received: seconds, expected }])
    }
    const events: SimulationEvent[] = []
    while (step(state, seconds)) events.push(eventOf(state.last, state.nowSeconds))
    state.nowSeconds = seconds
    return events
  }

  return {
    problem,
    nowSeconds: () => state.nowSeconds,
    nextEventSeconds() {
      const seconds = nextEventSeconds(state)
      return seconds === Infinity ? null : seconds
    },
    nextEvent: () => (step(state, Infinity) ? eventOf(state.last, state.nowSeconds) : null),
    advanceTo,
    place(task, vm) {
      checkMove(problem, task, vm, () => whyNotPlace(state, task, vm))
      placeTask(state, task, vm)
    },
    migrate(task, vm) {
      checkMove(problem, task, vm, () => whyNotMigrate(state, task, vm))
      return migrateTask(state, task, vm)
    },
    awaitingPlacement: () => tasksOf(state.lists, unplacedList(state)),
    task(task) {
      throwFindings('invalid-input', indexFinding(task, problem.taskCount, 'task'))
      return taskAt(state, task)
    },
    vm(vm) {
      throwFindings('invalid-input', indexFinding(vm, problem.vmCount, 'vm'))
      return vmAt(state, vm)
    },
    schedule: () => scheduleOf(state),
    snapshot: () => snapshotOf(state),
  }
}

function checkMove(problem: Problem, task: number, vm: number, whyNot: () => string | null): void {
  const findings: Finding[] = [
    ...indexFinding(task, problem.taskCount, 'task'),
    ...indexFinding(vm, problem.vmCount, 'vm'),
  ]
  throwFindings('invalid-input', findings)
  if (!isEligible(problem, task, vm)) {
    throw new CloudschedError('invalid-input', [
      { path: 'vm', received: vm, expected: `a VM that may take task ${task}`, hint: '`explain` lists the reasons.' },
    ])
  }
  const reason = whyNot()
  if (reason)
    throw new CloudschedError('invalid-input', [
      { path: 'task', received: task, expected: `one that can go to VM ${vm} now, but ${reason}` },
    ])
}

function vmAt(state: SimulationState, vm: number): SimulatedVm {
  const { vms, lists, widths, tasks } = state
  const waiting = widths.flatMap((_, width) => tasksOf(lists, waitingList(state, vm, width)))
  return {
    status: vms.dead[vm] === 1 ? 'dead' : vms.failing[vm]! > 0 ? 'down' : vms.booting[vm] === 1 ? 'booting' : 'up',
    running: tasksOf(lists, runningList(state, vm)),
    waiting: waiting.sort((a, b) => tasks.turn[a]! - tasks.turn[b]!),
    freeCores: Math.max(0, vms.cores[vm]! - vms.threads[vm]!),
    ...usageAt(state, vm),
  }
}
