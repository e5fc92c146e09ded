import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { Problem } from '../model/problem.ts'
import { readSettings, type SimulationSettings } from './simulate-options.ts'
import { createState, type Interruption, type SimulationState, type SkippedMigration } from './simulation-state.ts'
import { insert, type TimeHeap } from './time-heap.ts'

/** Lists of numbers by name; `null` where a number does not exist yet. */
export type PlainColumns = Readonly<Record<string, readonly (number | null)[]>>

/** A simulation between two events: plain data that survives JSON and structured cloning. */
export interface SimulationSnapshot {
  readonly version: 1
  /** A checksum of the problem's numbers. */
  readonly problem: number
  readonly settings: SimulationSettings
  /** The clock and the counters. */
  readonly counts: Readonly<Record<string, number>>
  /** One entry per task, VM or list. */
  readonly columns: Readonly<Record<'tasks' | 'vms' | 'lists', PlainColumns>>
  /** Slots of each queue and the times at which they are due. */
  readonly queues: readonly PlainColumns[]
  /** Tasks that keep some work from before an interruption, with the part that is left. */
  readonly partsLeft: readonly (readonly [task: number, part: number])[]
  readonly interruptions: readonly Interruption[]
  readonly skippedMigrations: readonly SkippedMigration[]
}

export function snapshotOf(state: SimulationState): SimulationSnapshot {
  const { nowSeconds, openCount, turnCount, done } = state
  return {
    version: 1,
    problem: checksum(state.problem),
    settings: structuredClone(state.settings),
    counts: { nowSeconds, openCount, turnCount, ...done },
    columns: { tasks: plainColumns(state.tasks), vms: plainColumns(state.vms), lists: plainColumns(state.lists) },
    queues: queuesOf(state).map(({ slots, times, size }) =>
      plainColumns({ slots: slots.subarray(0, size), times: times.subarray(0, size) }),
    ),
    partsLeft: [...state.partsLeft],
    interruptions: structuredClone(state.interruptions),
    skippedMigrations: structuredClone(state.skippedMigrations),
  }
}

/** @throws CloudschedError `checkpoint` when the snapshot is damaged, or of another version or problem */
export function stateFrom(problem: Problem, snapshot: SimulationSnapshot): SimulationState {
  if (typeof snapshot !== 'object' || snapshot === null) throw damaged('snapshot', snapshot, 'an object')
  if (snapshot.version !== 1) throw damaged('snapshot.version', snapshot.version, '1')
  const known = checksum(problem)
  if (snapshot.problem !== known)
    throw damaged('snapshot.problem', snapshot.problem, `${known}, the checksum of the problem it is restored to`)
  const state = createState(problem, settingsFrom(problem, snapshot.settings))
  const { nowSeconds, openCount, turnCount, arrivals, vmChanges, migrations } = countsFrom(snapshot.counts)
  Object.assign(state, { nowSeconds, openCount, turnCount })
  Object.assign(state.done, { arrivals, vmChanges, migrations })
  fillColumns(state.tasks, snapshot.columns?.tasks, 'snapshot.columns.tasks')
  fillColumns(state.vms, snapshot.columns?.vms, 'snapshot.columns.vms')
  fillColumns(state.lists, snapshot.columns?.lists, 'snapshot.columns.lists')
  queuesOf(state).forEach((queue, index) => fillQueue(queue, snapshot.queues?.[index], `snapshot.queues[${index}]`))
  for (const [task, part] of listFrom(snapshot.partsLeft, 'snapshot.partsLeft')) state.partsLeft.set(task, part)
  for (const interruption of listFrom(snapshot.interruptions, 'snapshot.interruptions')) {
    state.lastInterruption.set(interruption.task, state.interruptions.length)
    state.interruptions.push({ ...interruption })
  }
  for (const skipped of listFrom(snapshot.skippedMigrations, 'snapshot.skippedMigrations'))
    state.skippedMigrations.push({ ...skipped })
  return state
}

function queuesOf({ finishes, deliveries, landings, starts, virtualFinishes }: SimulationState): TimeHeap[] {
  return [finishes, deliveries, landings, starts, ...virtualFinishes]
}

/** JSON has no NaN: a number that does not exist yet is `null`. */
function plainColumns(columns: object): PlainColumns {
  const plain = (column: Float64Array): (number | null)[] =>
    Array.from(column, (value) => (Number.isNaN(value) ? null : value))
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, plain(column)]))
}

function fillColumns(columns: object, plain: PlainColumns | undefined, path: string): void {
  for (const [name, column] of Object.entries(columns) as [string, Float64Array][]) {
    column.set(numbersFrom(plain?.[name], column.length, `${path}.${name}`))
  }
}

function fillQueue(queue: TimeHeap, plain: PlainColumns | undefined, path: string): void {
  const slots = numbersFrom(plain?.['slots'], undefined, `${path}.slots`)
  const times = numbersFrom(plain?.['times'], slots.length, `${path}.times`)
  slots.forEach((slot, index) => insert(queue, slot, times[index]!))
}

function numbersFrom(
  column: readonly (number | null)[] | undefined,
  length: number | undefined,
  path: string,
): number[] {
  const isColumn =
    Array.isArray(column) &&
    (length === undefined || column.length === length) &&
    column.every((value) => value === null || Number.isFinite(value))
  if (!isColumn) throw damaged(path, column, `a list of ${length ?? 'any number of'} numbers`)
  return column.map((value) => value ?? NaN)
}

function countsFrom(counts: Readonly<Record<string, number>> | undefined): Readonly<Record<string, number>> {
  const names = ['nowSeconds', 'openCount', 'turnCount', 'arrivals', 'vmChanges', 'migrations']
  const broken = names.find((name) => !Number.isFinite(counts?.[name]))
  if (broken) throw damaged(`snapshot.counts.${broken}`, counts?.[broken], 'a finite number')
  return counts!
}

function listFrom<T>(list: readonly T[] | undefined, path: string): readonly T[] {
  if (!Array.isArray(list)) throw damaged(path, list, 'a list')
  return list
}

function settingsFrom(problem: Problem, settings: SimulationSettings): SimulationSettings {
  try {
    const { checkpointSeconds, ...rest } = settings
    return readSettings(problem, checkpointSeconds === null ? rest : { ...rest, checkpointSeconds })
  } catch (cause) {
    throw damaged('snapshot.settings', settings, 'options of a simulation', cause)
  }
}

function damaged(path: string, received: unknown, expected: string, cause?: unknown): CloudschedError {
  return new CloudschedError('checkpoint', [{ path, received, expected }], { cause })
}

/** FNV-1a over the bits of all numbers that decide the course of a simulation. */
function checksum({
  taskCount,
  vmCount,
  lengthMi,
  speedMips,
  etc,
  pricePerSecond,
  taskColumns,
  vmColumns,
}: Problem): number {
  const sizes = Float64Array.of(taskCount, vmCount)
  const columns = [
    sizes,
    lengthMi,
    speedMips,
    etc,
    pricePerSecond,
    ...Object.values(taskColumns),
    ...Object.values(vmColumns),
  ]
  let hash = 0x811c9dc5
  for (const column of columns) {
    if (!column) continue
    for (const word of new Uint32Array(column.buffer, column.byteOffset, 2 * column.length))
      hash = Math.imul(hash ^ word, 0x01000193)
  }
  return hash >>> 0
}
