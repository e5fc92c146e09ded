import { readOptions, type OptionEntries } from '../errors/read-options.ts'
import type { FieldRule } from '../model/columns.ts'
import { checkProblem, type Problem } from '../model/problem.ts'
import type { SolveOptions, SolveResult } from '../model/solver.ts'
import { taskFields } from '../model/task.ts'
import { vmFields } from '../model/vm.ts'
import { defaultSeed, type Rng, type Seed, substream } from '../random/rng.ts'
import type { HistoryPoint } from '../run/history.ts'
import { type Progress, runOptionEntries, type StopReason } from '../run/run-options.ts'
import { lowerBound } from './bounds.ts'
import { evaluateUnchecked } from './evaluate.ts'
import { gapOf, gapOfSchedule, resolveTimeWeight, timeWeightEntry } from './weighted.ts'

/** What a solver hands in at its end. */
export interface Outcome {
  readonly assignment: ArrayLike<number>
  /** Why it stopped before its own end; `null` when it came to its end. */
  readonly stop?: StopReason | null
  readonly history?: readonly HistoryPoint[]
  readonly evaluations: number
  readonly iterations: number
  /** A bound on est that this run has proven itself. */
  readonly provenBound?: number
}

/** The frame of one run: options read, weight and bound known, streams of random numbers at hand. */
export interface SolveRun<O> {
  readonly problem: Problem
  /** Options in force, defaults filled in. */
  readonly options: O
  /** omega in [0, 1]. */
  readonly timeWeight: number
  /** Proven lower bound on est, or null. */
  readonly bound: number | null
  /** An own stream of random numbers for one purpose, e.g. `rng('explore')`. */
  rng(purpose: string): Rng
  progress(fraction: number, best: number, iteration: number, evaluations: number): Progress
  finish(outcome: Outcome): SolveResult
}

/**
 * Opens a run: the part that all solvers share, so that each of them is its algorithm alone.
 *
 * @param entries - the solver's own options; those of every solver are added
 * @throws CloudschedError `invalid-option` for unknown or broken options, `invalid-input` for a problem that is none
 */
export function startRun<D extends object, O extends SolveOptions>(
  solver: string,
  problem: Problem,
  options: O,
  defaults: D,
  entries: OptionEntries,
): SolveRun<D & O & { readonly seed: Seed }> {
  checkProblem(problem)
  const read = readOptions(
    { ...runOptionEntries, ...timeWeightEntry, ...entries },
    { seed: defaultSeed, ...defaults },
    options,
  )
  const timeWeight = resolveTimeWeight(problem, read.timeWeight)
  const bound = lowerBound(problem, { timeWeight }).est
  const seed: Seed = read.seed ?? defaultSeed
  return {
    problem,
    options: read as D & O & { readonly seed: Seed },
    timeWeight,
    bound,
    rng: (purpose) => substream(seed, `${solver}/${purpose}`),
    progress: (fraction, best, iteration, evaluations) => ({
      fraction,
      best,
      gap: bound === null ? null : gapOf(best, bound),
      iteration,
      evaluations,
    }),
    finish({ assignment, stop = null, history = [], evaluations, iterations, provenBound }) {
      const evaluation = evaluateUnchecked(problem, assignment, timeWeight)
      const highest = provenBound === undefined ? bound : Math.max(provenBound, bound ?? -Infinity)
      const proven = evaluation.est === null ? null : highest
      const gap = gapOfSchedule(evaluation, proven)
      return {
        solver,
        status: gap === 0 ? 'optimal' : (stop ?? 'completed'),
        assignment: Array.from(assignment),
        evaluation,
        bound: proven,
        gap,
        history,
        evaluations,
        iterations,
        seed,
        options: plainOptions({ ...read, timeWeight }),
        ignored: ignoredFields(problem),
      }
    },
  }
}

/** Options that are data and survive JSON: enough to repeat the run. */
function plainOptions(options: object): Readonly<Record<string, unknown>> {
  const isData = ([key, value]: [string, unknown]): boolean => typeof value !== 'function' && key !== 'signal'
  return Object.fromEntries(
    Object.entries(options)
      .filter(isData)
      .map(([key, value]) => [key, plain(value)]),
  )
}

/** JSON has no Infinity and no typed arrays; a budget of 2^53 - 1 is as endless. */
function plain(value: unknown): unknown {
  if (value === Infinity) return Number.MAX_SAFE_INTEGER
  return ArrayBuffer.isView(value) && !(value instanceof DataView) ? Array.from(value as Float64Array) : value
}

/** Columns that carry something else than their default, and that the static model does not look at. */
function ignoredFields({ taskColumns, vmColumns }: Problem): string[] {
  return [...saying(taskColumns, taskFields, 'tasks'), ...saying(vmColumns, vmFields, 'vms')]
}

function saying<F extends string>(
  columns: Readonly<Partial<Record<F, Float64Array>>>,
  fields: Readonly<Record<F, FieldRule>>,
  entity: string,
): string[] {
  const names = Object.keys(columns) as F[]
  return names
    .filter((field) => columns[field]!.some((value) => value !== fields[field].absent))
    .map((field) => `${entity}.${field}`)
}
