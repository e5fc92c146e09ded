import { expect, test } from 'vitest'
import { clusterSortMap } from '../../src/pipeline/cluster-sort-map.ts'
import type { PipelineTask, Pool } from '../../src/pipeline/pipeline-task.ts'
import { caught } from '../caught.ts'

const pool = (id: string, fields: Partial<Pool> = {}): Pool => ({
  id,
  capacity: { cpu: 4 },
  speedMips: 1000,
  bandwidthMbps: 100,
  ...fields,
})
const task = (id: string, fields: Partial<PipelineTask> = {}): PipelineTask => ({
  id,
  lengthMi: 1000,
  demand: { cpu: 1 },
  ...fields,
})
const everyNumber = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(everyNumber)
      : []

test('bandwidth 0: no time for no data; never for data, so the pool is infeasible', () => {
  const cut = pool('cut', { bandwidthMbps: 0 })
  expect(clusterSortMap([task('t')], [cut]).timings['t']).toMatchObject({ transferSeconds: 0, finishSeconds: 1 })
  const loaded = task('t', { inputMegabytes: 1 })
  expect(clusterSortMap([loaded], [cut]).unscheduled).toEqual([{ id: 't', reason: 'bandwidth' }])
  expect(clusterSortMap([loaded], [cut, pool('open')]).assignment).toEqual({ t: 'open' })
  // Also where it is now, in its cooldown.
  const moved = { ...loaded, pool: 'cut', movedAtSeconds: 0 }
  expect(clusterSortMap([moved], [cut, pool('open')], { cooldownSeconds: 9 }).assignment).toEqual({ t: 'open' })
})

test.each([
  ['speed 0', { speedMips: 0 }],
  ['no processors', { capacity: { cpu: 0 } }],
])('%s: the pool is infeasible, with a warning; all pools so: no-compute', (_, fields) => {
  const dead = pool('dead', fields)
  const still = task('t', { pool: 'dead', movedAtSeconds: 0 })
  const result = clusterSortMap([still], [dead, pool('live')], { cooldownSeconds: 9 })
  expect(result.assignment).toEqual({ t: 'live' })
  expect(result.warnings).toEqual([{ kind: 'no-compute', ids: ['dead'] }])
  expect(result.clusters).toEqual([{ pools: ['live'], score: 0 }])
  expect(clusterSortMap([still], [dead]).unscheduled).toEqual([{ id: 't', reason: 'no-compute' }])
})

test('a pool that is expected to lose its speed or processors computes nothing', () => {
  const pools = [pool('a'), pool('b')]
  for (const expected of [{ speedMips: 0 }, { capacity: { cpu: 0 } }]) {
    const result = clusterSortMap([task('t')], pools, { forecast: { pools: { a: expected, b: {} } } })
    expect(result.assignment).toEqual({ t: 'b' })
    expect(result.warnings).toEqual([{ kind: 'no-compute', ids: ['a'] }])
  }
})

test('one pool: one cluster, and the rank is computed all the same', () => {
  const tasks = [task('a', { deadlineSeconds: 50 }), task('b', { deadlineSeconds: 40 })]
  const result = clusterSortMap(tasks, [pool('p')])
  expect(result.clusters).toEqual([{ pools: ['p'], score: 0 }])
  expect(result.order).toEqual(['b', 'a'])
})

test.each(['kmeans', 'fuzzy'] as const)('identical pools: one cluster, nothing undefined (%s)', (clustering) => {
  const result = clusterSortMap([task('t')], [pool('b'), pool('a'), pool('c')], { clustering })
  expect(result.clusters).toEqual([{ pools: ['a', 'b', 'c'], score: 0 }])
  expect(result.assignment).toEqual({ t: 'a' })
})

test.each(['kmeans', 'fuzzy'] as const)(
  'more clusters than distinct pools: as many as these, none empty (%s)',
  (by) => {
    const pools = [pool('a'), pool('b'), pool('c', { speedMips: 3000 })]
    const { clusters } = clusterSortMap([], pools, { clusters: 9, clustering: by })
    expect(clusters.map(({ pools: members }) => members)).toEqual([['c'], ['a', 'b']])
  },
)

test('no pools: each task with a reason; no tasks: an empty result', () => {
  const empty = {
    assignment: {},
    order: [],
    timings: {},
    clusters: [],
    unscheduled: [],
    deadlineMisses: [],
    clampedForecasts: 0,
    warnings: [],
  }
  expect(clusterSortMap([task('t')], [])).toEqual({
    ...empty,
    order: ['t'],
    unscheduled: [{ id: 't', reason: 'no-pools' }],
  })
  expect(clusterSortMap([], [])).toEqual(empty)
  expect(clusterSortMap([], [pool('p')]).assignment).toEqual({})
  expect(clusterSortMap([task('t', { demand: {} })], [pool('p', { capacity: {} })]).assignment).toEqual({ t: 'p' })
})

test('a deadline that is over: placed and reported, or refused', () => {
  const tasks = [task('t', { deadlineSeconds: 5 }), task('u', { deadlineSeconds: -1 })]
  const placed = clusterSortMap(tasks, [pool('p')], { nowSeconds: 10 })
  expect(placed.deadlineMisses).toEqual(['t', 'u'])
  expect(placed.timings['u']!.deadlineMet).toBe(false)
  const refused = clusterSortMap(tasks, [pool('p')], { nowSeconds: 10, onMiss: 'reject' })
  expect(refused.unscheduled.map(({ reason }) => reason)).toEqual(['deadline', 'deadline'])
})

test('capacity exceeded: unscheduled, one resource is enough', () => {
  const big = [task('cpu', { demand: { cpu: 5 } }), task('gpu', { demand: { gpu: 1 } }), task('fits')]
  const result = clusterSortMap(big, [pool('p')])
  expect(result.assignment).toEqual({ fits: 'p' })
  expect(result.unscheduled).toEqual([
    { id: 'cpu', reason: 'capacity' },
    { id: 'gpu', reason: 'capacity' },
  ])
})

test('NaN and Infinity in the telemetry: an error with field and id, all at once', () => {
  const tasks = [
    task('web', { demand: { cpu: Number.NaN, memoryMib: -1 }, lengthMi: Infinity }),
    task('db', { affinity: { web: Number.NaN }, arrivalSeconds: -1, deadlineSeconds: Number.NaN }),
  ]
  const pools = [pool('p', { speedMips: Number.NaN, bandwidthMbps: Infinity, capacity: { cpu: -1 } })]
  const error = caught(() => clusterSortMap(tasks, pools))
  expect(error.code).toBe('invalid-input')
  expect(error.findings.map(({ path }) => path)).toEqual([
    'tasks[0].lengthMi',
    'tasks[0].demand.cpu',
    'tasks[0].demand.memoryMib',
    'tasks[1].affinity.web',
    'tasks[1].arrivalSeconds',
    'tasks[1].deadlineSeconds',
    'pools[0].capacity.cpu',
    'pools[0].speedMips',
    'pools[0].bandwidthMbps',
  ])
  expect(error.findings[1]).toMatchObject({ received: Number.NaN, hint: "Its id is 'web'." })
})

test('what is no task, no pool, no list', () => {
  const wrong = caught(() => clusterSortMap([null, { id: 3, lengthMi: 1 }] as never, 'pools' as never))
  expect(wrong.findings.map(({ path }) => path)).toEqual(['tasks[0]', 'tasks[1].id', 'tasks[1].demand', 'pools'])
  const lists = caught(() => clusterSortMap([task('t', { together: 'u', pool: 7 } as never)], []))
  expect(lists.findings.map(({ path }) => path)).toEqual(['tasks[0].pool', 'tasks[0].together'])
})

test('a forecast below 0 or above the capacity: clamped and counted, or an error', () => {
  const forecast = {
    tasks: { t: { demand: { cpu: [-1, 99, 2] }, lengthMi: -5 } },
    pools: { p: { capacity: { cpu: [5, -2, 4] }, speedMips: -1 } },
  }
  const result = clusterSortMap([task('t')], [pool('p'), pool('q')], { forecast })
  // t: -1 -> 0, 99 -> 4, length -5 -> 0; p: 5 -> 4, -2 -> 0, speed -1 -> 0.
  expect(result.clampedForecasts).toBe(6)
  expect(result.assignment).toEqual({ t: 'q' })
  expect(result.timings['t']!.executionSeconds).toBe(0)
  const error = caught(() => clusterSortMap([task('t')], [pool('p')], { forecast, outOfRange: 'error' }))
  expect(error.findings.map(({ path }) => path)).toEqual([
    "forecast.pools['p'].capacity.cpu[0]",
    "forecast.pools['p'].capacity.cpu[1]",
    "forecast.pools['p'].speedMips",
    "forecast.tasks['t'].demand.cpu[0]",
    "forecast.tasks['t'].demand.cpu[1]",
    "forecast.tasks['t'].lengthMi",
  ])
})

test('a forecast does not make a task small that is too large now', () => {
  const forecast = { tasks: { t: { demand: { gpu: 2 } } } }
  const result = clusterSortMap([task('t', { demand: { gpu: 2 } })], [pool('p')], { forecast })
  expect(result).toMatchObject({ clampedForecasts: 0, unscheduled: [{ id: 't', reason: 'capacity' }] })
})

test('NaN in a forecast, a path of another length, a forecast that is none: errors', () => {
  const paths = (forecast: object) =>
    caught(() => clusterSortMap([task('t'), task('u')], [pool('p')], { forecast })).findings.map(({ path }) => path)
  expect(paths({ tasks: { t: { demand: { cpu: [1, Number.NaN] } } } })).toEqual(["forecast.tasks['t'].demand.cpu[1]"])
  expect(paths({ tasks: { t: { demand: { cpu: [1, 2] } }, u: { demand: { cpu: [1, 2, 3] } } } })).toEqual([
    "forecast.tasks['u'].demand.cpu",
  ])
  expect(paths({ pools: { p: { capacity: { cpu: [] } } } })).toEqual(["forecast.pools['p'].capacity.cpu"])
  expect(paths({ pools: { p: { bandwidthMbps: Infinity } } })).toEqual(["forecast.pools['p'].bandwidthMbps"])
  expect(paths({ tasks: { t: null }, pools: { p: { capacity: 3 } } })).toEqual([
    "forecast.tasks['t']",
    "forecast.pools['p'].capacity",
  ])
  expect(paths([])).toEqual(['options.forecast'])
})

test('affinity to an unknown id is passed over with a warning', () => {
  const strange = task('t', { affinity: { ghost: 5 }, together: ['spirit'], apart: ['shade'], pool: 'gone' })
  const result = clusterSortMap([strange], [pool('p')])
  expect(result.assignment).toEqual({ t: 'p' })
  expect(result.timings['t']!.waitSeconds).toBe(0)
  expect(result.warnings).toEqual([{ kind: 'unknown-id', ids: ['ghost', 'gone', 'shade', 'spirit'] }])
})

test('affinity to itself is none', () => {
  const self = task('t', { affinity: { t: 5000 }, together: ['t'], apart: ['t'] })
  const result = clusterSortMap([self], [pool('p')])
  expect(result.timings['t']!.waitSeconds).toBe(0)
  expect(result.warnings).toEqual([])
})

test('asymmetric affinity: the larger of both values', () => {
  const pools = [pool('p'), pool('q')]
  const pair = (ab: number, ba: number) => [
    task('a', { affinity: { b: ab }, apart: ['b'] }),
    task('b', { affinity: { a: ba } }),
  ]
  for (const tasks of [pair(500, 2000), pair(2000, 500), pair(2000, 0)]) {
    // a is first and has no partner yet; b waits 2000 calls of 0.001 s.
    expect(clusterSortMap(tasks, pools).timings).toMatchObject({ a: { waitSeconds: 0 }, b: { waitSeconds: 2 } })
  }
})

test('equal ids are an error', () => {
  const error = caught(() => clusterSortMap([task('t'), task('t')], [pool('p'), pool('q'), pool('p')]))
  expect(error.findings.map(({ path, hint }) => [path, hint])).toEqual([
    ['tasks[1].id', 'tasks[0] has the same.'],
    ['pools[2].id', 'pools[0] has the same.'],
  ])
})

test('no forecast for an id: it stays as it is now, with a warning; no record at all: without', () => {
  const tasks = [task('t', { demand: { cpu: 3 } }), task('u', { demand: { cpu: 3 } })]
  const given = clusterSortMap(tasks, [pool('p')], { forecast: { tasks: { t: { demand: { cpu: 1 } } } } })
  expect(given.assignment).toEqual({ t: 'p', u: 'p' })
  expect(given.warnings).toEqual([{ kind: 'no-forecast', ids: ['u'] }])
  expect(clusterSortMap(tasks, [pool('p')], { forecast: {} }).warnings).toEqual([])
  const stranger = clusterSortMap([], [pool('p')], { forecast: { pools: { p: {}, x: {} }, tasks: { y: {} } } })
  expect(stranger.warnings).toEqual([{ kind: 'unknown-id', ids: ['x', 'y'] }])
})

test('ties are decided by the id', () => {
  const result = clusterSortMap([task('b'), task('a')], [pool('q'), pool('p')])
  expect(result.order).toEqual(['a', 'b'])
  expect(result.assignment).toEqual({ a: 'p', b: 'q' })
})

test('ids that are names of built-in properties are ids', () => {
  const names = ['__proto__', 'constructor', 'toString']
  const forecast = { tasks: { toString: { demand: { cpu: 1 } } } }
  const result = clusterSortMap(
    names.map((id) => task(id)),
    [pool('constructor')],
    { forecast },
  )
  expect(Object.keys(result.assignment).sort()).toEqual(names.toSorted())
  expect(result.warnings).toEqual([{ kind: 'no-forecast', ids: ['__proto__', 'constructor'] }])
})

test('no figure of a result is NaN or infinite', () => {
  const tasks = [
    task('a', { lengthMi: 0, demand: {}, deadlineSeconds: Infinity }),
    task('b', { deadlineSeconds: -5 }),
    task('c', { inputMegabytes: 5 }),
  ]
  const pools = [pool('p', { bandwidthMbps: 0 }), pool('q', { speedMips: 0 }), pool('r', { capacity: {} })]
  for (const value of everyNumber(clusterSortMap(tasks, pools))) expect(value).toSatisfy(Number.isFinite)
})

test.each([
  [{ beta: 2 }, 'options.beta'],
  [{ clusters: 0 }, 'options.clusters'],
  [{ clusters: Infinity }, 'options.clusters'],
  [{ policy: 'best' }, 'options.policy'],
  [{ minGain: -1 }, 'options.minGain'],
  [{ overcommit: 0 }, 'options.overcommit'],
  [{ k: 3 }, 'options.k'],
])('option %j is refused', (options, path) => {
  expect(caught(() => clusterSortMap([], [], options as object))).toMatchObject({ code: 'invalid-option', path })
})
