import { fits } from '../../packing/fit.ts'
import { type TaskConstraints } from '../constraints/constraints.ts'
import type { LiveMachine } from './live-machine.ts'
import type { SchedulerState, WaitingTask } from './scheduler-state.ts'

/** Why the machine must not take the task, room aside; `null` where it may. */
export function refusal(
  { settings }: SchedulerState,
  { task }: Pick<WaitingTask, 'task'>,
  constraints: TaskConstraints,
  machine: LiveMachine,
): string | null {
  return (
    constraints.fixedRefusal(machine) ?? constraints.presentRefusal(machine) ?? settings.filter?.(task, machine) ?? null
  )
}

/** How machines rank for a task, lowest first: the rule, less what the task and the user would like. */
export function scorerOf(
  { fleet, settings }: SchedulerState,
  { task, request }: WaitingTask,
  constraints: TaskConstraints,
): (index: number, machine: LiveMachine) => number {
  const { score } = settings.rule(fleet.state, request)
  return (index, machine) => score(index) - constraints.preference(machine) - (settings.score?.(task, machine) ?? 0)
}

/**
 * The machine of lowest score among those that have room and no reason against the task; of equals the one whose id
 * comes first, so that the order in which machines came to be known does not matter.
 */
export function bestMachine(
  state: SchedulerState,
  waiting: WaitingTask,
  constraints: TaskConstraints,
): LiveMachine | null {
  const { fleet, table } = state
  const score = scorerOf(state, waiting, constraints)
  let best: LiveMachine | null = null
  let lowest = Infinity
  for (let index = 0; index < table.length; index++) {
    if (!fits(fleet.state, waiting.request, index)) continue
    const machine = table[index]!
    if (refusal(state, waiting, constraints, machine) !== null) continue
    const value = score(index, machine)
    if (best === null || value < lowest || (value === lowest && machine.id < best.id)) {
      best = machine
      lowest = value
    }
  }
  return best
}
