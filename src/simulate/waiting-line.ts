import { sharingOf } from './sharing-modes.ts'
import { coresOf, isUp, phase, type SimulationState, waitingList } from './simulation-state.ts'
import { append, prepend, unlink } from './task-lists.ts'
import { insert, remove } from './time-heap.ts'

/**
 * The tasks that wait on a VM, one line per width (core count), so that the first in turn that fits is found among the
 * heads of a few lines. It is the VM's candidate.
 */

/** Puts a task at the end of its VM's line. */
export function joinLine(state: SimulationState, task: number): void {
  const { tasks, vms, lists } = state
  const vm = tasks.vm[task]!
  tasks.phase[task] = phase.waiting
  tasks.turn[task] = state.turnCount++
  append(lists, lineOf(state, task), task)
  // Where there is a candidate already, it came earlier.
  const isNext = vms.candidate[vm]! < 0 && isUp(state, vm) && sharingOf(state).fits(state, vm, coresOf(state, task))
  if (isNext) setCandidate(state, vm, task)
}

/** Puts a stopped task back to its turn: tasks of one width start in turn, so it precedes all that wait. */
export function rejoinLine(state: SimulationState, task: number): void {
  state.tasks.phase[task] = phase.waiting
  prepend(state.lists, lineOf(state, task), task)
}

/** Takes a task out of its VM's line. */
export function leaveLine(state: SimulationState, task: number): void {
  const vm = state.tasks.vm[task]!
  unlink(state.lists, lineOf(state, task), task)
  if (state.vms.candidate[vm] === task) setCandidate(state, vm, -1)
}

/** Finds the task that starts next on a VM: the first in turn that fits. */
export function chooseCandidate(state: SimulationState, vm: number): void {
  setCandidate(state, vm, isUp(state, vm) ? firstThatFits(state, vm) : -1)
}

function firstThatFits(state: SimulationState, vm: number): number {
  const { fits } = sharingOf(state)
  const { tasks, lists, widths } = state
  let found = -1
  for (let width = 0; width < widths.length && fits(state, vm, widths[width]!); width++) {
    const task = lists.first[waitingList(state, vm, width)]!
    if (task >= 0 && (found < 0 || tasks.turn[task]! < tasks.turn[found]!)) found = task
  }
  return found
}

function setCandidate({ vms, starts }: SimulationState, vm: number, task: number): void {
  const before = vms.candidate[vm]!
  if (before === task) return
  if (before >= 0) remove(starts, before)
  if (task >= 0) insert(starts, task, 0)
  vms.candidate[vm] = task
}

function lineOf(state: SimulationState, task: number): number {
  return waitingList(state, state.tasks.vm[task]!, state.widthOf ? state.widthOf[task]! : 0)
}
