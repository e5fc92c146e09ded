import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LpSolver, loadHighs } from '../../src/lp/highs.ts'
import type { LpRow } from '../../src/lp/linear-program.ts'
import { createProblem, type Problem } from '../../src/model/problem.ts'
import { efficiencies, raiseCut, type WorkRows, workRowsOf } from '../../src/objective/dual-cut.ts'
import { evaluateUnchecked } from '../../src/objective/evaluate.ts'
import { etcInstance } from '../rl/etc-instance.ts'
import { forEachAssignment, uniformProblems, unrelatedProblems } from '../small-problems.ts'

function raised(rows: WorkRows, costWeight: number, iterations = 800): number {
  return raiseCut(rows, costWeight, { start: efficiencies(rows), firstAim: 0.3, iterations }).value
}

describe('workRowsOf', () => {
  test('a row for each task of unrelated machines, Infinity where it may not run', () => {
    const problem = createProblem({
      etc: [
        [1, 2],
        [3, 4],
      ],
      tasks: [{ requiredLabels: { zone: 'a' } }, {}],
      vms: [{ labels: { zone: 'b' } }, { labels: { zone: 'a' } }],
    })
    expect(workRowsOf(problem)).toEqual({
      rowCount: 2,
      vmCount: 2,
      seconds: Float64Array.of(Infinity, 2, 3, 4),
      prices: Float64Array.of(0, 0),
    })
  })

  test('a row for all tasks of a class of uniform machines', () => {
    // 4 + 6 = 10 MI on speeds 2 and 5; 8 MI on speed 5 alone.
    const problem = createProblem({
      tasks: [{ lengthMi: 4 }, { lengthMi: 8, demand: { gpu: 1 } }, { lengthMi: 6 }],
      vms: [
        { speedMips: 2, pricePerSecond: 1 },
        { speedMips: 5, pricePerSecond: 3, capacity: { gpu: 1 } },
      ],
    })
    const { rowCount, seconds, prices } = workRowsOf(problem)
    expect(rowCount).toBe(2)
    expect([...seconds]).toEqual([5, 2, Infinity, 1.6])
    expect([...prices]).toEqual([1, 3])
  })
})

describe('raiseCut by hand', () => {
  test('two tasks that want different VMs', () => {
    // Each task runs 1 s on its own VM, 2 s on the other: no schedule is shorter than 1 s, and lambda = (1/2, 1/2) proves it.
    const rows = workRowsOf(
      createProblem({
        etc: [
          [1, 2],
          [2, 1],
        ],
      }),
    )
    expect(raised(rows, 0)).toBeCloseTo(1, 9)
  })

  test('one task may be cut: 1/3 of it on a VM of 3 s, 2/3 on one of 1.5 s', () => {
    expect(raised(workRowsOf(createProblem({ etc: [[3, 1.5]] })), 0)).toBeCloseTo(1, 9)
  })

  test('time and money', () => {
    // 1 s on the VM for 1/s, or 1 s on the VM for 3/s, a share x on the dear one: T + mu C = max(x, 1 - x) + mu (1 + 2 x).
    // mu = 1/4: slope -1 + 1/2 < 0 up to x = 1/2: 1/2 + 2/4 = 1. mu = 1: 3 at x = 1/2, 2 at x = 0.
    const rows = workRowsOf(createProblem({ etc: [[1, 1]], vms: [{ pricePerSecond: 1 }, { pricePerSecond: 3 }] }))
    expect(raised(rows, 1 / 4)).toBeCloseTo(1, 5)
    expect(raised(rows, 1)).toBeCloseTo(2, 9)
  })

  test('tasks that take no time weigh nothing', () => {
    expect(
      raised(
        workRowsOf(
          createProblem({
            etc: [
              [0, 5],
              [2, 2],
            ],
          }),
        ),
        0,
      ),
    ).toBeCloseTo(1, 9)
    expect(raised(workRowsOf(createProblem({ etc: [[0, 5]] })), 0)).toBe(0)
  })
})

test('every assignment is above every line, however early the ascent stops', () => {
  const problems = fc.oneof(uniformProblems({ tasks: 5, vms: 3 }), unrelatedProblems({ tasks: 5, vms: 3 }))
  const costWeight = fc.double({ min: 0, max: 20, noNaN: true })
  fc.assert(
    fc.property(problems, costWeight, fc.integer({ min: 1, max: 30 }), (problem, mu, iterations) => {
      const value = raised(workRowsOf(problem), mu, iterations)
      forEachAssignment(problem, (assignment) => {
        const { timeSeconds, cost } = evaluateUnchecked(problem, assignment, 0.5)
        expect(value).toBeLessThanOrEqual((timeSeconds + mu * cost!) * (1 + 1e-12))
      })
    }),
  )
})

/** Least T + mu C when tasks may be cut. */
function relaxation(solve: LpSolver, problem: Problem, costWeight: number): number {
  const { rowCount, vmCount, seconds, prices } = workRowsOf(problem)
  const columns = Array.from(seconds, (time, column) => ({
    cost: costWeight * time * prices[column % vmCount]!,
    upper: Infinity,
    isBinary: false,
  }))
  const makespan = columns.length
  const whole = Array.from(
    { length: rowCount },
    (_, row): LpRow => ({
      terms: Array.from({ length: vmCount }, (__, vm) => [row * vmCount + vm, 1]),
      relation: '=',
      rightSide: 1,
    }),
  )
  const loads = Array.from(
    { length: vmCount },
    (_, vm): LpRow => ({
      terms: [
        ...Array.from({ length: rowCount }, (__, row): [number, number] => [
          row * vmCount + vm,
          seconds[row * vmCount + vm]!,
        ]),
        [makespan, -1],
      ],
      relation: '<=',
      rightSide: 0,
    }),
  )
  const program = { columns: [...columns, { cost: 1, upper: Infinity, isBinary: false }], rows: [...whole, ...loads] }
  const { values } = solve(program, { timeLimitMs: Infinity, maxNodes: Infinity, absoluteGap: 0 })
  return program.columns.reduce((sum, { cost }, column) => sum + cost * values![column]!, 0)
}

test.each([
  [8, 3, 0],
  [8, 3, 2],
  [40, 8, 0],
  [40, 8, 0.3],
  [40, 8, 3],
  [80, 12, 0],
  [80, 12, 1],
])('reaches the linear relaxation: %s tasks, %s VMs, mu = %s', async (taskCount, vmCount, costWeight) => {
  const solve = await loadHighs()
  for (let seed = 1; seed <= 3; seed++) {
    const problem = createProblem(etcInstance(taskCount, vmCount, seed))
    const value = raised(workRowsOf(problem), costWeight)
    const least = relaxation(solve, problem, costWeight)
    expect(value / least).toBeLessThanOrEqual(1 + 1e-7)
    expect(value / least).toBeGreaterThan(1 - 1e-3)
  }
})
