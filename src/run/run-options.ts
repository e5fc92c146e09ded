import {
  functionLike,
  integerIn,
  numberAbove,
  numberIn,
  type OptionEntries,
  satisfying,
} from '../errors/read-options.ts'
import type { Seed } from '../random/rng.ts'

/** How far a run has come. */
export interface Progress {
  /** Share of the budget that is used up, in [0, 1]; never falls. The run stops when it reaches 1. */
  readonly fraction: number
  /** Objective value (est, equation (7)) of the best schedule seen; `null` while it is not defined. */
  readonly best: number | null
  /** Proven gap of the best schedule to the optimum, e.g. 0.01 for one per cent; `null` where no bound is known. */
  readonly gap: number | null
  /** Iterations so far, in the algorithm's own unit (episodes, generations, ...). */
  readonly iteration: number
  /** Schedules evaluated so far, by differences or from scratch. */
  readonly evaluations: number
}

/** Options that every solver understands. */
export interface RunOptions {
  /** Names the stream of random numbers. The same seed, options and input give the same result. @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Ends the run early; the best schedule seen is returned with status 'aborted'. */
  readonly signal?: AbortSignal
  /** Search budget in milliseconds, also effective in a synchronous run. Where the machine is slower, less is searched: such a run repeats only in law. */
  readonly timeLimitMs?: number
  /** Search budget in evaluated schedules; may be passed by a part of one step. */
  readonly maxEvaluations?: number
  /** Stops as soon as the schedule is proven to be this close to the optimum, e.g. 0.01 for one per cent. */
  readonly targetGap?: number
  /** Told after each step of the search. */
  readonly onProgress?: (progress: Progress) => void
}

/** Why a run ended before its own end. */
export type StopReason = 'targetReached' | 'timeLimit' | 'evaluationLimit' | 'memoryLimit' | 'aborted'

/** What a driver answers to each yield: how much of the budget is gone, and whether to stop now with the best so far. */
export interface Pulse {
  readonly fraction: number
  readonly stop: StopReason | null
}

/** An iterative algorithm: yields its progress, is told whether to go on, returns its result. */
export type Steps<R> = Generator<Progress, R, Pulse>

/** The same for an algorithm that waits inside a step. */
export type AsyncSteps<R> = AsyncGenerator<Progress, R, Pulse>

/** Whether a run is limited in time or in evaluations: it then goes on until that is used up. */
export function hasBudget({
  timeLimitMs,
  maxEvaluations,
}: Pick<RunOptions, 'timeLimitMs' | 'maxEvaluations'>): boolean {
  return timeLimitMs !== undefined || maxEvaluations !== undefined
}

export const runOptionEntries: OptionEntries = {
  seed: satisfying<Seed>(
    (x) => typeof x === 'string' || (typeof x === 'number' && Number.isFinite(x)),
    'a string or a finite number',
  ),
  signal: satisfying<AbortSignal>((x) => typeof x === 'object' && x !== null && 'aborted' in x, 'an AbortSignal'),
  timeLimitMs: numberAbove(0),
  maxEvaluations: integerIn(1),
  targetGap: numberIn(0),
  onProgress: functionLike<(progress: Progress) => void>(),
}
