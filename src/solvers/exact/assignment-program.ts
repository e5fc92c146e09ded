import type { LinearProgram, LpRow } from '../../lp/linear-program.ts'
import { allVms, eligibleVms, executionSeconds, type Problem } from '../../model/problem.ts'

/** A task on a VM that may take it; both figures are shares of a scale. */
export interface Pair {
  readonly task: number
  readonly vm: number
  readonly time: number
  readonly cost: number
}

/** Every pair of a task and a VM that may take it; time and cost as shares of what is given, so that numbers stay near 1. */
export function pairsOf(problem: Problem, timeScale: number, costScale: number): Pair[] {
  const all = allVms(problem)
  const pairs: Pair[] = []
  for (let task = 0; task < problem.taskCount; task++) {
    for (const vm of eligibleVms(problem, task, all)) {
      const seconds = executionSeconds(problem, task, vm)
      const price = problem.pricePerSecond?.[vm] ?? 0
      pairs.push({ task, vm, time: seconds / timeScale, cost: (seconds * price) / costScale })
    }
  }
  return pairs
}

/** Whether each task has a pair left. */
export function canPlaceAll(pairs: readonly Pair[], taskCount: number): boolean {
  return new Set(pairs.map(({ task }) => task)).size === taskCount
}

/**
 * The integer programme of least `perTime` T + `perCost` C, over the assignments to these pairs with T in [1, mostTime].
 * A binary column x_ij stands for each pair, and the last column for t = T - 1:
 *
 *     min perTime t + sum_ij perCost c_ij x_ij,  sum_j x_ij = 1,  sum_i p_ij x_ij - t <= 1,  0 <= t <= mostTime - 1
 *
 * Its objective lacks the constant `perTime`.
 */
export function assignmentProgram(
  pairs: readonly Pair[],
  perTime: number,
  perCost: number,
  mostTime: number,
): LinearProgram {
  const rowOfTask = new Map<number, [number, number][]>()
  const rowOfVm = new Map<number, [number, number][]>()
  pairs.forEach(({ task, vm, time }, column) => {
    rowAt(rowOfTask, task).push([column, 1])
    rowAt(rowOfVm, vm).push([column, time])
  })
  const once = [...rowOfTask.values()].map((terms): LpRow => ({ terms, relation: '=', rightSide: 1 }))
  const inTime = [...rowOfVm.values()].map(
    (terms): LpRow => ({ terms: [...terms, [pairs.length, -1]], relation: '<=', rightSide: 1 }),
  )
  const columns = pairs.map(({ cost }) => ({ cost: perCost * cost, upper: 1, isBinary: true }))
  return {
    columns: [...columns, { cost: perTime, upper: mostTime - 1, isBinary: false }],
    rows: [...once, ...inTime],
  }
}

function rowAt(rows: Map<number, [number, number][]>, key: number): [number, number][] {
  const row = rows.get(key) ?? []
  rows.set(key, row)
  return row
}

/** The assignment that the columns stand for: each task on the VM whose column is nearest to 1. */
export function assignmentOf(pairs: readonly Pair[], values: Float64Array, taskCount: number): Int32Array {
  const assignment = new Int32Array(taskCount)
  const largest = new Float64Array(taskCount)
  pairs.forEach(({ task, vm }, column) => {
    if (values[column]! <= largest[task]!) return
    largest[task] = values[column]!
    assignment[task] = vm
  })
  return assignment
}
