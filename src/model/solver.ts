import type { HistoryPoint } from '../run/history.ts'
import type { RunOptions, Steps, StopReason } from '../run/run-options.ts'
import type { Seed } from '../random/rng.ts'
import type { Assignment } from './assignment.ts'
import type { Problem } from './problem.ts'

/** What an assignment is worth, by the papers' static model: one task at a time on a VM, all there at 0. */
export interface Evaluation {
  /** Time(P), equation (4): the largest running time of a VM, in seconds. */
  readonly timeSeconds: number
  /** Cost(P), equation (5): money for all running times; `null` in a problem without prices. */
  readonly cost: number | null
  /** Load(P), equation (8): shortest over longest VM time, in [0, 1]; `null` when no VM runs. */
  readonly load: number | null
  /** est(P), equation (7): timeWeight ln Time + (1 - timeWeight) ln Cost; `null` where a logarithm of 0 would be taken. */
  readonly est: number | null
  /** Running time of each VM in seconds, equation (3). */
  readonly vmSeconds: readonly number[]
  /** Number of tasks that no VM has. */
  readonly unplacedCount: number
  /** Why a figure above is `null`. */
  readonly reasons: Readonly<Partial<Record<'cost' | 'load' | 'est', string>>>
}

/** Options of every solver. */
export interface SolveOptions extends RunOptions {
  /** The papers' omega, in [0, 1]: 1 minimises time alone, 0 cost alone. @defaultValue 0.5 with prices, 1 without */
  readonly timeWeight?: number
}

/** How a run ended. 'optimal': the bound proves that nothing better exists. */
export type SolveStatus = 'completed' | 'optimal' | StopReason

/** What every solver returns: plain data that survives JSON and structured cloning. */
export interface SolveResult {
  /** Name of the solver, e.g. 'whaql'. */
  readonly solver: string
  readonly status: SolveStatus
  /** Best schedule seen. */
  readonly assignment: Assignment
  readonly evaluation: Evaluation
  /** Proven lower bound on est; `null` where est is not defined. */
  readonly bound: number | null
  /** exp(est - bound) - 1: how far from optimal the schedule can be at most, e.g. 0.01 for one per cent. */
  readonly gap: number | null
  readonly history: readonly HistoryPoint[]
  readonly evaluations: number
  readonly iterations: number
  readonly seed: Seed
  /** All options in force, defaults filled in; functions and signals left out. */
  readonly options: Readonly<Record<string, unknown>>
  /** Fields of the problem that this solver does not look at. */
  readonly ignored: readonly string[]
}

/** A solver: pure, the same result for the same problem, options and seed. */
export type Solver<O extends SolveOptions = SolveOptions, R extends SolveResult = SolveResult> = (
  problem: Problem,
  options?: O,
) => R

/** The same algorithm in pieces that leave room for timers, signals and drawing. */
export type AsyncSolver<O extends SolveOptions = SolveOptions, R extends SolveResult = SolveResult> = (
  problem: Problem,
  options?: O,
) => Promise<R>

/** The algorithm itself, one step at a time. */
export type SolveSteps<R extends SolveResult = SolveResult> = Steps<R>
