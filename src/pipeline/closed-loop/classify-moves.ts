import type { Move, SchedulingHistory } from './history.ts'
import { computesIn, replay } from './replay.ts'
import { demandAt, threshold, type TraceColumns } from './trace-columns.ts'

/** A move as the true future judges it. */
export interface ClassifiedMove extends Move {
  /**
   * 'useless': within the horizon the pool that the task left would not have exceeded theta had it stayed, all else as
   * decided then. `null` for a first placement.
   */
  readonly isUseless: boolean | null
  /** Whether the task comes back to the pool it left within the horizon; `null` for a first placement. */
  readonly isPingPong: boolean | null
}

/**
 * Judges each move of a history on the demand that really came, in the steps of the horizon that the history reaches.
 *
 * @param theta - threshold as a part of the capacity
 * @param horizon - steps ahead, >= 1
 */
export function classifyMovesOf(
  columns: TraceColumns,
  history: SchedulingHistory,
  theta: number,
  horizon: number,
): ClassifiedMove[] {
  const useless = new Map<Move, boolean>()
  for (const { pool, moves } of replay(columns, history)) {
    for (const move of moves) {
      if (move.from === null) continue
      const stayers: number[] = []
      for (let task = 0; task < columns.taskCount; task++) {
        if (pool[task] === move.from || task === move.task) stayers.push(task)
      }
      useless.set(move, !exceeds(columns, history, stayers, move, theta, horizon))
    }
  }
  return history.moves.map((move, index) => ({
    ...move,
    isUseless: move.from === null ? null : (useless.get(move) ?? null),
    isPingPong: move.from === null ? null : comesBack(history.moves, index, horizon),
  }))
}

/** Whether these tasks together exceed theta on the pool that `move` left, in one of the next steps. */
function exceeds(
  columns: TraceColumns,
  history: SchedulingHistory,
  tasks: readonly number[],
  { step, from }: Move,
  theta: number,
  horizon: number,
): boolean {
  const { resourceCount } = columns
  const last = Math.min(step + horizon, history.lastStep)
  for (let at = step + 1; at <= last; at++) {
    const present = tasks.filter((task) => computesIn(columns, history, task, at))
    for (let resource = 0; resource < resourceCount; resource++) {
      const load = present.reduce((sum, task) => sum + demandAt(columns, task, resource, at), 0)
      if (load > threshold(columns, from!, resource, theta)) return true
    }
  }
  return false
}

function comesBack(moves: readonly Move[], index: number, horizon: number): boolean {
  const { task, from, step } = moves[index]!
  for (let later = index + 1; later < moves.length && moves[later]!.step <= step + horizon; later++) {
    if (moves[later]!.task === task && moves[later]!.to === from) return true
  }
  return false
}
