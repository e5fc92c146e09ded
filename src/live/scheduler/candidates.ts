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

/**
 * The machine of lowest score among those that have room and no reason against the task; of equals the one whose id
 * comes first, so that the order in which machines came to be known does not matter.
 */
export function bestMachine(
  state: SchedulerState,
  waiting: WaitingTask,
  constraints: TaskConstraints,
): LiveMachine | null {
  const { fleet, settings, table } = state
  const { task, request } = waiting
  const { score } = settings.rule(fleet.state, request)
  let best: LiveMachine | null = null
  let lowest = Infinity
  for (let index = 0; index < table.length; index++) {
    if (!fits(fleet.state, request, index)) continue
    const machine = table[index]!
    if (refusal(state, waiting, constraints, machine) !== null) continue
    const value = score(index) - constraints.preference(machine) - (settings.score?.(task, machine) ?? 0)
    if (best === null || value < lowest || (value === lowest && machine.id < best.id)) {
      best = machine
      lowest = value
    }
  }
  return best
}
