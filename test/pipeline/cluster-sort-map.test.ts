import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clusterSortMap } from '../../src/pipeline/cluster-sort-map.ts'
import type { ClusterSortMapOptions } from '../../src/pipeline/cluster-sort-map-options.ts'
import type { PipelineTask, Pool } from '../../src/pipeline/pipeline-task.ts'
import { type ReferenceOptions, type ReferenceTask, referenceRound } from './reference-mapper.ts'

const poolIds = ['a', 'b', 'c', 'd', 'e']
const taskIds = ['t0', 't1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9']
const steps = 3

// Whole numbers and powers of two: every sum and quotient is exact, so that both ways of computing must agree in full.
const powerOfTwo = (low: number, high: number) => fc.integer({ min: low, max: high }).map((n) => 2 ** n)
const poolOf = (id: string): fc.Arbitrary<Pool> =>
  fc.record({
    id: fc.constant(id),
    capacity: fc.record({ cpu: powerOfTwo(2, 5), memoryMib: powerOfTwo(3, 6) }),
    speedMips: powerOfTwo(0, 3),
    bandwidthMbps: powerOfTwo(1, 4),
  })
const anyPools = fc.integer({ min: 1, max: 5 }).chain((count) => fc.tuple(...poolIds.slice(0, count).map(poolOf)))
const path = (most: number) => fc.array(fc.integer({ min: 0, max: most }), { minLength: steps, maxLength: steps })
const taskOf = (id: string): fc.Arbitrary<ReferenceTask> =>
  fc.record(
    {
      id: fc.constant(id),
      lengthMi: fc.integer({ min: 0, max: 40 }),
      demand: fc.record({ cpu: fc.integer({ min: 0, max: 5 }), memoryMib: fc.integer({ min: 0, max: 9 }) }),
      path: fc.record({ cpu: path(4), memoryMib: path(8) }),
      inputMegabytes: fc.integer({ min: 0, max: 4 }),
      affinity: fc.dictionary(
        fc.constantFrom(...taskIds),
        fc.integer({ min: 0, max: 9 }).map((n) => n * 1024),
        {
          maxKeys: 3,
        },
      ),
      apart: fc.array(fc.constantFrom(...taskIds), { maxLength: 1 }),
      arrivalSeconds: fc.integer({ min: 0, max: 30 }),
      deadlineSeconds: fc.integer({ min: 5, max: 90 }),
      pool: fc.constantFrom(...poolIds),
      movedAtSeconds: fc.integer({ min: 0, max: 10 }),
    },
    { requiredKeys: ['id', 'lengthMi', 'demand', 'path'] },
  ) as fc.Arbitrary<ReferenceTask>
const anyTasks = fc.integer({ min: 0, max: 10 }).chain((count) => fc.tuple(...taskIds.slice(0, count).map(taskOf)))
const anyOptions: fc.Arbitrary<ReferenceOptions & { clusters: number }> = fc.record({
  nowSeconds: fc.constant(10),
  policy: fc.constantFrom('deadline-fit' as const, 'best-first' as const),
  formula: fc.constantFrom('consistent' as const, 'literal' as const),
  minGain: fc.constantFrom(0, 0.125, Infinity),
  cooldownSeconds: fc.constantFrom(0, 5),
  overcommit: fc.constantFrom(0.5, 1, 2),
  onMiss: fc.constantFrom('place' as const, 'reject' as const),
  clusters: fc.integer({ min: 1, max: 4 }),
})

const forecastOf = (tasks: readonly ReferenceTask[]) => ({
  tasks: Object.fromEntries(tasks.map(({ id, path: demand }) => [id, { demand }])),
})
const without = <T extends object, K extends keyof T>(item: T, ...fields: K[]): Omit<T, K> => {
  const rest = { ...item }
  for (const field of fields) delete rest[field]
  return rest
}
/** Without the field of the reference. */
const plain = (tasks: readonly ReferenceTask[]): PipelineTask[] => tasks.map((task) => without(task, 'path'))
const onGivenPools = (tasks: readonly ReferenceTask[], pools: readonly Pool[]): ReferenceTask[] =>
  tasks.map(({ pool, ...task }) => (pools.some(({ id }) => id === pool) ? { ...task, pool: pool! } : task))

test('every decision and time is that of a second mapper, which looks at all pools and keeps nothing', () => {
  fc.assert(
    fc.property(anyTasks, anyPools, anyOptions, (given, pools, options) => {
      const tasks = onGivenPools(given, pools)
      const forecast = forecastOf(tasks)
      const result = clusterSortMap(plain(tasks), pools, {
        ...options,
        forecast,
        outOfRange: 'error',
        secondsPerCall: 1 / 1024,
      })
      const clusters = result.clusters.map((cluster) => cluster.pools)
      const expected = referenceRound(tasks, pools, clusters, options)
      expect(result.order).toEqual(expected.order)
      expect(result.assignment).toEqual(expected.assignment)
      expect(result.unscheduled.map(({ id }) => id)).toEqual(expected.refused)
      const finish = Object.entries(result.timings).map(([id, timing]) => [id, timing.finishSeconds])
      expect(Object.fromEntries(finish)).toEqual(expected.finish)
    }),
    { numRuns: 200 },
  )
})

const anyRelations = fc.record({
  together: fc.array(fc.constantFrom(...taskIds), { maxLength: 1 }),
})
const anyRound = fc.tuple(anyTasks, anyPools, anyOptions, fc.array(anyRelations, { minLength: 10, maxLength: 10 }))

/** Tasks with groups; `apart` is left out where it could contradict them. */
const grouped = (tasks: readonly ReferenceTask[], relations: readonly { together: string[] }[]): ReferenceTask[] =>
  tasks.map((task, i) => ({ ...without(task, 'apart'), ...relations[i]! }))

test('no pool is given more than it is expected to have, at no step', () => {
  fc.assert(
    fc.property(anyRound, ([given, pools, options, relations]) => {
      const tasks = grouped(given, relations)
      const noCooldown = { ...options, cooldownSeconds: 0 }
      const { assignment, warnings } = clusterSortMap(plain(tasks), pools, {
        ...noCooldown,
        forecast: forecastOf(tasks),
      })
      for (const pool of pools) {
        const here = tasks.filter(({ id }) => assignment[id] === pool.id)
        for (const resource of ['cpu', 'memoryMib']) {
          for (let step = 0; step < steps; step++) {
            const used = here.reduce((sum, task) => sum + task.path[resource]![step]!, 0)
            expect(used).toBeLessThanOrEqual(pool.capacity[resource]! * options.overcommit)
          }
        }
      }
      expect(warnings.filter(({ kind }) => kind === 'over-capacity')).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('each task is either scheduled or has a reason; groups are on one pool; times add up', () => {
  fc.assert(
    fc.property(anyRound, ([given, pools, options, relations]) => {
      const tasks = grouped(given, relations)
      const result = clusterSortMap(plain(tasks), pools, options)
      const { assignment, unscheduled, timings, order } = result
      expect([...Object.keys(assignment), ...unscheduled.map(({ id }) => id)].sort()).toEqual(tasks.map(({ id }) => id))
      expect(order.toSorted()).toEqual(tasks.map(({ id }) => id))
      const cooled = options.cooldownSeconds === 0
      for (const { id, together = [] } of tasks) {
        for (const other of together) {
          if (cooled && tasks.some((task) => task.id === other)) expect(assignment[id]).toBe(assignment[other])
        }
      }
      for (const [id, timing] of Object.entries(timings)) {
        const { arrivalSeconds = 0, deadlineSeconds = Infinity } = tasks.find((task) => task.id === id)!
        expect(timing.startSeconds).toBe(Math.max(10, arrivalSeconds) + timing.waitSeconds)
        expect(timing.finishSeconds).toBe(timing.startSeconds + timing.transferSeconds + timing.executionSeconds)
        expect(timing.deadlineMet).toBe(timing.finishSeconds <= deadlineSeconds)
        expect(result.deadlineMisses.includes(id)).toBe(!timing.deadlineMet)
      }
      expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    }),
    { numRuns: 100 },
  )
})

const turned = <T>(items: readonly T[], by: number): T[] => {
  const cut = items.length === 0 ? 0 : by % items.length
  return [...items.slice(cut), ...items.slice(0, cut)].reverse()
}
const turnedRecord = <T>(record: Readonly<Record<string, T>>, by: number): Record<string, T> =>
  Object.fromEntries(turned(Object.entries(record), by))

test('the order of tasks, pools, resources and neighbours decides nothing; inputs are not changed', () => {
  const settings: fc.Arbitrary<ClusterSortMapOptions> = fc.record({
    clustering: fc.constantFrom('kmeans' as const, 'fuzzy' as const, 'none' as const),
    seed: fc.integer(),
    minGain: fc.constantFrom(0, 0.05),
  })
  fc.assert(
    fc.property(anyRound, settings, fc.nat({ max: 20 }), ([given, pools, , relations], options, by) => {
      // Thirds: sums of these do depend on the order in which they are taken.
      const tasks = plain(grouped(given, relations)).map((task) => ({
        ...task,
        lengthMi: task.lengthMi / 3,
        demand: { cpu: task.demand['cpu']! / 3, memoryMib: task.demand['memoryMib']! / 7 },
      }))
      const copy = structuredClone({ tasks, pools })
      const result = clusterSortMap(tasks, pools, options)
      const other = clusterSortMap(
        turned(tasks, by).map((task) => ({
          ...task,
          demand: turnedRecord(task.demand, by),
          ...(task.affinity ? { affinity: turnedRecord(task.affinity, by) } : {}),
        })),
        turned(pools, by).map((pool) => ({ ...pool, capacity: turnedRecord(pool.capacity, by) })),
        options,
      )
      expect(other).toEqual(result)
      expect({ tasks, pools }).toEqual(copy)
    }),
    { numRuns: 100 },
  )
})

test('a round after a round moves nobody who need not move', () => {
  fc.assert(
    fc.property(anyTasks, anyPools, (given, pools) => {
      const tasks = plain(given).map((task) => without(task, 'deadlineSeconds', 'apart'))
      const { assignment, unscheduled } = clusterSortMap(tasks, pools)
      if (unscheduled.length > 0) return
      const settled = tasks.map((task) => ({ ...task, pool: assignment[task.id]! }))
      expect(clusterSortMap(settled, pools, { minGain: Infinity }).assignment).toEqual(assignment)
    }),
    { numRuns: 100 },
  )
})
