import { describe, expect, test } from 'vitest'
import { roundRobin } from '../../src/constructive/round-robin.ts'
import { isCloudschedError } from '../../src/errors/cloudsched-error.ts'
import { type ComparisonRow, compare, compareAsync, summarise } from '../../src/experiment/index.ts'
import { createProblem } from '../../src/model/problem.ts'
import type { SolveOptions, Solver } from '../../src/model/solver.ts'
import { startRun } from '../../src/objective/solve-run.ts'

// Two tasks of 4 s and 2 s on equal VMs: apart 4 s, together 6 s. The bound on the time is max(4, 6 / 2) = 4.
const twoTasks = createProblem({
  tasks: [{ lengthMi: 400 }, { lengthMi: 200 }],
  vms: [{ speedMips: 100 }, { speedMips: 100 }],
})
const priced = createProblem({
  tasks: [{ lengthMi: 400 }, { lengthMi: 200 }],
  vms: [
    { speedMips: 100, pricePerSecond: 1 },
    { speedMips: 50, pricePerSecond: 0.1 },
  ],
})

function fixed(...assignment: number[]): Solver {
  return (problem, options = {}) =>
    startRun('fixed', problem, options, {}, {}).finish({ assignment, evaluations: 3, iterations: 1 })
}

const broken: Solver = () => {
  throw new Error('out of paper')
}

const isOf = (solver: string) => (row: ComparisonRow) => row.solver === solver

describe('compare', () => {
  test('one row per solver, problem and seed, with the figures worked out by hand', () => {
    const rows = compare({ apart: fixed(0, 1), together: fixed(0, 0) }, { two: twoTasks }, { seeds: 2 })
    expect(rows.map(({ solver, problem, seed }) => [solver, problem, seed])).toEqual([
      ['apart', 'two', 1],
      ['together', 'two', 1],
      ['apart', 'two', 2],
      ['together', 'two', 2],
    ])
    const [apart, together] = rows as [ComparisonRow, ComparisonRow]
    expect(apart).toMatchObject({
      timeWeight: 1,
      status: 'optimal',
      timeSeconds: 4,
      load: 0.5,
      cost: null,
      evaluations: 3,
      error: null,
    })
    expect(apart.est).toBeCloseTo(Math.log(4), 12)
    expect(apart.gap).toBeCloseTo(0, 12)
    expect(together).toMatchObject({ status: 'completed', timeSeconds: 6, load: 0 })
    expect(together.gap).toBeCloseTo(6 / 4 - 1, 12)
    expect(apart.milliseconds).toBeGreaterThanOrEqual(0)
  })

  test('a list of problems is named by index; seeds may be listed; every solver gets the same options', () => {
    const seen: SolveOptions[] = []
    const spy: Solver = (problem, options = {}) => {
      seen.push(options)
      return roundRobin(problem, options)
    }
    const rows = compare({ spy }, [priced, priced], {
      seeds: ['a', 7],
      options: { timeWeight: 0.25, maxEvaluations: 9 },
    })
    expect(rows.map(({ problem, seed }) => `${problem}${seed}`)).toEqual(['0a', '07', '1a', '17'])
    expect(seen[1]).toEqual({ timeWeight: 0.25, maxEvaluations: 9, seed: 7 })
    expect(rows.every(({ timeWeight }) => timeWeight === 0.25)).toBe(true)
  })

  test('a proven bound of one solver counts for all', () => {
    // Three tasks of 2 s on two VMs: the general bound is 6 / 2 = 3 s, the optimum 4 s.
    const three = createProblem({ tasks: { lengthMi: [200, 200, 200] }, vms: { speedMips: [100, 100] } })
    const proving: Solver = (problem, options = {}) =>
      startRun('proving', problem, options, {}, {}).finish({
        assignment: [0, 0, 1],
        evaluations: 1,
        iterations: 1,
        provenBound: Math.log(4),
      })
    const rows = compare({ first: fixed(1, 1, 1), proving }, { three }, { seeds: 1 })
    expect(rows.map(({ bound }) => bound)).toEqual([Math.log(4), Math.log(4)])
    expect(rows[0]!.gap).toBeCloseTo(6 / 4 - 1, 12)
    expect(rows[1]!.gap).toBe(0)
  })

  test('a solver is judged by the common weight, whatever weight it took', () => {
    const own: Solver = (problem, options = {}) => fixed(1, 1)(problem, { ...options, timeWeight: 0 })
    const [row] = compare({ own }, { priced }, { seeds: 1, options: { timeWeight: 1 } }) as [ComparisonRow]
    // 600 MI at 50 MIPS = 12 s. The bound on cost that the solver proved says nothing about time.
    expect(row.est).toBeCloseTo(Math.log(12), 12)
    expect(row.bound).toBeLessThanOrEqual(Math.log(4))
  })

  test('what fails is a row with its reason; the others go on', () => {
    const rows = compare(
      { broken, lazy: fixed(0, -1), alien: fixed(0, 5), roundRobin },
      { two: twoTasks },
      { seeds: 1 },
    )
    expect(rows.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'optimal'])
    expect(rows.find(isOf('broken'))!.error).toBe('out of paper')
    expect(rows.find(isOf('lazy'))!.error).toBe('1 tasks were left without a VM')
    expect(rows.find(isOf('broken'))).toMatchObject({ est: null, gap: null, evaluations: null })
    expect(rows.find(isOf('alien'))!.error).not.toBeNull()
  })

  test('results are handed over as they come, progress rises to 1', () => {
    const fractions: number[] = []
    const kept: string[] = []
    compare(
      { roundRobin, broken, apart: fixed(0, 1) },
      { two: twoTasks },
      {
        seeds: 2,
        onProgress: ({ fraction }) => fractions.push(fraction),
        onResult: (result, { solver, seed }) => kept.push(`${solver} ${seed} ${result.assignment}`),
      },
    )
    expect(kept).toEqual(['roundRobin 1 0,1', 'apart 1 0,1', 'roundRobin 2 0,1', 'apart 2 0,1'])
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(fractions[0]).toBeCloseTo(1 / 6, 12)
  })

  test('an error of the listener is not an error of the solver', () => {
    const onResult = () => {
      throw new Error('listener')
    }
    expect(() => compare({ roundRobin }, { two: twoTasks }, { seeds: 1, onResult })).toThrow('listener')
  })

  test.each([
    [{ seeds: 0 }, 'options.seeds'],
    [{ seeds: [] }, 'options.seeds'],
    [{ options: { timeWeight: 2 } }, 'options.options.timeWeight'],
    [{ options: { timeWeigth: 1 } as SolveOptions }, 'options.options.timeWeigth'],
    [{ options: { seed: 1 } as SolveOptions }, 'options.options.seed'],
    [{ options: { timeWeight: 0.5 } }, 'options.timeWeight'],
  ])('refuses %j', (options, path) => {
    expect(() => compare({ roundRobin }, { two: twoTasks }, options)).toThrow(
      expect.objectContaining({ code: 'invalid-option', path }),
    )
  })

  test('refuses solvers that are none', () => {
    const notASolver = { roundRobin, lpt: undefined } as unknown as Record<string, Solver>
    expect(() => compare({}, { two: twoTasks })).toThrow(/at least one solver/)
    expect(() => compare(notASolver, { two: twoTasks })).toThrow(/solvers\.lpt must be a function/)
  })
})

describe('compareAsync', () => {
  test('takes both kinds of solvers and gives the rows of compare', async () => {
    const strip = (rows: readonly ComparisonRow[]) => rows.map((row) => ({ ...row, milliseconds: 0 }))
    const rows = await compareAsync(
      { roundRobin, later: async (problem, options) => fixed(0, 0)(problem, options) },
      { two: twoTasks },
      { seeds: 2 },
    )
    expect(strip(rows)).toEqual(strip(compare({ roundRobin, later: fixed(0, 0) }, { two: twoTasks }, { seeds: 2 })))
  })

  test('an abort keeps the rows so far, the interrupted run among them', async () => {
    const controller = new AbortController()
    const rows = await compareAsync(
      {
        roundRobin,
        interrupted: async (problem, options = {}) => {
          controller.abort()
          return { ...fixed(0, 0)(problem, { ...options, signal: undefined as never }), status: 'aborted' }
        },
      },
      { two: twoTasks },
      { seeds: 5, signal: controller.signal },
    )
    expect(rows.map(({ solver, status }) => [solver, status])).toEqual([
      ['roundRobin', 'optimal'],
      ['interrupted', 'aborted'],
    ])
  })

  test('an abort before the start throws its reason', async () => {
    await expect(
      compareAsync({ roundRobin }, { two: twoTasks }, { signal: AbortSignal.abort(new Error('no')) }),
    ).rejects.toThrow('no')
  })

  test('a rejected promise is a failed row', async () => {
    const rows = await compareAsync(
      { sorry: async () => Promise.reject(new Error('no solver here')) },
      { two: twoTasks },
      { seeds: 1 },
    )
    expect(rows[0]).toMatchObject({ status: 'failed', error: 'no solver here' })
  })
})

describe('summarise', () => {
  /** A row whose est is given; gap and the rest follow no problem. */
  function row(
    solver: string,
    problem: string,
    seed: number,
    est: number | null,
    rest: Partial<ComparisonRow> = {},
  ): ComparisonRow {
    const status = est === null ? 'failed' : 'completed'
    return {
      solver,
      problem,
      seed,
      timeWeight: 1,
      status,
      est,
      bound: 0,
      gap: est,
      timeSeconds: est,
      cost: null,
      load: est,
      milliseconds: 1,
      evaluations: 1,
      iterations: 1,
      error: null,
      ...rest,
    }
  }

  test('one problem: every seed is an observation', () => {
    const rows = [1, 2, 3, 4, 5].flatMap((seed) => [
      row('a', 'p', seed, seed),
      row('b', 'p', seed, seed === 5 ? 4 : seed + 1),
    ])
    const { unit, solvers, pairs, wins, ties } = summarise(rows)
    expect(unit).toBe('seed')
    // a: 1..5 = 3 -+ 1.9632 as in the test of meanInterval.
    expect(solvers[0]!.est).toMatchObject({ count: 5, mean: 3 })
    expect(solvers[0]!.est!.low).toBeCloseTo(1.0368, 4)
    // a - b: -1 four times, +1 once. Ranks all 3; positive sum 3; P(at most one plus) = 6 / 32, twice that 0.375.
    expect(pairs[0]).toMatchObject({ a: 'a', b: 'b', wins: 4, ties: 0, losses: 1 })
    expect(pairs[0]!.difference!.mean).toBeCloseTo(-0.6, 12)
    expect(pairs[0]!.signedRank).toMatchObject({ rankSum: 3, count: 5 })
    expect(pairs[0]!.signedRank.p).toBeCloseTo(0.375, 12)
    expect(wins).toEqual([
      [0, 4],
      [1, 0],
    ])
    expect(ties).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  test('several problems: seeds are averaged first, the problem is the observation', () => {
    const rows = ['p', 'q'].flatMap((problem) =>
      [1, 2, 3].flatMap((seed) => [row('a', problem, seed, seed), row('b', problem, seed, 2)]),
    )
    const { unit, solvers, pairs } = summarise(rows)
    expect(unit).toBe('problem')
    expect(solvers[0]!.est).toMatchObject({ count: 2, mean: 2, deviation: 0 })
    // Per problem: (1 + 2 + 3) / 3 - 2 = 0, a tie on both.
    expect(pairs[0]).toMatchObject({ wins: 0, ties: 2, losses: 0, tTest: null, adjustedP: 1 })
  })

  test('more load is better, less of all else', () => {
    const rows = [1, 2].flatMap((seed) => [row('a', 'p', seed, 0.9), row('b', 'p', seed, 0.5)])
    expect(summarise(rows, { metric: 'load' }).pairs[0]).toMatchObject({ wins: 2, losses: 0 })
    expect(summarise(rows, { metric: 'gap' }).pairs[0]).toMatchObject({ wins: 0, losses: 2 })
  })

  test('rounding is a tie', () => {
    const rows = [row('a', 'p', 1, 1), row('b', 'p', 1, 1 + 1e-12), row('a', 'p', 2, 1e6), row('b', 'p', 2, 1e6 + 1e-4)]
    expect(summarise(rows).pairs[0]).toMatchObject({ wins: 0, ties: 2, losses: 0 })
    expect(summarise(rows, { tolerance: 0 }).pairs[0]).toMatchObject({ wins: 2, ties: 0 })
  })

  test('failed runs are counted, and pair with nothing', () => {
    const rows = [
      row('a', 'p', 1, 1),
      row('b', 'p', 1, null),
      row('a', 'p', 2, 1, { status: 'optimal' }),
      row('b', 'p', 2, 2),
    ]
    const { solvers, pairs } = summarise(rows)
    expect(solvers.map(({ runs, failures, optimal }) => [runs, failures, optimal])).toEqual([
      [2, 0, 1],
      [2, 1, 0],
    ])
    expect(solvers[1]!.milliseconds!.count).toBe(1)
    expect(pairs[0]).toMatchObject({ wins: 1, ties: 0, losses: 0 })
  })

  test('p-values are corrected over all pairs', () => {
    const rows = Array.from({ length: 6 }, (_, k) => k + 1).flatMap((seed) => [
      row('a', 'p', seed, seed),
      row('b', 'p', seed, seed + seed / 10),
      row('c', 'p', seed, seed),
    ])
    const { pairs } = summarise(rows)
    // a-b and b-c: 6 of one sign, p = 2 / 64; a-c all ties, p = 1. Holm: 3 * 2/64, then the larger of that and 2 * 2/64, then 1.
    expect(pairs.map(({ signedRank }) => signedRank.p)).toEqual([2 / 64, 1, 2 / 64])
    expect(pairs.map(({ adjustedP }) => adjustedP)).toEqual([6 / 64, 1, 6 / 64])
  })

  test('no rows, no summary; survives JSON', () => {
    expect(summarise([])).toMatchObject({ solvers: [], pairs: [], wins: [], ties: [] })
    const summary = summarise(compare({ roundRobin, apart: fixed(0, 1) }, { two: twoTasks }, { seeds: 3 }))
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary)
  })

  test('refuses unknown metrics', () => {
    try {
      summarise([], { metric: 'speed' as 'est' })
      expect.unreachable()
    } catch (error) {
      expect(isCloudschedError(error) && error.path).toBe('options.metric')
    }
  })
})
