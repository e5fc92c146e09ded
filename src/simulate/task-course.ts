import { executionSeconds } from '../model/problem.ts'
import { partLeft, resumeInterrupted } from './interruption.ts'
import { sharingOf } from './sharing-modes.ts'
import { coresOf, phase, runningList, type SimulationState, unplacedList } from './simulation-state.ts'
import { append, unlink } from './task-lists.ts'
import { insert, remove } from './time-heap.ts'
import { inputSeconds, memorySeconds, outputSeconds } from './transfers.ts'
import { bringToNow } from './vm-usage.ts'
import { chooseCandidate, joinLine, leaveLine } from './waiting-line.ts'

/** A task arrives: it sets out for its VM, or waits to be given one. */
export function arrive(state: SimulationState, task: number): void {
  const { tasks } = state
  if (tasks.phase[task] === phase.planned) setOut(state, task, tasks.vm[task]!)
  else awaitVm(state, task, phase.known)
}

/**
 * Sends a task to a VM: its input when it has nothing done yet, else its memory.
 *
 * @returns the seconds it is on the way
 */
export function setOut(state: SimulationState, task: number, vm: number): number {
  const { problem, tasks, landings, nowSeconds } = state
  const hasMemory = state.partsLeft.has(task)
  const seconds = hasMemory ? memorySeconds(problem, task, tasks.vm[task]!, vm) : inputSeconds(problem, task, vm)
  tasks.vm[task] = vm
  if (seconds > 0) {
    tasks.phase[task] = phase.moving
    insert(landings, task, nowSeconds + seconds)
  } else standOn(state, task, vm)
  return seconds
}

/** A task's input or memory has come to its VM. */
export function land(state: SimulationState, task: number): void {
  remove(state.landings, task)
  standOn(state, task, state.tasks.vm[task]!)
}

function standOn(state: SimulationState, task: number, vm: number): void {
  if (state.vms.dead[vm] === 1) giveUp(state, task)
  else joinLine(state, task)
}

/** Starts a task that fits on its VM. */
export function start(state: SimulationState, task: number): void {
  const { problem, tasks, vms, lists, nowSeconds } = state
  const vm = tasks.vm[task]!
  leaveLine(state, task)
  append(lists, runningList(state, vm), task)
  bringToNow(state, vm)
  vms.threads[vm]! += coresOf(state, task)
  sharingOf(state).begin(state, vm, task, partLeft(state, task) * executionSeconds(problem, task, vm))
  tasks.phase[task] = phase.running
  if (Number.isNaN(tasks.startSeconds[task]!)) tasks.startSeconds[task] = nowSeconds
  else resumeInterrupted(state, task)
  chooseCandidate(state, vm)
}

/**
 * A task has computed all its work: its cores are free, its output leaves.
 *
 * @returns whether it is over: there is no output
 */
export function complete(state: SimulationState, task: number): boolean {
  const { problem, tasks, vms, lists, deliveries, nowSeconds } = state
  const vm = tasks.vm[task]!
  unlink(lists, runningList(state, vm), task)
  bringToNow(state, vm)
  vms.threads[vm]! -= coresOf(state, task)
  sharingOf(state).end(state, vm, task)
  chooseCandidate(state, vm)
  const seconds = outputSeconds(problem, task, vm)
  if (seconds === 0) {
    finish(state, task)
    return true
  }
  tasks.phase[task] = phase.sending
  insert(deliveries, task, nowSeconds + seconds)
  return false
}

/** A task's output has arrived. */
export function deliver(state: SimulationState, task: number): void {
  remove(state.deliveries, task)
  finish(state, task)
}

function finish(state: SimulationState, task: number): void {
  state.tasks.phase[task] = phase.finished
  state.tasks.finishSeconds[task] = state.nowSeconds
  state.openCount--
}

/** The VM of a task is gone for good: only a new placement helps. */
export function giveUp(state: SimulationState, task: number): void {
  state.openCount--
  awaitVm(state, task, phase.failed)
}

function awaitVm(state: SimulationState, task: number, next: typeof phase.known | typeof phase.failed): void {
  state.tasks.phase[task] = next
  append(state.lists, unplacedList(state), task)
}
