import { arrivalAt } from './calendar.ts'
import { migrateTask, whyNotMigrate } from './placement.ts'
import { endOfInstant } from './same-instant.ts'
import type { SimulationState } from './simulation-state.ts'
import { arrive, complete, deliver, land, start } from './task-course.ts'
import { earliest, firstSlot } from './time-heap.ts'
import { changeVm } from './vm-course.ts'

/** What happens to a task. */
export interface TaskEvent {
  /**
   * 'computed': all work is done and the output is on its way. 'finish': the task is over. 'arrival': it is known from
   * now on. 'landing': its input or its memory has come to its VM. 'migration' / 'skipped-migration': a planned one.
   * 'start': it computes, for the first time or again.
   */
  readonly kind: 'computed' | 'finish' | 'arrival' | 'landing' | 'migration' | 'skipped-migration' | 'start'
  readonly atSeconds: number
  readonly task: number
  /** The VM it has or goes to; -1 = none. */
  readonly vm: number
}

/** What happens to a VM. */
export interface VmEvent {
  readonly kind: 'failure' | 'repair' | 'boot'
  readonly atSeconds: number
  readonly vm: number
}

/** One event of a simulation. */
export type SimulationEvent = TaskEvent | VmEvent

/** When the next event is due; Infinity when nothing is to come. */
export function nextEventSeconds(state: SimulationState): number {
  const { calendar, done, nowSeconds } = state
  const due = Math.min(
    earliest(state.finishes),
    earliest(state.deliveries),
    calendar.vmChanges[done.vmChanges]?.atSeconds ?? Infinity,
    nextArrival(state),
    earliest(state.landings),
    calendar.migrations[done.migrations]?.atSeconds ?? Infinity,
    state.starts.size > 0 ? nowSeconds : Infinity,
  )
  return Math.max(due, nowSeconds)
}

/**
 * Handles the next event that is due up to `horizon`. At one instant tasks end first, then VMs change, then tasks
 * arrive, then planned migrations set out, then tasks start: a core that falls free serves those who come at that
 * moment, and a task that ends when its VM breaks down has ended. Within a kind tasks go by index.
 *
 * @returns `null` when nothing is due
 */
export function step(state: SimulationState, horizon: number): SimulationEvent | null {
  const next = nextEventSeconds(state)
  if (next > horizon || next === Infinity) return null
  const { calendar, done, finishes, deliveries, landings } = state
  const instant = Math.min(horizon, endOfInstant(next))

  const computed = earliest(finishes)
  const delivered = earliest(deliveries)
  if (Math.min(computed, delivered) <= instant) {
    const isDelivery = delivered < computed || (delivered === computed && firstSlot(deliveries) < firstSlot(finishes))
    return isDelivery ? handleDelivery(state, delivered) : handleCompletion(state, computed)
  }
  const change = calendar.vmChanges[done.vmChanges]
  if (change && change.atSeconds <= instant) {
    advanceClock(state, change.atSeconds)
    done.vmChanges++
    changeVm(state, change)
    return { kind: change.kind, atSeconds: state.nowSeconds, vm: change.vm }
  }
  const arrival = nextArrival(state)
  const landing = earliest(landings)
  if (Math.min(arrival, landing) <= instant) return landing < arrival ? handleLanding(state, landing) : handleArrival(state, arrival)
  const migration = calendar.migrations[done.migrations]
  if (migration && migration.atSeconds <= instant) return handleMigration(state)
  return handleStart(state)
}

function handleCompletion(state: SimulationState, seconds: number): SimulationEvent {
  advanceClock(state, seconds)
  const task = firstSlot(state.finishes)
  complete(state, task)
  return taskEvent(state, Number.isNaN(state.tasks.finishSeconds[task]!) ? 'computed' : 'finish', task)
}

function handleDelivery(state: SimulationState, seconds: number): SimulationEvent {
  advanceClock(state, seconds)
  const task = firstSlot(state.deliveries)
  deliver(state, task)
  return taskEvent(state, 'finish', task)
}

function handleArrival(state: SimulationState, seconds: number): SimulationEvent {
  advanceClock(state, seconds)
  const place = state.done.arrivals++
  const task = state.calendar.arrivalOrder ? state.calendar.arrivalOrder[place]! : place
  arrive(state, task)
  return taskEvent(state, 'arrival', task)
}

function handleLanding(state: SimulationState, seconds: number): SimulationEvent {
  advanceClock(state, seconds)
  const task = firstSlot(state.landings)
  land(state, task)
  return taskEvent(state, 'landing', task)
}

function handleMigration(state: SimulationState): SimulationEvent {
  const { task, vm, atSeconds } = state.calendar.migrations[state.done.migrations++]!
  advanceClock(state, atSeconds)
  const reason = whyNotMigrate(state, task, vm)
  if (reason === null) migrateTask(state, task, vm)
  else state.skippedMigrations.push({ task, vm, atSeconds, reason })
  return { kind: reason === null ? 'migration' : 'skipped-migration', atSeconds: state.nowSeconds, task, vm }
}

function handleStart(state: SimulationState): SimulationEvent {
  const task = firstSlot(state.starts)
  start(state, task)
  return taskEvent(state, 'start', task)
}

function taskEvent({ nowSeconds, tasks }: SimulationState, kind: TaskEvent['kind'], task: number): TaskEvent {
  return { kind, atSeconds: nowSeconds, task, vm: tasks.vm[task]! }
}

/** Within one instant an event may be due a rounding error before the one handled last: the clock never goes back. */
function advanceClock(state: SimulationState, seconds: number): void {
  if (seconds > state.nowSeconds) state.nowSeconds = seconds
}

function nextArrival({ calendar, done, problem }: SimulationState): number {
  return done.arrivals < problem.taskCount ? arrivalAt(calendar, done.arrivals) : Infinity
}
