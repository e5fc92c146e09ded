import { describe, expect, test } from 'vitest'
import { lastValue } from '../../../examples/forecasters.ts'
import type { Forecaster } from '../../../src/model/forecaster.ts'
import { admitArrivals, createClusterState, moveTask } from '../../../src/pipeline/closed-loop/cluster-state.ts'
import { createExpectation, lookAhead, type Outlook } from '../../../src/pipeline/closed-loop/expectation.ts'
import { findHotPools } from '../../../src/pipeline/closed-loop/hot-pools.ts'
import { columnsOf } from '../../../src/pipeline/closed-loop/trace-columns.ts'
import { smallTrace, tenCores } from './traces.ts'

/** All tasks on the first pool; their use now is the first value of each list, the others are what is forecast. */
function hotPools(
  paths: readonly (readonly number[])[],
  { stays = () => false, forecasts = false }: { stays?: (task: number) => boolean; forecasts?: boolean } = {},
) {
  const tasks = paths.map((path, index) => ({ id: `t${index}`, demand: { cpu: path } }))
  const columns = columnsOf(smallTrace(tasks, [tenCores('p'), tenCores('q')], paths[0]!.length))
  const knows: Forecaster = {
    ...lastValue,
    forecast: ({ history: { id }, horizon }) => ({
      values: Float64Array.from(paths[Number(id!.slice(1, -4))]!.slice(1, 1 + horizon)),
      quantiles: [],
      fallbacks: [],
    }),
  }
  const outlook: Outlook = {
    forecaster: forecasts ? knows : null,
    isForecast: columns.resources.map(() => true),
    features: null,
    horizon: paths[0]!.length - 1,
    level: null,
    counts: { values: 0, clamped: 0, fallbacks: {} },
  }
  const state = createClusterState(columns)
  admitArrivals(state)
  for (const task of tasks.keys()) moveTask(state, task, 0)
  const expectation = createExpectation(columns, outlook)
  lookAhead(state, outlook, expectation)
  const { pools, leaving } = findHotPools(state, expectation, 0.8, stays)
  return { pools: [...pools], leaving: [...leaving] }
}

describe('who leaves a hot pool', () => {
  test('nobody where the threshold is met but not exceeded', () => {
    expect(hotPools([[5], [3]])).toEqual({ pools: [], leaving: [] })
  })

  test('the task whose leaving suffices with the least to spare', () => {
    // 10.5 on 10 cores, threshold 8: 2.5 too much.
    expect(hotPools([[5], [3], [2.5]])).toEqual({ pools: [0], leaving: [2] })
    expect(hotPools([[5.5], [3], [2]])).toEqual({ pools: [0], leaving: [1] })
  })

  test('the largest where none suffices alone, then again', () => {
    // 14: 6 too much; without one 5 still 1 too much, for which 2 suffices.
    expect(hotPools([[5], [5], [2], [2]])).toEqual({ pools: [0], leaving: [0, 2] })
  })

  test('not those that moved a short while ago', () => {
    expect(hotPools([[5], [3], [2.5]], { stays: (task) => task === 2 }).leaving).toEqual([1])
    expect(hotPools([[9]], { stays: () => true })).toEqual({ pools: [0], leaving: [] })
  })

  test('not one that turns out not to be needed', () => {
    // 10.5 in the first step is the worst: t1 with 2.5 suffices there. Then 10 in the second step: t2 leaves, and with it
    // gone the first has 2 + 2.5.
    const paths = [
      [0, 2, 0],
      [0, 2.5, 0],
      [0, 6, 10],
    ]
    expect(hotPools(paths, { forecasts: true }).leaving).toEqual([2])
    // With 6 more for t0 in the first step both are needed.
    expect(hotPools([[0, 8, 0], ...paths.slice(1)], { forecasts: true }).leaving).toEqual([0, 2])
  })
})

describe('what makes a pool hot', () => {
  test('the sum of the paths, not the sum of their peaks', () => {
    expect(
      hotPools(
        [
          [1, 7, 1],
          [1, 1, 7],
        ],
        { forecasts: true },
      ).pools,
    ).toEqual([])
    expect(
      hotPools(
        [
          [1, 7, 1],
          [1, 2, 1],
        ],
        { forecasts: true },
      ).pools,
    ).toEqual([0])
  })

  test('the present, whatever the forecast', () => {
    expect(hotPools([[9, 1, 1]], { forecasts: true })).toEqual({ pools: [0], leaving: [0] })
  })
})
