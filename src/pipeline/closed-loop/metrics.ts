import { readOptions } from '../../errors/read-options.ts'
import type { DemandTrace } from '../../model/demand-trace.ts'
import { type ClassifiedMove, classifyMovesOf } from './classify-moves.ts'
import type { SchedulingHistory } from './history.ts'
import { type OverloadMetrics, overloadOf } from './overload.ts'
import { type ServiceMetrics, serviceOf } from './service.ts'
import { judgementDefaults, judgementEntries } from './simulate-scheduling-options.ts'
import { columnsOf, type TraceColumns } from './trace-columns.ts'

/** How many decisions there were, and what they were worth. */
export interface SchedulingCounts {
  /** Tasks that came to their first pool. */
  readonly placements: number
  /** Changes of pool after that. The two together are the scheduling count (figure 4 of the source). */
  readonly reschedules: number
  /** Reschedules without which the pool would not have become hot within the horizon. */
  readonly uselessReschedules: number
  /** Reschedules of tasks that came back to the pool they left within the horizon. */
  readonly pingPongs: number
  /** Data that all moves sent over the network, in megabytes. */
  readonly movedMegabytes: number
}

/** All figures of a closed loop. Count and overload belong together: fewer moves alone are not better service. */
export interface SchedulingMetrics extends SchedulingCounts, OverloadMetrics, ServiceMetrics {}

/** What a history is judged by. */
export interface JudgementOptions {
  /** A pool is overloaded above this part of its capacity, in (0, 1]. @defaultValue 0.8 */
  readonly theta?: number
  /** Steps within which a move must prove itself, >= 1. @defaultValue 12 */
  readonly horizon?: number
}

/**
 * All figures of a history on the demand that really came.
 *
 * @throws CloudschedError `invalid-input` for a broken trace, `invalid-option`
 * @example
 * const { history } = simulateScheduling(trace, 'asq')
 * const stricter = schedulingMetrics(trace, history, { theta: 0.7 })
 */
export function schedulingMetrics(
  trace: DemandTrace,
  history: SchedulingHistory,
  options: JudgementOptions = {},
): SchedulingMetrics {
  const { theta, horizon } = readOptions(judgementEntries, judgementDefaults, options)
  return metricsOf(columnsOf(trace), history, theta, horizon)
}

/**
 * Judges each move of a history on the demand that really came.
 *
 * @throws CloudschedError `invalid-input` for a broken trace, `invalid-option`
 * @example
 * const useless = classifyMoves(trace, history).filter(({ isUseless }) => isUseless)
 */
export function classifyMoves(
  trace: DemandTrace,
  history: SchedulingHistory,
  options: JudgementOptions = {},
): ClassifiedMove[] {
  const { theta, horizon } = readOptions(judgementEntries, judgementDefaults, options)
  return classifyMovesOf(columnsOf(trace), history, theta, horizon)
}

/** The same for a trace that has been checked. */
export function metricsOf(
  columns: TraceColumns,
  history: SchedulingHistory,
  theta: number,
  horizon: number,
): SchedulingMetrics {
  const moves = classifyMovesOf(columns, history, theta, horizon)
  const placements = moves.filter(({ from }) => from === null).length
  return {
    placements,
    reschedules: moves.length - placements,
    uselessReschedules: moves.filter(({ isUseless }) => isUseless).length,
    pingPongs: moves.filter(({ isPingPong }) => isPingPong).length,
    movedMegabytes: moves.reduce((sum, { megabytes }) => sum + megabytes, 0),
    ...overloadOf(columns, history, theta, horizon),
    ...serviceOf(columns, history),
  }
}
