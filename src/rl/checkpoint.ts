import { CloudschedError } from '../errors/cloudsched-error.ts'
import { executionSeconds, type Problem } from '../model/problem.ts'
import type { RngState } from '../random/rng.ts'
import type { HistoryPoint } from '../run/history.ts'

/** Everything a stopped run needs to go on as if it had not stopped: plain data. */
export interface Checkpoint {
  readonly version: 1
  /** Solver, problem and options that it belongs to. */
  readonly fingerprint: string
  readonly episode: number
  readonly rng: RngState
  readonly bestEst: number
  readonly best: readonly number[]
  readonly history: readonly HistoryPoint[]
  /** Sum of est since the last point of the history. */
  readonly estSum: number
  /** The learner's arrays by name. */
  readonly arrays: Readonly<Record<string, readonly number[]>>
}

/** Options that may differ between a run and its continuation: they say when to stop or what to hand out. */
const freeOptions = new Set([
  'resume',
  'withCheckpoint',
  'withTables',
  'signal',
  'onProgress',
  'timeLimitMs',
  'maxEvaluations',
  'targetGap',
])

/**
 * A word for solver, problem and options: two runs with the same word are the same run.
 *
 * The times go in as a sum in which the order of tasks and VMs counts.
 */
export function fingerprintOf(solver: string, problem: Problem, options: object): string {
  let sum = 0
  for (let i = 0; i < problem.taskCount; i++) {
    for (let j = 0; j < problem.vmCount; j++) {
      const time = executionSeconds(problem, i, j)
      if (time < Infinity) sum += time * (1 + ((i * 31 + j * 7) % 1009))
    }
  }
  const prices = problem.pricePerSecond?.reduce((total, price, j) => total + price * (j + 1), 0) ?? null
  const kept = Object.entries(options)
    .filter(([key]) => !freeOptions.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([solver, problem.taskCount, problem.vmCount, sum, prices, kept])
}

/** @throws CloudschedError `checkpoint` when it is of another version, problem or set of options */
export function checkCheckpoint(checkpoint: Checkpoint, fingerprint: string): void {
  if (checkpoint.version !== 1) {
    throw new CloudschedError('checkpoint', [
      { path: 'options.resume.version', received: checkpoint.version, expected: '1, the version this library writes' },
    ])
  }
  if (checkpoint.fingerprint !== fingerprint) {
    throw new CloudschedError('checkpoint', [
      {
        path: 'options.resume.fingerprint',
        received: checkpoint.fingerprint,
        expected: 'that of the same solver, problem and options',
        hint: 'Only limits, callbacks and what the result holds may change.',
      },
    ])
  }
}
