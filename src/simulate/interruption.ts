import { executionSeconds } from '../model/problem.ts'
import { sharingOf } from './sharing-modes.ts'
import { coresOf, runningList, type SimulationState } from './simulation-state.ts'
import { unlink } from './task-lists.ts'
import { bringToNow } from './vm-usage.ts'

/** Stops a running task whose VM breaks down: it goes back to its last checkpoint, or to its beginning. */
export function stopByFailure(state: SimulationState, task: number): void {
  const { checkpointSeconds } = state.settings
  const seconds = executionSeconds(state.problem, task, state.tasks.vm[task]!)
  const before = partLeft(state, task)
  const secondsLeft = stop(state, task)
  const computed = before * seconds - secondsLeft
  const left = checkpointSeconds === null ? 1 : before - partOf(savedSeconds(computed, checkpointSeconds), seconds)
  keepPartLeft(state, task, left)
  record(state, task, 'failure', Math.max(0, left * seconds - secondsLeft))
}

/** Stops a running task that is to move: it keeps what it has done. */
export function stopByMigration(state: SimulationState, task: number): void {
  const seconds = executionSeconds(state.problem, task, state.tasks.vm[task]!)
  keepPartLeft(state, task, partOf(stop(state, task), seconds))
  record(state, task, 'migration', 0)
}

/** Part of a task's work that is left when it starts, in [0, 1]. */
export function partLeft({ partsLeft }: SimulationState, task: number): number {
  return partsLeft.get(task) ?? 1
}

function keepPartLeft({ partsLeft }: SimulationState, task: number, part: number): void {
  if (part < 1) partsLeft.set(task, part)
  else partsLeft.delete(task)
}

/** A stopped task runs again. */
export function resumeInterrupted(
  { interruptions, lastInterruption, nowSeconds }: SimulationState,
  task: number,
): void {
  const index = lastInterruption.get(task)!
  interruptions[index] = { ...interruptions[index]!, resumedSeconds: nowSeconds }
}

function stop(state: SimulationState, task: number): number {
  const { tasks, vms, lists } = state
  const vm = tasks.vm[task]!
  unlink(lists, runningList(state, vm), task)
  bringToNow(state, vm)
  vms.threads[vm]! -= coresOf(state, task)
  // By rounding the sum of its slices may be more than the whole.
  return Math.max(0, sharingOf(state).stop(state, vm, task))
}

/** Computing up to the last checkpoint; one that falls on the failure itself was written, whatever the rounding says. */
function savedSeconds(computed: number, checkpointSeconds: number): number {
  return Math.min(computed, Math.floor(computed / checkpointSeconds + 1e-9) * checkpointSeconds)
}

/** A task that takes no time has none of it left. */
function partOf(seconds: number, whole: number): number {
  return whole > 0 ? seconds / whole : 0
}

function record(
  { interruptions, lastInterruption, tasks, nowSeconds }: SimulationState,
  task: number,
  cause: 'failure' | 'migration',
  lostSeconds: number,
): void {
  lastInterruption.set(task, interruptions.length)
  interruptions.push({ task, vm: tasks.vm[task]!, atSeconds: nowSeconds, cause, lostSeconds, resumedSeconds: null })
}
