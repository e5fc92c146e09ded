import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { StepRange } from './rows.ts'

/** Shares of training, validation and test rows, in the order of time; they sum to 1. */
export type SplitShares = readonly [training: number, validation: number, test: number]

/** Three ranges of steps, one after the other. */
export interface Split {
  /** What models are fitted on. */
  readonly training: StepRange
  /** What models are chosen by. */
  readonly validation: StepRange
  /** The hold-out: looked at once, for the last figure. */
  readonly test: StepRange
}

/** 80 % training, 10 % validation, 10 % test. */
export const defaultShares: SplitShares = [0.8, 0.1, 0.1]

/** Sums of shares such as 0.7 + 0.1 fall short by a rounding error, which must not move a boundary. */
const roundingGuard = 1e-9

/**
 * Cuts a series in the order of time: the first rows train, the next choose, the last are held out. Boundaries are
 * rounded down.
 *
 * @param length - number of steps
 * @throws CloudschedError `invalid-option` for shares that are negative or do not sum to 1; `invalid-input` for no length
 * @example
 * chronologicalSplit(100).test // { start: 90, end: 100 }
 */
export function chronologicalSplit(length: number, shares: SplitShares = defaultShares): Split {
  const [training, validation] = shares
  const sum = shares.reduce((total, share) => total + share, 0)
  if (shares.length !== 3 || !shares.every((share) => share >= 0) || !(Math.abs(sum - 1) <= roundingGuard))
    throw new CloudschedError('invalid-option', [
      { path: 'shares', received: shares, expected: 'three numbers >= 0 that sum to 1' },
    ])
  if (!(Number.isInteger(length) && length >= 0))
    throw new CloudschedError('invalid-input', [
      { path: 'length', received: length, expected: 'a whole number >= 0: that of steps' },
    ])
  const boundary = (share: number): number => Math.min(length, Math.floor(length * share + roundingGuard))
  const first = boundary(training)
  const second = Math.max(first, boundary(training + validation))
  return {
    training: { start: 0, end: first },
    validation: { start: first, end: second },
    test: { start: second, end: length },
  }
}
