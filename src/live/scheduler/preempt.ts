import { createFleet } from '../../packing/fleet.ts'
import type { TaskConstraints } from '../constraints/constraints.ts'
import { refusal } from './candidates.ts'
import type { LiveMachine } from './live-machine.ts'
import type { RunningTask, SchedulerState, WaitingTask } from './scheduler-state.ts'

/** Tasks that must leave a machine for another to come. */
export interface Preemption {
  readonly machine: LiveMachine
  readonly victims: readonly RunningTask[]
}

/**
 * The machine on which the fewest and least important tasks must leave for this one: lowest priority of the most
 * important victim, then lowest sum of migration costs, then fewest victims, then first id (the order of Kubernetes).
 * Only tasks of lower priority that may be pushed off count, and none leaves that could stay. A machine that is ruled out
 * by what runs there, such as an anti-affinity, stays ruled out.
 */
export function cheapestPreemption(
  state: SchedulerState,
  waiting: WaitingTask,
  constraints: TaskConstraints,
): Preemption | null {
  const priority = waiting.task.priority ?? 0
  let best: Preemption | null = null
  let left = state.settings.preemptionCandidates
  for (const machine of state.machines.values()) {
    if (left === 0) break
    if (refusal(state, waiting, constraints, machine) !== null) continue
    const lower = lowerOn(state, machine, priority)
    if (lower.length === 0) continue
    left--
    const victims = victimsAmong(state, waiting, machine, lower)
    if (victims && (best === null || compare(victims, machine, best) < 0)) best = { machine, victims }
  }
  return best
}

/** The tasks that must leave a machine; `null` where even the last of them leaving does not help. */
function victimsAmong(
  { fleet, settings, running }: SchedulerState,
  { request }: WaitingTask,
  { id, capacity }: LiveMachine,
  lower: readonly RunningTask[],
): RunningTask[] | null {
  const trial = createFleet([{ id, capacity }], { devices: settings.devices })
  const place = ({ task, request: own }: RunningTask): void => {
    trial.place(task.id, own, 0, fleet.placement(task.id)!.devices)
  }
  const stays = new Set(lower)
  for (const taskId of fleet.tasksOn(fleet.machineIndex(id))) {
    const other = running.get(taskId)!
    // A machine whose capacity was lowered under its tasks has no room for all of them.
    if (!stays.has(other) && !trial.fits(other.request, 0)) return null
    if (!stays.has(other)) place(other)
  }
  if (!trial.fits(request, 0)) return null
  // The most important ones are the first to be allowed to stay.
  return [...lower].sort(byImportance).filter((victim) => {
    if (!trial.fits(victim.request, 0)) return true
    place(victim)
    if (trial.fits(request, 0)) return false
    trial.release(victim.task.id)
    return true
  })
}

/** Tasks on a machine that the priority may push off. */
function lowerOn({ fleet, running }: SchedulerState, { id }: LiveMachine, priority: number): RunningTask[] {
  return fleet
    .tasksOn(fleet.machineIndex(id))
    .map((taskId) => running.get(taskId)!)
    .filter(({ task }) => (task.preemptible ?? true) && (task.priority ?? 0) < priority)
}

/** Most important first: highest priority, dearest to move, earliest come. */
function byImportance(a: RunningTask, b: RunningTask): number {
  return (
    (b.task.priority ?? 0) - (a.task.priority ?? 0) ||
    (b.task.migrationCost ?? 1) - (a.task.migrationCost ?? 1) ||
    a.sequence - b.sequence
  )
}

function compare(victims: readonly RunningTask[], machine: LiveMachine, best: Preemption): number {
  return (
    highest(victims) - highest(best.victims) ||
    cost(victims) - cost(best.victims) ||
    victims.length - best.victims.length ||
    (machine.id < best.machine.id ? -1 : 1)
  )
}

function highest(victims: readonly RunningTask[]): number {
  return victims.reduce((most, { task }) => Math.max(most, task.priority ?? 0), -Infinity)
}

function cost(victims: readonly RunningTask[]): number {
  return victims.reduce((sum, { task }) => sum + (task.migrationCost ?? 1), 0)
}
