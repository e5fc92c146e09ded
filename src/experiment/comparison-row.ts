import type { Problem } from '../model/problem.ts'
import type { SolveResult, SolveStatus } from '../model/solver.ts'
import { evaluate } from '../objective/evaluate.ts'
import { gapOf } from '../objective/weighted.ts'
import type { Seed } from '../random/rng.ts'

/** One run of one solver: a row of a tidy table. A failed run has `null` figures and an error. */
export interface ComparisonRow {
  readonly solver: string
  readonly problem: string
  readonly seed: Seed
  /** omega, by which every solver of the comparison is judged. */
  readonly timeWeight: number
  readonly status: SolveStatus | 'failed'
  readonly est: number | null
  /** The highest lower bound on est that is known for the problem: the general one, or one that a run has proven. */
  readonly bound: number | null
  /** exp(est - bound) - 1: by the same bound for every solver. */
  readonly gap: number | null
  readonly timeSeconds: number | null
  readonly cost: number | null
  readonly load: number | null
  /** Wall time of the run. */
  readonly milliseconds: number
  readonly evaluations: number | null
  readonly iterations: number | null
  /** Message of what the solver threw, or why its schedule does not count. */
  readonly error: string | null
}

/** Which run a result belongs to. */
export interface ComparisonRun {
  readonly solver: string
  readonly problem: string
  readonly seed: Seed
}

/** A run with all it needs. */
export interface PlannedRun extends ComparisonRun {
  readonly instance: Problem
  readonly timeWeight: number
  /** Proven before the first run, so that no solver pays for it. */
  readonly bound: number | null
}

/**
 * The row of a run that came to its end. The schedule is evaluated here, by the weight that is the same for all solvers.
 */
export function rowOf(run: PlannedRun, milliseconds: number, result: SolveResult): ComparisonRow {
  const { instance, timeWeight } = run
  const { est, timeSeconds, cost, load, unplacedCount } = evaluate(instance, result.assignment, { timeWeight })
  if (unplacedCount > 0) return failedRow(run, milliseconds, `${unplacedCount} tasks were left without a VM`)
  const { status, evaluations, iterations } = result
  const bound = result.options['timeWeight'] === timeWeight ? higher(run.bound, result.bound) : run.bound
  const figures = { est, bound, gap: null, timeSeconds, cost, load, milliseconds, evaluations, iterations }
  return { ...namesOf(run), status, ...figures, error: null }
}

/** The row of a run that threw. */
export function failedRow(run: PlannedRun, milliseconds: number, error: unknown): ComparisonRow {
  const none = { est: null, gap: null, timeSeconds: null, cost: null, load: null, evaluations: null, iterations: null }
  const message = error instanceof Error ? error.message : String(error)
  return { ...namesOf(run), status: 'failed', ...none, bound: run.bound, milliseconds, error: message }
}

/** Takes the gaps of all rows of a problem to the highest bound that any of them has: a bound holds for every solver. */
export function withCommonBounds(rows: readonly ComparisonRow[]): ComparisonRow[] {
  const bounds = new Map<string, number | null>()
  for (const { problem, bound } of rows) bounds.set(problem, higher(bounds.get(problem) ?? null, bound))
  return rows.map((row) => {
    const bound = bounds.get(row.problem) ?? null
    return { ...row, bound, gap: row.est === null || bound === null ? null : gapOf(row.est, bound) }
  })
}

function higher(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b)
}

function namesOf(run: PlannedRun): Pick<ComparisonRow, 'solver' | 'problem' | 'seed' | 'timeWeight'> {
  return { solver: run.solver, problem: run.problem, seed: run.seed, timeWeight: run.timeWeight }
}
