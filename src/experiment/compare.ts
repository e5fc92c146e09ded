import { CloudschedError, throwFindings } from '../errors/cloudsched-error.ts'
import { functionLike, type OptionEntries, readOptions, satisfying } from '../errors/read-options.ts'
import type { Problem } from '../model/problem.ts'
import type { AsyncSolver, SolveOptions, SolveResult, Solver } from '../model/solver.ts'
import { lowerBound } from '../objective/bounds.ts'
import { resolveTimeWeight, timeWeightEntry } from '../objective/weighted.ts'
import type { Seed } from '../random/rng.ts'
import { nowMs } from '../run/clock.ts'
import { runOptionEntries } from '../run/run-options.ts'
import {
  type ComparisonRow,
  type ComparisonRun,
  failedRow,
  type PlannedRun,
  rowOf,
  withCommonBounds,
} from './comparison-row.ts'

/** How far a comparison has come. */
export interface CompareProgress extends ComparisonRun {
  /** Share of the runs that are done, that of the present one included, in [0, 1]. */
  readonly fraction: number
  readonly done: number
  readonly total: number
}

/** Options of `compare`. */
export interface CompareOptions {
  /** How many seeds (1, 2, ..., n), or the seeds themselves. @defaultValue 10 */
  readonly seeds?: number | readonly Seed[]
  /** What every solver is given: the weight and the budget. Options of one solver go into a function of your own around it. */
  readonly options?: Omit<SolveOptions, 'seed' | 'signal' | 'onProgress'>
  /** Told after each step of each run. */
  readonly onProgress?: (progress: CompareProgress) => void
  /** Told after each run that did not fail: the place to keep schedules and histories, which a row has no room for. */
  readonly onResult?: (result: SolveResult, run: ComparisonRun) => void
}

/** Options of `compareAsync`. */
export interface CompareAsyncOptions extends CompareOptions {
  /** Ends the run in progress and the comparison; the rows so far are returned. */
  readonly signal?: AbortSignal
}

/** Solvers by the names that the rows shall carry. */
export type NamedSolvers<S = Solver> = Readonly<Record<string, S>>

/** Problems by name; a list is named by its indices. */
export type NamedProblems = Readonly<Record<string, Problem>> | readonly Problem[]

/**
 * Runs every solver on every problem with every seed. Solvers take turns on each problem and seed, so that a change of
 * the machine's speed meets all of them; schedules are evaluated here, by the same weight for all.
 *
 * @returns one row per run, by problem, seed, solver
 * @throws CloudschedError `invalid-option`, `invalid-input` for solvers that are none; what a solver throws becomes a
 * failed row
 * @example
 * const rows = compare({ whaql, lpt }, problems, { seeds: 20, options: { timeWeight: 0.5 } })
 */
export function compare(solvers: NamedSolvers, problems: NamedProblems, options: CompareOptions = {}): ComparisonRow[] {
  const plan = readPlan(solvers, problems, options)
  const rows = plan.runs.map((run, done) => {
    const start = nowMs()
    let result: SolveResult
    let row: ComparisonRow
    try {
      result = solvers[run.solver]!(run.instance, solveOptions(plan, run, done))
      row = rowOf(run, nowMs() - start, result)
    } catch (error) {
      return failedRow(run, nowMs() - start, error)
    }
    tell(plan, row, result)
    return row
  })
  return withCommonBounds(rows)
}

/**
 * `compare` for solvers that return a promise, as the MILP solver does, or that leave room for timers and signals.
 *
 * @throws the signal's reason when it was aborted before the start
 */
export async function compareAsync(
  solvers: NamedSolvers<Solver | AsyncSolver>,
  problems: NamedProblems,
  options: CompareAsyncOptions = {},
): Promise<ComparisonRow[]> {
  const plan = readPlan(solvers, problems, options)
  const { signal } = options
  signal?.throwIfAborted()
  const rows: ComparisonRow[] = []
  for (const [done, run] of plan.runs.entries()) {
    if (signal?.aborted) break
    const start = nowMs()
    let result: SolveResult
    let row: ComparisonRow
    try {
      result = await solvers[run.solver]!(run.instance, solveOptions(plan, run, done))
      row = rowOf(run, nowMs() - start, result)
    } catch (error) {
      if (!signal?.aborted) rows.push(failedRow(run, nowMs() - start, error))
      continue
    }
    tell(plan, row, result)
    rows.push(row)
  }
  return withCommonBounds(rows)
}

interface Plan {
  readonly runs: readonly PlannedRun[]
  readonly options: CompareAsyncOptions
}

const compareEntries: OptionEntries = {
  seeds: satisfying(
    (x) => (Array.isArray(x) ? x.length > 0 : Number.isInteger(x) && (x as number) >= 1),
    'a whole number >= 1, or a list of seeds',
  ),
  options: satisfying((x) => typeof x === 'object' && x !== null, 'an object of options'),
  signal: runOptionEntries['signal']!,
  onProgress: functionLike(),
  onResult: functionLike(),
}

const { timeLimitMs, maxEvaluations, targetGap } = runOptionEntries
const sharedEntries: OptionEntries = {
  ...timeWeightEntry,
  timeLimitMs: timeLimitMs!,
  maxEvaluations: maxEvaluations!,
  targetGap: targetGap!,
}

function readPlan(solvers: NamedSolvers<unknown>, problems: NamedProblems, options: CompareAsyncOptions): Plan {
  const { seeds } = readOptions(compareEntries, { seeds: 10 }, options)
  readOptions(sharedEntries, {}, options.options ?? {}, 'options.options')
  checkSolvers(solvers)
  const seedList: readonly Seed[] = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, k) => k + 1) : seeds
  const runs = Object.entries(problems).flatMap(([problem, instance]) => {
    const timeWeight = resolveTimeWeight(instance, options.options?.timeWeight)
    const bound = lowerBound(instance, { timeWeight }).est
    return seedList.flatMap((seed) =>
      Object.keys(solvers).map((solver) => ({ solver, problem, seed, instance, timeWeight, bound })),
    )
  })
  return { runs, options }
}

function checkSolvers(solvers: NamedSolvers<unknown>): void {
  const entries = Object.entries(solvers)
  if (entries.length === 0)
    throw new CloudschedError('invalid-input', [
      { path: 'solvers', received: solvers, expected: 'an object with at least one solver' },
    ])
  throwFindings(
    'invalid-input',
    entries.flatMap(([name, solver]) =>
      typeof solver === 'function' ? [] : [{ path: `solvers.${name}`, received: solver, expected: 'a function' }],
    ),
  )
}

function tell({ options }: Plan, { solver, problem, seed, status }: ComparisonRow, result: SolveResult): void {
  if (status !== 'failed') options.onResult?.(result, { solver, problem, seed })
}

function solveOptions({ runs, options }: Plan, run: PlannedRun, done: number): SolveOptions {
  const { signal, onProgress } = options
  const { solver, problem, seed, timeWeight } = run
  return {
    ...options.options,
    timeWeight,
    seed,
    ...(signal ? { signal } : {}),
    ...(onProgress
      ? {
          onProgress: ({ fraction }) =>
            onProgress({ solver, problem, seed, done, total: runs.length, fraction: (done + fraction) / runs.length }),
        }
      : {}),
  }
}
