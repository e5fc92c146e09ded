import { describe, expect, test } from 'vitest'
import { loadHighs, type LpSolver } from '../../../src/lp/highs.ts'
import { createProblem, type Problem, type ProblemInput } from '../../../src/model/problem.ts'
import type { SolveOptions, SolveResult } from '../../../src/model/solver.ts'
import { driveAsync } from '../../../src/run/drive.ts'
import { branchAndBound } from '../../../src/solvers/exact/branch-and-bound.ts'
import { milp } from '../../../src/solvers/exact/milp.ts'
import { milpSteps } from '../../../src/solvers/exact/milp-steps.ts'
import { paperInstance } from '../../../src/workload/paper-instance.ts'
import { etcInstance } from '../../rl/etc-instance.ts'

const solver = await loadHighs()

/** `milp` on one loaded HiGHS, which may be watched. */
function solve(problem: Problem, options: SolveOptions = {}, solveLp: LpSolver = solver): Promise<SolveResult> {
  return driveAsync(
    milpSteps(problem, options, solveLp, () => Infinity),
    options,
  )
}

/** The same tasks, of which every third one needs what only the first and the last VM have. */
function picky({ tasks, vms }: ProblemInput): ProblemInput {
  const rows = (tasks as { lengthMi: number }[]).map((task, i) =>
    i % 3 === 0 ? { ...task, demand: { gpu: 1 } } : task,
  )
  const last = (vms as object[]).length - 1
  const fleet = (vms as { speedMips: number }[]).map((vm, j) => (j % last === 0 ? { ...vm, capacity: { gpu: 1 } } : vm))
  return { tasks: rows, vms: fleet }
}

describe('milp', () => {
  test('finds the partition by hand', async () => {
    // 3 3 2 2 2 on two equal VMs: 6 | 6, where LPT gives 7.
    const problem = createProblem({ tasks: { lengthMi: [3, 3, 2, 2, 2] }, vms: { speedMips: [1, 1] } })
    const { evaluation, status, gap, solver: name } = await milp(problem)
    expect(evaluation.timeSeconds).toBe(6)
    expect([status, gap, name]).toEqual(['optimal', 0, 'milp'])
  })

  test('tells the optimum from what has the least sum of time and cost', async () => {
    // One task, three VMs of (T, C) = (1, 16), (6, 6), (20, 1). The sums are 17, 12, 21, but T C is 16, 36, 20.
    const problem = createProblem({ etc: [[1, 6, 20]], vms: { pricePerSecond: [16, 1, 1 / 20] } })
    expect((await solve(problem, { timeWeight: 0.5 })).assignment).toEqual([0])
    // ln T + 3 ln C: ln 4096, ln 1296, ln 20.
    expect((await solve(problem, { timeWeight: 0.25 })).assignment).toEqual([2])
  })

  test.each(Array.from({ length: 24 }, (_, k) => k + 1))('meets branch and bound on instance %i', async (seed) => {
    const timeWeight = [0.3, 0.5, 0.7, 1][seed % 4]!
    const kind = Math.floor(seed / 4) % 3
    const size = { taskCount: 4 + (seed % 2), vmCount: 3, seed }
    const input = kind === 2 ? etcInstance(size.taskCount + 3, 4, seed) : paperInstance(size)
    const problem = createProblem(kind === 1 ? picky(input as ProblemInput) : input)
    const result = await solve(problem, { timeWeight })
    expect(result.evaluation.est).toBeCloseTo(branchAndBound(problem, { timeWeight }).evaluation.est!, 9)
    expect(result.status).toBe('optimal')
  })

  test('weighs time where every schedule costs the same', async () => {
    // Price per speed is 1 everywhere: Cost = 21. The shortest of 6 5 4 3 2 1 on speeds 2 and 1 ends at 7: 14 | 7.
    const problem = createProblem({
      tasks: { lengthMi: [6, 5, 4, 3, 2, 1] },
      vms: { speedMips: [2, 1], pricePerSecond: [2, 1] },
    })
    const { evaluation, status } = await solve(problem, { timeWeight: 0.2 })
    expect(evaluation.timeSeconds).toBeCloseTo(7, 12)
    expect(status).toBe('optimal')
  })

  test('needs no programme for cost alone', async () => {
    const problem = createProblem({
      etc: [
        [4, 1],
        [1, 9],
        [2, 2],
      ],
      vms: { pricePerSecond: [1, 3] },
    })
    const { assignment, status, iterations } = await solve(problem, { timeWeight: 0 }, () => {
      throw new Error('There was one.')
    })
    // 4 or 3; 1 or 27; 2 or 6.
    expect([assignment, status, iterations]).toEqual([[1, 0, 0], 'optimal', 0])
  })

  test('takes the shortest of the schedules that cost nothing', async () => {
    const problem = createProblem({
      tasks: { lengthMi: [3, 3, 2, 2, 2] },
      vms: { speedMips: [1, 1, 100], pricePerSecond: [0, 0, 1] },
    })
    const { evaluation, gap } = await solve(problem, { timeWeight: 0.5 })
    expect([evaluation.timeSeconds, evaluation.cost, gap]).toEqual([6, 0, null])
  })

  test('proves as much as it is asked for', async () => {
    const problem = createProblem(paperInstance({ taskCount: 8, seed: 4 }))
    for (const timeWeight of [0.5, 1]) {
      const { gap, status, bound } = await solve(problem, { timeWeight, targetGap: 0.02 })
      expect(gap).toBeLessThanOrEqual(0.02)
      expect(['targetReached', 'optimal']).toContain(status)
      expect(bound).toBeLessThanOrEqual(branchAndBound(problem, { timeWeight }).evaluation.est! + 1e-8)
    }
  })

  test('keeps a bound that holds, and rises, when it is stopped between programmes', async () => {
    const problem = createProblem(paperInstance({ taskCount: 6, vmCount: 3, seed: 1, priceExponent: 2 }))
    const { est } = branchAndBound(problem, { timeWeight: 0.3 }).evaluation
    const whole = await solve(problem, { timeWeight: 0.3 })
    expect(whole.iterations).toBeGreaterThan(1)
    let before = -Infinity
    for (let stopAfter = 0; stopAfter < whole.iterations; stopAfter++) {
      const controller = new AbortController()
      const stopped = await solve(problem, {
        timeWeight: 0.3,
        signal: controller.signal,
        onProgress: ({ iteration }) => void (iteration === stopAfter && controller.abort()),
      })
      expect(stopped.status).toBe('aborted')
      expect(stopped.iterations).toBe(stopAfter)
      expect(stopped.bound!).toBeGreaterThanOrEqual(before)
      expect(stopped.bound!).toBeLessThanOrEqual(est! + 1e-8)
      before = stopped.bound!
    }
  })

  test('hands its limits to the solver of the programmes, and keeps the bound that this one leaves', async () => {
    const problem = createProblem(paperInstance({ taskCount: 12, seed: 2 }))
    const seen: number[] = []
    const stopped = await solve(problem, { timeWeight: 1, maxEvaluations: 5 }, (program, limits) => {
      seen.push(limits.maxNodes)
      // As if HiGHS had proven that a third of the range of times that is left, its last column, is out of reach.
      return { status: 'stopped', bound: program.columns.at(-1)!.upper / 3, values: null, nodes: 4 }
    })
    expect(seen).toEqual([4])
    expect(stopped.status).toBe('evaluationLimit')
    const start = await solve(problem, { timeWeight: 1, maxEvaluations: 1 })
    const [least, most] = [start.bound!, start.evaluation.est!].map(Math.exp) as [number, number]
    expect(Math.exp(stopped.bound!)).toBeCloseTo(least + (most - least) / 3, 4)
  })
})
