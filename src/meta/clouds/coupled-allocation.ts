import type { LpSolver } from '../../lp/highs.ts'
import type { LinearProgram, LpColumn, LpRow } from '../../lp/linear-program.ts'
import { type Allocation, evaluateAllocation } from './allocation.ts'
import { type Cloud, type CloudTask, latencyBound, type Resource } from './cloud.ts'
import { effectiveTimes, type TimeMatrix } from './effective-times.ts'
import { exactAllocation } from './exact-allocation.ts'

/** A ratio above its cap by less is rounding of the solver, whose rows hold to 1e-9. */
const tolerance = 1e-7

/**
 * The oracle: the cheapest allocation that meets every bound and every storage capacity of a cloud, with its hidden
 * state known. The closed form where it keeps the capacities, else a linear programme.
 *
 * @param solve - see `loadCloudSolver`
 */
export function oracleAllocation({ tasks, resources, hidden }: Cloud, solve: LpSolver): Allocation {
  return coupledAllocation(tasks, resources, effectiveTimes(tasks, resources, hidden), solve)
}

/**
 * The cheapest allocation under given times that keeps bounds and capacities: min sum a_ij t_ij price_j over
 * 0 <= a_ij <= L_i / t_ij, sum_j a_ij = 1, sum_i a_ij storage_i <= storage_j. Where bounds and capacities cannot all
 * hold, the bounds give way, by as little as the tasks' latencies relative to them need in sum, and the tasks that miss
 * theirs are listed.
 */
export function coupledAllocation(
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  times: TimeMatrix,
  solve: LpSolver,
): Allocation {
  const alone = exactAllocation(tasks, resources, times)
  if (evaluateAllocation(alone, tasks, resources, times).storageUse <= 1) return alone
  const limits = { timeLimitMs: Infinity, maxNodes: Infinity, absoluteGap: 0 }
  const strict = solve(allocationProgram(tasks, resources, times, false), limits)
  const values = strict.values ?? solve(allocationProgram(tasks, resources, times, true), limits).values!
  return allocationOf(values, tasks, resources, times)
}

/** Columns are a_ij; in the elastic programme a second set holds what of a_ij lies above its cap, at a high price. */
function allocationProgram(
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  { seconds }: TimeMatrix,
  isElastic: boolean,
): LinearProgram {
  const count = seconds.length
  const columns: LpColumn[] = []
  const over: LpColumn[] = []
  const cost = (i: number, j: number): number => seconds[i * resources.length + j]! * resources[j]!.pricePerSecond
  // Any shift of whole tasks between resources costs less than this.
  const price = 10 * tasks.reduce((sum, _, i) => sum + Math.max(...resources.map((__, j) => cost(i, j))), 0)
  tasks.forEach((task, i) => {
    resources.forEach((_, j) => {
      const cap = latencyBound(task) / seconds[i * resources.length + j]!
      columns.push({ cost: cost(i, j), upper: Math.min(1, cap), isBinary: false })
      over.push({ cost: cost(i, j) + price / cap, upper: 1, isBinary: false })
    })
  })
  const terms = (i: number, j: number, factor: number): [number, number][] => {
    const column = i * resources.length + j
    return isElastic
      ? [
          [column, factor],
          [count + column, factor],
        ]
      : [[column, factor]]
  }
  const rows: LpRow[] = [
    ...tasks.map(
      (_, i): LpRow => ({ terms: resources.flatMap((__, j) => terms(i, j, 1)), relation: '=', rightSide: 1 }),
    ),
    ...resources.map(
      ({ storageGb }, j): LpRow => ({
        terms: tasks.flatMap((task, i) => terms(i, j, task.storageGb)),
        relation: '<=',
        rightSide: storageGb,
      }),
    ),
  ]
  return { columns: isElastic ? [...columns, ...over] : columns, rows }
}

function allocationOf(
  values: Float64Array,
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  { seconds }: TimeMatrix,
): Allocation {
  const resourceCount = resources.length
  const ratios = new Float64Array(tasks.length * resourceCount)
  const infeasible: number[] = []
  tasks.forEach((task, i) => {
    let misses = false
    for (let column = i * resourceCount; column < (i + 1) * resourceCount; column++) {
      const cap = latencyBound(task) / seconds[column]!
      const ratio = Math.max(0, values[column]! + (values[column + ratios.length] ?? 0))
      misses ||= ratio > cap + tolerance
      // Within the solver's tolerance of its cap a ratio stands on it.
      ratios[column] = ratio > cap && ratio <= cap + tolerance ? cap : ratio
    }
    if (misses) infeasible.push(i)
  })
  return { taskCount: tasks.length, resourceCount, ratios, infeasible }
}
