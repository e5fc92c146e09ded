import { CloudschedError, isCloudschedError } from '../../errors/cloudsched-error.ts'
import type { Seed } from '../../random/rng.ts'
import type { Progress, StopReason } from '../../run/run-options.ts'
import { statusOf, learningProgress, type LearningStatus } from '../regression/learning-run.ts'
import type { Fold, Folds } from './folds.ts'
import { originOfFolds } from './folds.ts'
import { checkClosed, registerSearch } from './hold-out.ts'

/** One combination of parameters and how it did: a plain row. */
export interface Trial<P> {
  readonly trial: number
  readonly parameters: P
  /** One for each fold that was judged, in the unit of the evaluation; the smaller, the better. */
  readonly losses: readonly number[]
  /** Mean over all folds; `null` where one is missing: see `failure`. */
  readonly mean: number | null
  /** Standard error of the mean, from the spread between folds; `null` for a single fold. It is a rough one, for folds share rows. */
  readonly standardError: number | null
  /** Why the trial has no mean; `null` when it has one. */
  readonly failure: string | null
}

/** What a search returns: plain data. */
export interface SearchResult<P> {
  readonly method: 'grid-search' | 'random-search'
  /** In the order in which they were tried. */
  readonly trials: readonly Trial<P>[]
  /** The trial with the smallest mean, the first of equal ones; `null` when none has one. */
  readonly best: Trial<P> | null
  readonly status: LearningStatus
  readonly seed: Seed
}

/** A fold to judge one combination on. */
export interface Judgement<P, T, V> {
  readonly parameters: P
  readonly fold: Fold<T, V>
}

/** What came of it: what the evaluation returned, or why it returned nothing. */
export type Outcome = { readonly loss: unknown } | { readonly failure: string }

/** The bookkeeping of a search: which combination meets which fold next, and what came of all. */
export interface Study<P, T, V> {
  /** The next thing to judge; `null` when all is done. */
  next(): Judgement<P, T, V> | null
  /** @throws CloudschedError `invalid-input` for a loss that is no number */
  record(outcome: Outcome): Progress
  finish(stop: StopReason | null): SearchResult<P>
}

/**
 * Opens a study.
 *
 * @throws CloudschedError `invalid-input` for folds that were not made from searchable data, or whose hold-out is open
 */
export function startStudy<P, T, V>(
  method: SearchResult<P>['method'],
  points: Iterator<P>,
  trialCount: number,
  folds: Folds<T, V>,
  seed: Seed,
): Study<P, T, V> {
  const from = originOfFolds(folds)
  checkClosed(from)
  const trials: Trial<P>[] = []
  let best: Trial<P> | null = null
  let point = points.next()
  let losses: number[] = []
  let judged = 0

  function close(failure: string | null): void {
    const trial = trialOf(trials.length, point.value as P, losses, failure)
    trials.push(trial)
    if (trial.mean !== null && trial.mean < (best?.mean ?? Infinity)) best = trial
    losses = []
    point = points.next()
  }

  return {
    next: () => (point.done ? null : { parameters: point.value, fold: folds.folds[losses.length]! }),
    record(outcome) {
      const verdict = 'failure' in outcome ? outcome : verdictOf(outcome.loss)
      judged++
      if ('failure' in verdict) close(verdict.failure)
      else if (losses.push(verdict.loss) === folds.folds.length) close(null)
      const share = (trials.length + losses.length / folds.folds.length) / trialCount
      return {
        ...learningProgress(point.done ? 1 : Math.min(1, share), 0, trials.length),
        best: best?.mean ?? null,
        evaluations: judged,
      }
    },
    finish(stop) {
      const isUnfinished = !point.done
      if (isUnfinished && losses.length > 0) close(`stopped after ${losses.length} of ${folds.folds.length} folds`)
      const status = isUnfinished ? statusOf(stop, 'completed') : 'completed'
      const result: SearchResult<P> = { method, trials, best, status, seed }
      registerSearch(result, from)
      return result
    },
  }
}

function verdictOf(loss: unknown): { readonly loss: number } | { readonly failure: string } {
  if (typeof loss !== 'number') {
    const expected = 'a number, the smaller the better'
    throw new CloudschedError('invalid-input', [{ path: 'evaluate', received: loss, expected }])
  }
  return Number.isFinite(loss) ? { loss } : { failure: `the loss is ${loss}` }
}

/** An error of the library is a failed trial, which stands in its row; any other is a mistake in the program. */
export function failedTrial(error: unknown): Outcome {
  if (isCloudschedError(error)) return { failure: error.message }
  throw error
}

function trialOf<P>(trial: number, parameters: P, losses: readonly number[], failure: string | null): Trial<P> {
  if (failure !== null) return { trial, parameters, losses, mean: null, standardError: null, failure }
  const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  const squares = losses.reduce((sum, loss) => sum + (loss - mean) * (loss - mean), 0)
  const standardError = losses.length > 1 ? Math.sqrt(squares / (losses.length - 1) / losses.length) : null
  return { trial, parameters, losses, mean, standardError, failure }
}
