import { CloudschedError } from '../errors/cloudsched-error.ts'
import { executionSeconds, type Problem } from '../model/problem.ts'
import { createDigest } from '../random/digest.ts'
import type { SolveRun } from '../objective/solve-run.ts'
import { createRng, type Rng, type RngState, type Seed, substream } from '../random/rng.ts'
import { createHistory, type HistoryPoint, type HistoryRecorder } from '../run/history.ts'

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
 * A word for solver, problem and options: two runs with the same word are the same run, but for functions among the
 * options, which have no word.
 */
export function fingerprintOf(solver: string, problem: Problem, options: object): string {
  const digest = createDigest()
  for (let i = 0; i < problem.taskCount; i++) {
    digest.add(Array.from({ length: problem.vmCount }, (_, j) => executionSeconds(problem, i, j)))
  }
  digest.add(problem.pricePerSecond ?? [])
  const kept = Object.entries(options)
    .filter(([key]) => !freeOptions.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([solver, digest.word(), kept])
}

/** What the options of a run that can be resumed have in common. */
export interface ResumableOptions {
  readonly seed: Seed
  readonly withCheckpoint: boolean
  readonly resume?: Checkpoint
}

/** Random numbers and history of a run, new or as a checkpoint left them, and how it is saved. */
export interface ResumableRun {
  readonly rng: Rng
  readonly history: HistoryRecorder
  /** The checkpoint of this moment, as a part of the result; nothing where none is asked for, and then `state` is not called. */
  readonly saved: (state: () => CheckpointState) => { readonly checkpoint?: Checkpoint }
}

/** The part of a checkpoint that the algorithm knows. */
export type CheckpointState = Pick<Checkpoint, 'episode' | 'bestEst' | 'best' | 'estSum' | 'arrays'>

/**
 * Begins a run, or goes on with one.
 *
 * @throws CloudschedError `checkpoint` when it is of another version, problem or set of options
 */
export function startResumable(
  solver: string,
  { problem, options, timeWeight }: Pick<SolveRun<ResumableOptions>, 'problem' | 'options' | 'timeWeight'>,
): ResumableRun {
  const { seed, resume, withCheckpoint } = options
  const fingerprint = resume || withCheckpoint ? fingerprintOf(solver, problem, { ...options, timeWeight }) : ''
  if (resume) checkCheckpoint(resume, fingerprint)
  const rng = resume ? createRng(resume.rng) : substream(seed, 'rl/episodes')
  const history = createHistory()
  for (const point of resume?.history ?? []) history.record(point)
  const checkpoint = (state: CheckpointState): Checkpoint => {
    return { version: 1, fingerprint, rng: rng.state(), history: history.points(), ...state }
  }
  return { rng, history, saved: (state) => (withCheckpoint ? { checkpoint: checkpoint(state()) } : {}) }
}

function checkCheckpoint(checkpoint: Checkpoint, fingerprint: string): void {
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
