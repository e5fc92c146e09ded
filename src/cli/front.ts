import type { Problem } from '../model/problem.ts'
import type { SolveResult } from '../model/solver.ts'
import type { ParetoPoint } from '../objective/pareto.ts'
import type { Nsga2Result } from '../solvers/genetic/nsga2.ts'
import { UsageError } from './io.ts'

/** Refuses a chart of cost where nothing has a price, before any time is spent on solving. */
export function requirePrices(problem: Problem, pareto: string | undefined): void {
  if (pareto !== undefined && problem.pricePerSecond === null) throw new UsageError('--pareto: the VMs have no prices.')
}

/** Time and cost of what a solver found: the front of one that finds a front, the one schedule of every other. */
export function frontOf(result: SolveResult): readonly ParetoPoint[] {
  const { front } = result as Partial<Nsga2Result>
  const { timeSeconds, cost } = result.evaluation
  return front ?? (cost === null ? [] : [{ timeSeconds, cost }])
}
