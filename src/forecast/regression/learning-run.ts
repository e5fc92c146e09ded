import type { OptionEntries } from '../../errors/read-options.ts'
import { type Progress, runOptionEntries, type RunOptions, type StopReason } from '../../run/run-options.ts'

/** Options of every training that goes step by step. */
export type LearningOptions = Pick<RunOptions, 'seed' | 'signal' | 'timeLimitMs' | 'onProgress'>

/** How a training ended: at its last step, because nothing moved any more, or early with what it had reached. */
export type LearningStatus = 'completed' | 'converged' | Extract<StopReason, 'timeLimit' | 'aborted'>

const { seed, signal, timeLimitMs, onProgress } = runOptionEntries

/** The rules of `LearningOptions`. */
export const learningEntries = { seed, signal, timeLimitMs, onProgress } as OptionEntries

/** Progress of a training; `best` is the loss. */
export function learningProgress(fraction: number, loss: number, iteration: number): Progress {
  return { fraction, best: loss, gap: null, iteration, evaluations: iteration }
}

/** The status of a training that a driver stopped, or `otherwise`. */
export function statusOf(stop: StopReason | null, otherwise: 'completed' | 'converged'): LearningStatus {
  return stop === 'aborted' || stop === 'timeLimit' ? stop : otherwise
}
