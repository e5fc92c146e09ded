import type { Move, SchedulingHistory, TaskCourse } from './history.ts'
import { secondsAt, type TraceColumns } from './trace-columns.ts'

/** Where the tasks are and how far they have come: changed as the loop goes on. */
export interface ClusterState {
  readonly columns: TraceColumns
  /** The last step that was run: its sample is known, the next one is not. */
  step: number
  /** Pool of each task; -1 = none yet, or no more. */
  readonly pool: Int32Array
  /** Work that is left in million instructions; Infinity for a task without length. */
  readonly remainingMi: Float64Array
  /** From when on it computes: input or memory are there. */
  readonly readySeconds: Float64Array
  /** When it began to compute; moves on while a task that has done nothing yet is moved. Infinity = not placed. */
  readonly startSeconds: Float64Array
  /** When its work was done; Infinity = not yet. */
  readonly workEndSeconds: Float64Array
  /** Step of the last change of pool; -Infinity = none. */
  readonly movedStep: Float64Array
  /** Pool after its work, or when the run ended. */
  readonly lastPool: Int32Array
  /** Tasks that have arrived and have no pool, in the order of their arrival. */
  waiting: number[]
  /** Tasks on pools, ascending. */
  active: number[]
  /** Tasks that have not arrived, the next one last. */
  readonly coming: number[]
  readonly moves: Move[]
}

/** All tasks still to come, at the first decision of the run. */
export function createClusterState(columns: TraceColumns): ClusterState {
  const { tasks, pastSteps } = columns.trace
  const count = tasks.length
  const arrival = (task: number): number => tasks[task]!.arrivalSeconds ?? 0
  return {
    columns,
    step: pastSteps,
    pool: new Int32Array(count).fill(-1),
    remainingMi: Float64Array.from(tasks, ({ lengthMi }) => lengthMi ?? Infinity),
    readySeconds: new Float64Array(count),
    startSeconds: new Float64Array(count).fill(Infinity),
    workEndSeconds: new Float64Array(count).fill(Infinity),
    movedStep: new Float64Array(count).fill(-Infinity),
    lastPool: new Int32Array(count).fill(-1),
    waiting: [],
    active: [],
    coming: tasks.map((_, task) => task).sort((a, b) => arrival(b) - arrival(a) || b - a),
    moves: [],
  }
}

/** Lets the tasks in that have arrived by now. */
export function admitArrivals(state: ClusterState): void {
  const { columns, coming } = state
  const now = secondsAt(columns, state.step)
  while (coming.length > 0 && (columns.trace.tasks[coming.at(-1)!]!.arrivalSeconds ?? 0) <= now) {
    state.waiting.push(coming.pop()!)
  }
}

/**
 * Moves a task to a pool now. It computes when its data is there: 8 MB / (Mbit/s) seconds for its input, or for its
 * memory over the slower of the two networks.
 */
export function moveTask(state: ClusterState, task: number, to: number): void {
  const { columns, step, pool, readySeconds, startSeconds } = state
  const { tasks, pools } = columns.trace
  const from = pool[task]!
  const now = secondsAt(columns, step)
  const hasStarted = startSeconds[task]! < now
  const megabytes = (hasStarted ? tasks[task]!.memoryMegabytes : tasks[task]!.inputMegabytes) ?? 0
  const bandwidth = Math.min(pools[to]!.bandwidthMbps, hasStarted ? pools[from]!.bandwidthMbps : Infinity)
  readySeconds[task] = now + (8 * megabytes) / bandwidth
  if (!hasStarted) startSeconds[task] = readySeconds[task]!
  pool[task] = to
  state.lastPool[task] = to
  if (from < 0) {
    state.waiting = state.waiting.filter((other) => other !== task)
    state.active = [...state.active, task].sort((a, b) => a - b)
  } else {
    state.movedStep[task] = step
  }
  state.moves.push({ step, task, from: from < 0 ? null : from, to, megabytes })
}

/** Takes a task off its pool: its work is done. */
export function retireTask(state: ClusterState, task: number, atSeconds: number): void {
  state.remainingMi[task] = 0
  state.workEndSeconds[task] = atSeconds
  state.pool[task] = -1
  state.active = state.active.filter((other) => other !== task)
}

/** What happened so far. */
export function historyOf(state: ClusterState): SchedulingHistory {
  const { columns, moves, step } = state
  const end = secondsAt(columns, step)
  return { moves: [...moves], lastStep: step, tasks: columns.trace.tasks.map((_, task) => courseOf(state, task, end)) }
}

function courseOf(state: ClusterState, task: number, end: number): TaskCourse {
  const { columns, lastPool, startSeconds, workEndSeconds } = state
  const { outputMegabytes = 0 } = columns.trace.tasks[task]!
  const pool = lastPool[task]!
  if (pool < 0) {
    const status = state.coming.includes(task) ? 'not-arrived' : 'waiting'
    return { pool: null, status, startSeconds: null, workEndSeconds: null, finishSeconds: null }
  }
  const workEnd = workEndSeconds[task]!
  const finish = workEnd + (8 * outputMegabytes) / columns.trace.pools[pool]!.bandwidthMbps
  return {
    pool,
    status: finish <= end ? 'finished' : 'running',
    startSeconds: startSeconds[task]! <= end ? startSeconds[task]! : null,
    workEndSeconds: workEnd < Infinity ? workEnd : null,
    finishSeconds: finish <= end ? finish : null,
  }
}
