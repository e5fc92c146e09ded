import { arrivalAt, arrivalOf, type VmChange } from './calendar.ts'
import { migrateTask, whyNotMigrate } from './placement.ts'
import { endOfInstant } from './same-instant.ts'
import type { SimulationEvent } from './simulation-event.ts'
import type { SimulationState } from './simulation-state.ts'
import { arrive, complete, deliver, land, start } from './task-course.ts'
import { earliest, firstSlot } from './time-heap.ts'
import { changeVm } from './vm-course.ts'

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
 * Handles the next event that is due up to `horizon`, and notes it in `state.last`. At one instant tasks end first,
 * then VMs change, then tasks arrive, then planned migrations set out, then tasks start: a core that falls free serves
 * those who come at that moment, and a task that ends when its VM breaks down has ended. Within a kind tasks go by index.
 *
 * @returns whether there was one
 */
export function step(state: SimulationState, horizon: number): boolean {
  const next = nextEventSeconds(state)
  if (next > horizon || next === Infinity) return false
  const { calendar, done, finishes, deliveries, landings } = state
  const instant = Math.min(horizon, endOfInstant(next))

  const computed = earliest(finishes)
  const delivered = earliest(deliveries)
  if (computed <= instant || delivered <= instant) {
    if (goesFirst(delivered, firstSlot(deliveries), computed, firstSlot(finishes))) handleDelivery(state, delivered)
    else handleCompletion(state, computed)
    return true
  }
  const change = calendar.vmChanges[done.vmChanges]
  if (change && change.atSeconds <= instant) {
    handleVmChange(state, change)
    return true
  }
  const arrival = nextArrival(state)
  const landing = earliest(landings)
  if (arrival <= instant || landing <= instant) {
    if (goesFirst(landing, firstSlot(landings), arrival, arrivalOf(calendar, done.arrivals)))
      handleLanding(state, landing)
    else handleArrival(state, arrival)
    return true
  }
  const migration = calendar.migrations[done.migrations]
  if (migration && migration.atSeconds <= instant) handleMigration(state)
  else handleStart(state)
  return true
}

function handleCompletion(state: SimulationState, seconds: number): void {
  advanceClock(state, seconds)
  const task = firstSlot(state.finishes)
  const isOver = complete(state, task)
  note(state, isOver ? 'finish' : 'computed', task)
}

function handleDelivery(state: SimulationState, seconds: number): void {
  advanceClock(state, seconds)
  const task = firstSlot(state.deliveries)
  deliver(state, task)
  note(state, 'finish', task)
}

function handleVmChange(state: SimulationState, change: VmChange): void {
  advanceClock(state, change.atSeconds)
  state.done.vmChanges++
  changeVm(state, change)
  note(state, change.kind, -1, change.vm)
}

function handleArrival(state: SimulationState, seconds: number): void {
  advanceClock(state, seconds)
  const task = arrivalOf(state.calendar, state.done.arrivals++)
  arrive(state, task)
  note(state, 'arrival', task)
}

function handleLanding(state: SimulationState, seconds: number): void {
  advanceClock(state, seconds)
  const task = firstSlot(state.landings)
  land(state, task)
  note(state, 'landing', task)
}

function handleMigration(state: SimulationState): void {
  const { task, vm, atSeconds } = state.calendar.migrations[state.done.migrations++]!
  advanceClock(state, atSeconds)
  const reason = whyNotMigrate(state, task, vm)
  if (reason === null) migrateTask(state, task, vm)
  else state.skippedMigrations.push({ task, vm, atSeconds, reason })
  note(state, reason === null ? 'migration' : 'skipped-migration', task, vm)
}

function handleStart(state: SimulationState): void {
  const task = firstSlot(state.starts)
  start(state, task)
  note(state, 'start', task)
}

function note(
  { last, tasks }: SimulationState,
  kind: SimulationEvent['kind'],
  task: number,
  vm: number = tasks.vm[task]!,
): void {
  last.kind = kind
  last.task = task
  last.vm = vm
}

function goesFirst(seconds: number, task: number, otherSeconds: number, otherTask: number): boolean {
  return seconds < otherSeconds || (seconds === otherSeconds && task < otherTask)
}

/** Within one instant an event may be due a rounding error before the one handled last: the clock never goes back. */
function advanceClock(state: SimulationState, seconds: number): void {
  if (seconds > state.nowSeconds) state.nowSeconds = seconds
}

function nextArrival({ calendar, done, problem }: SimulationState): number {
  return done.arrivals < problem.taskCount ? arrivalAt(calendar, done.arrivals) : Infinity
}
