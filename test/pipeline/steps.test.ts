import { describe, expect, test } from 'vitest'
import { type ClusterSortMapOptions, clusterSortMapDefaults } from '../../src/pipeline/cluster-sort-map-options.ts'
import { createRound } from '../../src/pipeline/create-round.ts'
import type { PipelineTask, Pool } from '../../src/pipeline/pipeline-task.ts'
import { initialPlacement } from '../../src/pipeline/placement.ts'
import { clusterPools, sortClusters } from '../../src/pipeline/pool-clusters.ts'
import { rankTasks } from '../../src/pipeline/rank.ts'
import { compareUrgency, urgencyKeys } from '../../src/pipeline/task-order.ts'
import {
  computingSeconds,
  stretchedSeconds,
  loadRatio,
  transferSeconds,
  waitingSeconds,
} from '../../src/pipeline/task-times.ts'

const pool = (id: string, cpu: number, speedMips = 1000, bandwidthMbps = 100): Pool => ({
  id,
  capacity: { cpu },
  speedMips,
  bandwidthMbps,
})
const task = (id: string, fields: Partial<PipelineTask> = {}): PipelineTask => ({
  id,
  lengthMi: 1000,
  demand: { cpu: 1 },
  ...fields,
})
const roundOf = (tasks: PipelineTask[], pools: Pool[], options: ClusterSortMapOptions = {}) => {
  const settings = { ...clusterSortMapDefaults, ...options }
  return { settings, round: createRound(tasks, pools, settings) }
}
const clustersOf = (pools: Pool[], options: ClusterSortMapOptions = {}) => {
  const { round, settings } = roundOf([], pools, options)
  return sortClusters(clusterPools(round, settings)).map(({ pools: members, score }) => ({
    pools: Array.from(members, (j) => round.pools.ids[j]!).join(),
    score,
  }))
}

describe('steps 1 to 3: pools that are alike, best cluster first', () => {
  const pools = [pool('d', 4, 1000), pool('b', 16, 4000), pool('a', 4, 1100), pool('c', 15, 4000)]

  test('mean of the standardised attributes', () => {
    // cpu: (4 - 4) / 12 = 0, 1, 0, 11/12; speed: 0, 1, 1/30, 1; bandwidth is the same everywhere: 0.
    const clusters = clustersOf(pools, { clusters: 2 })
    expect(clusters.map((cluster) => cluster.pools)).toEqual(['b,c', 'a,d'])
    expect(clusters[0]!.score).toBeCloseTo(((1 + 1 + 0) / 3 + (11 / 12 + 1 + 0) / 3) / 2, 12)
    expect(clusters[1]!.score).toBeCloseTo((1 / 30 / 3 + 0) / 2, 12)
  })

  test('fuzzy c-means finds the same two, and none makes one', () => {
    expect(clustersOf(pools, { clusters: 2, clustering: 'fuzzy' }).map((c) => c.pools)).toEqual(['b,c', 'a,d'])
    expect(clustersOf(pools, { clustering: 'none' }).map((c) => c.pools)).toEqual(['a,b,c,d'])
  })

  test('beta weighs what is expected against what is now', () => {
    // Now a and b are alike; c is expected to fall to the size of b, a to be as c was.
    const given = [pool('a', 10, 10), pool('b', 10, 12), pool('c', 10, 20)]
    const forecast = { pools: { a: { speedMips: 20 }, b: { speedMips: 12 }, c: { speedMips: 10 } } }
    const at = (beta: number) => clustersOf(given, { beta, forecast, clusters: 2 }).map((c) => c.pools)
    expect(at(0)).toEqual(['c', 'a,b'])
    expect(at(1)).toEqual(['a', 'b,c'])
    // Half and half: a 15, b 12, c 15.
    expect(at(0.5)).toEqual(['a,c', 'b'])
  })

  test('of an expected path the least capacity counts', () => {
    const given = [pool('a', 10), pool('b', 10), pool('c', 2)]
    const forecast = { pools: { a: { capacity: { cpu: [10, 2] } }, b: {}, c: {} } }
    expect(clustersOf(given, { beta: 1, forecast, clusters: 2 }).map((c) => c.pools)).toEqual(['b', 'a,c'])
  })

  test('equal scores: the cluster with the lowest id first', () => {
    const given = [pool('x', 8, 1000), pool('a', 4, 2000)]
    // Each is 1 in one column and 0 in the other.
    expect(clustersOf(given, { clusters: 2 }).map((c) => c.pools)).toEqual(['a', 'x'])
  })
})

describe('steps 4 to 6: one lexicographic key', () => {
  const order = (tasks: PipelineTask[], options: ClusterSortMapOptions = {}) => {
    const { round, settings } = roundOf(tasks, [pool('p', 10)], options)
    const keys = urgencyKeys(round, settings)
    return [...round.tasks.ids.keys()]
      .sort((a, b) => compareUrgency(keys, a, b))
      .map((i) => round.tasks.ids[i])
      .join('')
  }
  const tasks = [
    task('a'),
    task('b', { deadlineSeconds: 20, demand: { cpu: 1 } }),
    task('c', { deadlineSeconds: 20, demand: { cpu: 3 } }),
    task('d', { deadlineSeconds: 10 }),
    task('e', { deadlineSeconds: 20, demand: { cpu: 3 } }),
    task('f', { demand: { cpu: 2 } }),
  ]

  test('earliest deadline, then the larger share, then the id; no deadline last', () => {
    expect(order(tasks)).toBe('dcebfa')
  })

  test('a bucket of deadlines lets the demand decide', () => {
    expect(order(tasks, { deadlineBucketSeconds: 50 })).toBe('cebdfa')
  })

  test('expected demand comes before the current one', () => {
    const forecast = { tasks: { a: { demand: { cpu: 9 } }, f: { demand: { cpu: 9 } } } }
    const ofTwo = [task('a'), task('f', { demand: { cpu: 2 } }), task('g', { demand: { cpu: 8 } })]
    expect(order(ofTwo, { forecast })).toBe('fag')
  })

  test('the dominant share is over all resources', () => {
    const given = [task('a', { demand: { cpu: 4, memoryMib: 100 } }), task('b', { demand: { cpu: 1, memoryMib: 900 } })]
    const pools = [{ ...pool('p', 10), capacity: { cpu: 10, memoryMib: 1000 } }]
    const { round, settings } = roundOf(given, pools)
    // a: max(4/10, 100/1000) = 0.4; b: max(1/10, 900/1000) = 0.9.
    expect([...urgencyKeys(round, settings).currentShare]).toEqual([0.4, 0.9])
  })
})

describe('steps 7 to 10: times of a task on a pool', () => {
  test('(7) the load ratio has no unit', () => {
    expect(loadRatio(3, 4)).toBe(0.75)
    expect(loadRatio(0, 0)).toBe(0)
    expect(loadRatio(1, 0)).toBe(Infinity)
  })

  test('(8) length over speed', () => {
    expect(computingSeconds(4000, 500)).toBe(8)
    expect(computingSeconds(0, 0)).toBe(0)
    expect(computingSeconds(1, 0)).toBe(Infinity)
  })

  test('(9) eight bits a byte, and no more than the task takes', () => {
    // 25 MB = 200 Mbit.
    expect(transferSeconds(25, 100)).toBe(2)
    expect(transferSeconds(25, 100, 40)).toBe(5)
    expect(transferSeconds(25, 100, 400)).toBe(2)
    expect(transferSeconds(0, 0)).toBe(0)
    expect(transferSeconds(1, 0)).toBe(Infinity)
  })

  test('(10) the queue and the calls', () => {
    expect(waitingSeconds(7, 500, 0.001)).toBe(7.5)
  })

  test('the load stretches only above 1, or is added as printed', () => {
    expect(stretchedSeconds(8, 0.5, 'consistent')).toBe(8)
    expect(stretchedSeconds(8, 1.5, 'consistent')).toBe(12)
    expect(stretchedSeconds(8, 0.5, 'literal')).toBe(8.5)
  })
})

describe('step 11: least slack first', () => {
  const ranked = (tasks: PipelineTask[], pools: Pool[], options: ClusterSortMapOptions = {}) => {
    const { round, settings } = roundOf(tasks, pools, options)
    return Array.from(rankTasks(round, initialPlacement(round, settings), settings), (i) => round.tasks.ids[i]).join('')
  }

  test('a long task with a later deadline comes before a short one', () => {
    const tasks = [
      task('a', { deadlineSeconds: 10 }), // 1 s of work on the fast pool takes 0.5: slack 9.5
      task('b', { deadlineSeconds: 12, lengthMi: 16_000 }), // 8 s: slack 4
      task('c'), // no deadline
      task('d', { deadlineSeconds: 12, arrivalSeconds: 9 }), // 9 + 0.5: slack 2.5
    ]
    const pools = [pool('slow', 10, 1000), pool('fast', 10, 2000)]
    expect(ranked(tasks, pools)).toBe('dbac')
    // All slacks and deadlines in one bucket, all demands equal: by id, those without a deadline last.
    expect(ranked(tasks, pools, { deadlineBucketSeconds: 100 })).toBe('abdc')
  })

  test('tasks that stay stretch the time on their pool', () => {
    // x fills the only fast pool threefold: 12 cores of 4. a: 4000 / 2000 * (13/4) = 6.5 s there, 4 s on the slow one.
    const tasks = [
      task('x', { demand: { cpu: 12 }, pool: 'fast', deadlineSeconds: 1000 }),
      task('a', { lengthMi: 4000, deadlineSeconds: 10 }), // slack 10 - 4 = 6; without the stretch it would be 8
      task('b', { lengthMi: 1000, deadlineSeconds: 8 }), // slack 8 - 1 = 7
    ]
    expect(ranked(tasks, [pool('fast', 4, 2000), pool('slow', 4, 1000)])).toBe('abx')
  })

  test('nothing computes: every slack is equal', () => {
    const tasks = [task('b', { deadlineSeconds: 5 }), task('a', { deadlineSeconds: 6 }), task('c')]
    expect(ranked(tasks, [])).toBe('bac')
  })
})
