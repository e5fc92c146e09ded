import { stopByMigration } from './interruption.ts'
import { phase, type SimulationState, unplacedList } from './simulation-state.ts'
import { setOut } from './task-course.ts'
import { unlink } from './task-lists.ts'
import { chooseCandidate, leaveLine } from './waiting-line.ts'

/** Why a task cannot be given a VM now; `null` when it can. */
export function whyNotPlace({ tasks, vms }: SimulationState, task: number, vm: number): string | null {
  const at = tasks.phase[task]!
  if (at !== phase.unknown && at !== phase.known && at !== phase.failed) return 'the task has a VM already'
  return vms.dead[vm] === 1 ? 'the VM broke down for good' : null
}

/** Gives a task a VM; before its arrival that takes effect when it arrives. */
export function placeTask(state: SimulationState, task: number, vm: number): void {
  const { tasks, lists } = state
  state.openCount++
  if (tasks.phase[task] === phase.unknown) {
    tasks.phase[task] = phase.planned
    tasks.vm[task] = vm
  } else {
    unlink(lists, unplacedList(state), task)
    setOut(state, task, vm)
  }
}

/** Why a task cannot move to a VM now; `null` when it can. */
export function whyNotMigrate({ tasks, vms }: SimulationState, task: number, vm: number): string | null {
  const at = tasks.phase[task]!
  if (at === phase.unknown || at === phase.known || at === phase.failed) return 'the task has no VM'
  if (at === phase.planned) return 'the task has not arrived'
  if (at === phase.moving) return 'the task is on its way to a VM'
  if (at === phase.sending || at === phase.finished) return 'the task has computed all its work'
  if (tasks.vm[task] === vm) return 'the task is on that VM'
  return vms.dead[vm] === 1 ? 'the VM broke down for good' : null
}

/**
 * Moves a task to another VM: it is stopped, its memory copied (or its input, when it has nothing done yet), and it
 * stands at the end of the line there.
 *
 * @returns the downtime in seconds
 */
export function migrateTask(state: SimulationState, task: number, vm: number): number {
  const { tasks } = state
  const from = tasks.vm[task]!
  if (tasks.phase[task] === phase.running) stopByMigration(state, task)
  else leaveLine(state, task)
  chooseCandidate(state, from)
  return setOut(state, task, vm)
}
