import { describe, expect, test } from 'vitest'
import { isCloudschedError } from '../../src/errors/cloudsched-error.ts'
import { type HighsPackage, loadHighs, type LpLimits } from '../../src/lp/highs.ts'
import type { LinearProgram, LpColumn, LpRow } from '../../src/lp/linear-program.ts'

const unlimited: LpLimits = { timeLimitMs: Infinity, maxNodes: Infinity, absoluteGap: 0 }

/** Take things of the values and weights given, at most `capacity` in weight. */
function knapsack(values: number[], weights: number[], capacity: number): LinearProgram {
  const row: LpRow = { terms: weights.map((weight, k) => [k, weight]), relation: '<=', rightSide: capacity }
  return { columns: values.map((value): LpColumn => ({ cost: -value, upper: 1, isBinary: true })), rows: [row] }
}

async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('Nothing was thrown.')
}

describe('HiGHS', () => {
  test('solves a knapsack', async () => {
    const solve = await loadHighs()
    // 10 + 7 weigh 5 + 4 = 9; 10 + 5 weigh 8; 7 + 5 weigh 7: with room for 8 the best is 15.
    const { status, bound, values, nodes } = solve(knapsack([10, 7, 5], [5, 4, 3], 8), unlimited)
    expect(status).toBe('optimal')
    expect(bound).toBeCloseTo(-15, 9)
    expect(Array.from(values!, Math.round)).toEqual([1, 0, 1])
    expect(nodes).toBeGreaterThanOrEqual(1)
  })

  test('hands back the columns in their own order, mixed with continuous ones', async () => {
    const solve = await loadHighs()
    // x0 in [0, 2.5] costs 1, x1 is 0 or 1 and costs 0: x0 + 2 x1 = 3 is cheapest with x1 = 1, x0 = 1.
    const program: LinearProgram = {
      columns: [
        { cost: 1, upper: 2.5, isBinary: false },
        { cost: 0, upper: 1, isBinary: true },
      ],
      rows: [
        {
          terms: [
            [1, 2],
            [0, 1],
          ],
          relation: '=',
          rightSide: 3,
        },
      ],
    }
    expect(Array.from(solve(program, unlimited).values!)).toEqual([1, 1])
  })

  test('says when nothing keeps the rows', async () => {
    const solve = await loadHighs()
    const program: LinearProgram = {
      columns: [{ cost: 1, upper: 1, isBinary: true }],
      rows: [{ terms: [[0, 2]], relation: '=', rightSide: 1 }],
    }
    expect(solve(program, unlimited)).toMatchObject({ status: 'infeasible', values: null })
  })

  test('stops at its limits with a bound that holds', async () => {
    const solve = await loadHighs()
    const weights = Array.from({ length: 40 }, (_, k) => 1000 + ((k * 379) % 613))
    const stopped = solve(knapsack(weights, weights, 20_001.5), { ...unlimited, timeLimitMs: 0 })
    expect(stopped.status).toBe('stopped')
    // One way to fill it: as many of the first as there is room for. The least objective cannot be above that.
    const filled = weights.reduce((sum, weight) => (sum + weight <= 20_001.5 ? sum + weight : sum), 0)
    expect(stopped.bound).toBeLessThanOrEqual(-filled)
  })
})

describe('the package', () => {
  test('is named with its command when it is missing', async () => {
    const cause = new Error('Cannot find package')
    const error = await errorOf(() => loadHighs(() => Promise.reject(cause)))
    expect(isCloudschedError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'missing-peer', cause })
    expect((error as Error).message).toContain('npm install highs')
  })

  /** A package whose models end with a status, and note that they were disposed of. */
  function fake(modelStatus: number, note: () => void): HighsPackage {
    const model = {
      options: { set: () => undefined },
      info: { get: () => 0 },
      run: () => ({ modelStatus }),
      getSolution: () => ({ colValue: new Float64Array(3) }),
      getColByName: () => 0,
      dispose: note,
    }
    return { default: () => Promise.resolve({ createModel: () => model }) }
  }

  test.each([1, 2, 3, 4, 5, 6, 9, 10])('is no answer with model status %i', async (modelStatus) => {
    let disposed = 0
    const solve = await loadHighs(() => Promise.resolve(fake(modelStatus, () => disposed++)))
    const error = await errorOf(() => solve(knapsack([1], [1], 1), unlimited))
    expect(error).toMatchObject({ code: 'solver', path: 'highs' })
    expect((error as Error).message).toContain(`model status ${modelStatus}`)
    expect(disposed).toBe(1)
  })

  test('gives no values where it has no solution', async () => {
    const solve = await loadHighs(() => Promise.resolve(fake(13, () => undefined)))
    expect(solve(knapsack([1], [1], 1), unlimited)).toMatchObject({ status: 'stopped', values: null, nodes: 1 })
  })
})
