import type { Move, SchedulingHistory } from './history.ts'
import { demandAt, secondsAt, type TraceColumns } from './trace-columns.ts'

/** One step of a history as it really was. */
export interface ReplayedStep {
  readonly step: number
  /** Pool of each task in this step; -1 = none. A task that leaves within the step is still there. */
  readonly pool: Int32Array
  /** What the tasks of each pool use at the start of the step, by pool * resourceCount + resource. */
  readonly load: Float64Array
  /** The moves decided just before it. */
  readonly moves: readonly Move[]
}

/** Goes through a history step by step; what it hands out is written over at the next step. */
export function* replay(columns: TraceColumns, history: SchedulingHistory): Generator<ReplayedStep, void, void> {
  const { taskCount, poolCount, resourceCount } = columns
  const pool = new Int32Array(taskCount).fill(-1)
  const load = new Float64Array(poolCount * resourceCount)
  let next = 0
  for (let step = columns.trace.pastSteps + 1; step <= history.lastStep; step++) {
    const moves: Move[] = []
    for (; next < history.moves.length && history.moves[next]!.step < step; next++) {
      moves.push(history.moves[next]!)
      pool[history.moves[next]!.task] = history.moves[next]!.to
    }
    load.fill(0)
    for (let task = 0; task < taskCount; task++) {
      if (pool[task]! < 0) continue
      if (!computesIn(columns, history, task, step)) {
        pool[task] = -1
        continue
      }
      const at = pool[task]! * resourceCount
      for (let resource = 0; resource < resourceCount; resource++) {
        load[at + resource]! += demandAt(columns, task, resource, step)
      }
    }
    yield { step, pool, load, moves }
  }
}

/** Whether a task that has a pool is still there when a step begins. */
export function computesIn(columns: TraceColumns, { tasks }: SchedulingHistory, task: number, step: number): boolean {
  const end = tasks[task]!.workEndSeconds
  return end === null || end > secondsAt(columns, step - 1)
}
