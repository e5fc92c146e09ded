import type { LinearProgram, LpRow } from '../../lp/linear-program.ts'
import { allVms, eligibleVms, executionSeconds, type Problem } from '../../model/problem.ts'
import type { Box } from './trade-off.ts'

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

/**
 * The integer programme of the assignments in a box of times and, where cost counts, costs. A binary column stands for
 * each pair; tau and gamma say where in the box the assignment lies:
 *
 *     min tau + gamma,  sum_j x_ij = 1,  sum_i p_ij x_ij <= T0 + dT tau,  sum_ij c_ij x_ij <= C0 + dC gamma,
 *     tau + gamma <= mostValue
 */
export function assignmentProgram(pairs: readonly Pair[], { time, cost, mostValue }: Box): LinearProgram {
  const tau = pairs.length
  const rowOfTask = new Map<number, [number, number][]>()
  const rowOfVm = new Map<number, [number, number][]>()
  pairs.forEach((pair, column) => {
    rowAt(rowOfTask, pair.task).push([column, 1])
    if (pair.time > 0) rowAt(rowOfVm, pair.vm).push([column, pair.time])
  })
  const rows: LpRow[] = [...rowOfTask.values()].map((terms) => ({ terms, relation: '=', rightSide: 1 }))
  for (const terms of rowOfVm.values())
    rows.push({ terms: [...terms, [tau, -time.span]], relation: '<=', rightSide: time.from })
  const place = { cost: 1, upper: 1, isBinary: false }
  const columns = [...pairs.map(() => ({ cost: 0, upper: 1, isBinary: true })), place]
  if (cost) {
    const gamma = tau + 1
    columns.push(place)
    const terms = pairs.map((pair, column): [number, number] => [column, pair.cost])
    rows.push({ terms: [...terms, [gamma, -cost.span]], relation: '<=', rightSide: cost.from })
    rows.push({
      terms: [
        [tau, 1],
        [gamma, 1],
      ],
      relation: '<=',
      rightSide: mostValue,
    })
  }
  return { columns, rows }
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
