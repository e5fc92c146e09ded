import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import { readOptions, trueOrFalse } from '../../errors/read-options.ts'
import { describeRefusal } from '../../packing/fit.ts'
import { constraintsOf } from '../constraints/constraints.ts'
import { refusal } from './candidates.ts'
import { checkLiveMachine, type LiveMachine } from './live-machine.ts'
import { checkLiveTask, checkTaskId, type LiveTask } from './live-task.ts'
import {
  enterMachine,
  remember,
  requeue,
  residentOf,
  revise,
  type RunningTask,
  type SchedulerState,
  start,
  stop,
  waitingTask,
} from './scheduler-state.ts'

/** What became of a placement. */
export interface Outcome {
  /** `failed`: it ended without doing its work and is to be tried again. */
  readonly status: 'finished' | 'failed'
  /** Which placement is meant; a report of an earlier one comes late and is refused. @defaultValue the present one */
  readonly attempt?: number
}

/** Every event checks first and changes then: what throws has changed nothing. */

export function submit(state: SchedulerState, task: LiveTask): void {
  throwFindings('invalid-input', checkLiveTask(task))
  const whereabouts = whereIs(state, task.id)
  if (whereabouts)
    refuse('task.id', task.id, `new; a task of this id ${whereabouts}`, 'A repeated submission is ignored.')
  const waiting = waitingTask(state, structuredClone(task), state.sequence, 0)
  state.sequence++
  state.waiting.set(task.id, waiting)
}

export function cancel(state: SchedulerState, id: string): void {
  checkTaskId(id)
  const running = state.running.get(id)
  if (running) stop(state, running)
  else if (!state.waiting.delete(id)) refuse('id', id, `that of a task that waits or runs${endedNote(state, id)}`)
  remember(state, id, 'cancelled')
}

export function machineChanged(state: SchedulerState, machine: LiveMachine): void {
  throwFindings('invalid-input', checkLiveMachine(machine))
  const { fleet, machines } = state
  const before = machines.get(machine.id)
  if (before?.version !== undefined && machine.version !== undefined && machine.version <= before.version) {
    refuse('machine.version', machine.version, `above ${before.version}`, 'This statement came late or twice.')
  }
  const { id, capacity, labels = {} } = machine
  const index = fleet.machineIndex(id)
  if (index >= 0) fleet.changeMachine(index, { id, capacity })
  else fleet.addMachine({ id, capacity })
  enterMachine(state, structuredClone(machine))
  revise(state, id)
  state.version++
  if (!before || sameLabels(before.labels, labels)) return
  // Residents carry the labels of their machine into other domains.
  for (const taskId of fleet.tasksOn(index)) {
    const resident = state.running.get(taskId)!
    const moved: RunningTask = { ...resident, ...residentOf(resident.task, machine) }
    state.counts.remove(resident)
    state.counts.add(moved)
    state.running.set(taskId, moved)
  }
}

/** @returns the tasks that ran there, which wait again */
export function machineRemoved(state: SchedulerState, id: string): string[] {
  const index = state.fleet.machineIndex(id)
  if (index < 0) refuse('id', id, 'that of a machine')
  const tasks = state.fleet.tasksOn(index)
  for (const task of tasks) {
    const running = state.running.get(task)!
    stop(state, running)
    requeue(state, running)
  }
  state.fleet.removeMachine(index)
  state.table[index] = undefined
  state.machines.delete(id)
  state.revisions.delete(id)
  state.version++
  return tasks
}

export function started(state: SchedulerState, id: string, attempt?: number): void {
  const running = present(state, id, attempt)
  if (running.hasStarted) refuse('id', id, 'that of a task that has not been reported as started')
  state.running.set(id, { ...running, hasStarted: true })
}

/** @returns what follows: the task is over, waits again, or has failed as often as is allowed */
export function finished(state: SchedulerState, id: string, outcome: Outcome): 'finished' | 'waiting' | 'abandoned' {
  const isOutcome = typeof outcome === 'object' && outcome !== null && ['finished', 'failed'].includes(outcome.status)
  if (!isOutcome) refuse('outcome', outcome, `{ status: 'finished' or 'failed' }`)
  const running = present(state, id, outcome.attempt)
  stop(state, running)
  if (outcome.status === 'finished') {
    remember(state, id, 'finished')
    return 'finished'
  }
  if (running.attempt >= state.settings.maxAttempts) {
    remember(state, id, 'abandoned')
    return 'abandoned'
  }
  requeue(state, running)
  return 'waiting'
}

/** Options of an assignment from outside. */
export interface AssignOptions {
  /** It is so already, elsewhere: count it even where there is no room, as long as its devices are free. @defaultValue false */
  readonly force?: boolean
}

/**
 * Gives a waiting or running task this machine, as a repair plan or another scheduler has decided.
 *
 * @returns the number of the placement
 */
export function assign(
  state: SchedulerState,
  id: string,
  machineId: string,
  nowSeconds: number,
  options: AssignOptions = {},
): number {
  const { force } = readOptions({ force: trueOrFalse }, { force: false }, options)
  checkTaskId(id)
  const before = state.running.get(id) ?? state.waiting.get(id)
  if (!before) return refuse('id', id, `that of a task that waits or runs${endedNote(state, id)}`)
  const running = state.running.get(id)
  const machine = state.machines.get(machineId)
  if (!machine || machineId === running?.machine) return refuse('machine', machineId, 'another machine that is known')
  const index = state.fleet.machineIndex(machineId)
  const reasons = state.fleet.refusals(before.request, index).map(describeRefusal)
  const forbidden = refusal(state, before, constraintsOf(before.task, state.counts, state.machines), machine)
  const all = forbidden ? [forbidden, ...reasons] : reasons
  if (all.length > 0 && !force) refuse('machine', machineId, `one that takes task ${id}; it ${all.join('; it ')}`)
  // Room is made and taken away again: a machine may be fuller than it is, where somebody else made it so.
  if (reasons.length > 0)
    state.fleet.changeMachine(index, { id: machineId, capacity: enlarged(state, machine, before.task) })
  try {
    if (!state.fleet.fits(before.request, index)) {
      refuse('machine', machineId, `one whose devices are free for task ${id}; it ${reasons.join('; it ')}`)
    }
    if (running) stop(state, running)
    return start(state, before, machine, nowSeconds).attempt
  } finally {
    if (reasons.length > 0) state.fleet.changeMachine(index, { id: machineId, capacity: machine.capacity })
  }
}

function enlarged(
  state: SchedulerState,
  { id, capacity }: LiveMachine,
  { demand = {} }: LiveTask,
): Record<string, number> {
  const free = state.fleet.free(state.fleet.machineIndex(id))
  const larger: Record<string, number> = { ...capacity }
  for (const [resource, amount] of Object.entries(demand)) {
    if (resource === state.settings.devices) continue
    larger[resource] = (capacity[resource] ?? 0) + Math.max(0, amount - (free[resource] ?? 0))
  }
  return larger
}

/** Changes what a running or waiting task asks for; a running one keeps its machine, which must have room. */
export function resize(state: SchedulerState, id: string, demand: Readonly<Record<string, number>>): void {
  checkTaskId(id)
  const before = state.running.get(id) ?? state.waiting.get(id)
  if (!before) return refuse('id', id, `that of a task that waits or runs${endedNote(state, id)}`)
  const { sequence, attempts } = before
  const next = waitingTask(state, { ...before.task, demand: { ...demand } }, sequence, attempts)
  const running = state.running.get(id)
  if (!running) {
    state.waiting.set(id, next)
    return
  }
  const { fleet } = state
  const index = fleet.machineIndex(running.machine)
  const { devices } = fleet.placement(id)!
  fleet.release(id)
  if (!fleet.fits(next.request, index)) {
    const reasons = fleet.refusals(next.request, index).map(describeRefusal).join('; ')
    fleet.place(id, running.request, index, devices)
    return refuse('demand', demand, `one that ${running.machine} has room for; it ${reasons}`)
  }
  // It keeps its devices, unless it asks for others.
  const resource = state.settings.devices
  const isSame = (demand[resource] ?? 0) === (before.task.demand?.[resource] ?? 0)
  fleet.place(id, next.request, index, isSame ? devices : undefined)
  state.running.set(id, { ...running, task: next.task, request: next.request, shape: next.shape })
  revise(state, running.machine)
  state.version++
}

/** The running task of this id, if the report is about its present placement. */
function present(state: SchedulerState, id: string, attempt: number | undefined): RunningTask {
  checkTaskId(id)
  const running = state.running.get(id)
  if (!running) {
    const note = state.waiting.has(id) ? '; it waits' : endedNote(state, id)
    return refuse('id', id, `that of a task that has a machine${note}`)
  }
  if (attempt !== undefined && attempt !== running.attempt) {
    refuse('attempt', attempt, `${running.attempt}, the present one`, 'This report is about an earlier placement.')
  }
  return running
}

function whereIs(state: SchedulerState, id: string): string | null {
  if (state.waiting.has(id)) return 'waits'
  if (state.running.has(id)) return 'has a machine'
  const ending = state.ended.get(id)
  return ending ? `was ${ending}` : null
}

function endedNote(state: SchedulerState, id: string): string {
  const ending = state.ended.get(id)
  return ending ? `; it was ${ending}` : ''
}

function sameLabels(a: Readonly<Record<string, string>> = {}, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

function refuse(path: string, received: unknown, expected: string, hint?: string): never {
  const finding: Finding = { path, received, expected, ...(hint === undefined ? {} : { hint }) }
  throw new CloudschedError('invalid-input', [finding])
}
