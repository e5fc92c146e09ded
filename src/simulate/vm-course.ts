import type { VmChange } from './calendar.ts'
import { stopByFailure } from './interruption.ts'
import { runningList, type SimulationState, waitingList } from './simulation-state.ts'
import { tasksOf } from './task-lists.ts'
import { giveUp } from './task-course.ts'
import { bringToNow } from './vm-usage.ts'
import { chooseCandidate, leaveLine, rejoinLine } from './waiting-line.ts'

/** A VM breaks down, is repaired, or has booted. */
export function changeVm(state: SimulationState, { kind, vm, isFinal }: VmChange): void {
  bringToNow(state, vm)
  if (kind === 'boot') state.vms.booting[vm] = 0
  else if (kind === 'repair') state.vms.failing[vm]!--
  else breakDown(state, vm, isFinal)
  chooseCandidate(state, vm)
}

function breakDown(state: SimulationState, vm: number, isFinal: boolean): void {
  state.vms.failing[vm]!++
  const running = tasksOf(state.lists, runningList(state, vm))
  for (const task of running) stopByFailure(state, task)
  for (const task of running.sort((a, b) => state.tasks.turn[b]! - state.tasks.turn[a]!)) rejoinLine(state, task)
  if (!isFinal) return
  state.vms.dead[vm] = 1
  const lost = state.widths
    .flatMap((_, width) => tasksOf(state.lists, waitingList(state, vm, width)))
    .sort((a, b) => a - b)
  for (const task of lost) {
    leaveLine(state, task)
    giveUp(state, task)
  }
}
