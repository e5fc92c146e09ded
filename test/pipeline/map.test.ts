import { describe, expect, test } from 'vitest'
import { adaptiveScheduling, clusterSortMap } from '../../src/pipeline/cluster-sort-map.ts'
import type { PipelineTask, Pool } from '../../src/pipeline/pipeline-task.ts'
import { caught } from '../caught.ts'

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

test('two tasks on two pools, by hand', () => {
  const pools = [pool('a', 4, 1000), pool('b', 8, 2000)]
  const tasks = [
    task('t1', { lengthMi: 4000, demand: { cpu: 2 }, inputMegabytes: 6, outputMegabytes: 4 }),
    task('t2', { lengthMi: 2000, demand: { cpu: 2 }, inputMegabytes: 10, deadlineSeconds: 3 }),
  ]
  const result = clusterSortMap(tasks, pools, { clustering: 'none', nowSeconds: 0 })
  // t2 has a deadline and comes first. Loads: a 2/4, b 2/8: b. Transfer 8 * 10 / 100 = 0.8 s, 2000 / 2000 = 1 s.
  // t1: a 2/4 = 0.5, b (2 + 2)/8 = 0.5, a tie. a: 0.8 + 4 = 4.8 s; b: 1 s for t2, 0.8 + 2 = 3.8 s.
  expect(result.order).toEqual(['t2', 't1'])
  expect(result.assignment).toEqual({ t1: 'b', t2: 'b' })
  expect(result.timings).toEqual({
    t1: {
      waitSeconds: 1,
      transferSeconds: 0.8,
      executionSeconds: 2,
      startSeconds: 1,
      finishSeconds: 3.8,
      slackSeconds: null,
      deadlineMet: true,
    },
    t2: {
      waitSeconds: 0,
      transferSeconds: 0.8,
      executionSeconds: 1,
      startSeconds: 0,
      finishSeconds: 1.8,
      slackSeconds: 1.2,
      deadlineMet: true,
    },
  })
  expect(result).toMatchObject({ unscheduled: [], deadlineMisses: [], clampedForecasts: 0, warnings: [] })
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)
})

describe('which cluster', () => {
  const pools = [pool('fast', 4, 4000), pool('slow', 4, 1000)]
  const given = (deadlineSeconds: number) => [task('t', { lengthMi: 8000, deadlineSeconds })]

  test('deadline-fit takes the worst cluster in time, best-first the best', () => {
    expect(clusterSortMap(given(10), pools).assignment).toEqual({ t: 'slow' })
    expect(clusterSortMap(given(5), pools).assignment).toEqual({ t: 'fast' })
    expect(clusterSortMap(given(10), pools, { policy: 'best-first' }).assignment).toEqual({ t: 'fast' })
  })

  test('best-first goes on to the next cluster when the best is full', () => {
    const tasks = [task('a', { demand: { cpu: 3 } }), task('b', { demand: { cpu: 2 } })]
    expect(clusterSortMap(tasks, pools, { policy: 'best-first' }).assignment).toEqual({ a: 'fast', b: 'slow' })
  })

  test('in time nowhere: the smallest finish, and reported; or refused', () => {
    const late = clusterSortMap(given(1), pools)
    expect(late.assignment).toEqual({ t: 'fast' })
    expect(late.timings['t']).toMatchObject({ finishSeconds: 2, slackSeconds: -1, deadlineMet: false })
    expect(late.deadlineMisses).toEqual(['t'])
    const refused = clusterSortMap(given(1), pools, { onMiss: 'reject' })
    expect(refused.unscheduled).toEqual([{ id: 't', reason: 'deadline' }])
    expect(refused).toMatchObject({ assignment: {}, timings: {}, deadlineMisses: [], order: ['t'] })
  })
})

describe('staying', () => {
  const pools = [pool('a', 10), pool('b', 10)]
  // Of equal deadlines x comes first, it needs more. Without it a holds y: 0.1; with it 0.3. b would have 0.2.
  const tasks = [task('x', { demand: { cpu: 2 }, pool: 'a' }), task('y', { demand: { cpu: 1 }, pool: 'a' })]

  test('a gain of 10 points is enough for the default, not for 0.15', () => {
    // If x stays, y gains 0.3 - 0.1 = 0.2 by leaving.
    expect(clusterSortMap(tasks, pools).assignment).toEqual({ x: 'b', y: 'a' })
    expect(clusterSortMap(tasks, pools, { minGain: 0.15 }).assignment).toEqual({ x: 'a', y: 'b' })
    expect(clusterSortMap(tasks, pools, { minGain: 0.25 }).assignment).toEqual({ x: 'a', y: 'a' })
    expect(clusterSortMap(tasks, pools, { minGain: Infinity }).assignment).toEqual({ x: 'a', y: 'a' })
  })

  test('a pool that is overfull loses as much as it must, whatever the gain', () => {
    const full = [
      task('x', { demand: { cpu: 6 }, pool: 'a' }),
      task('y', { demand: { cpu: 5 }, pool: 'a' }),
      task('z', { demand: { cpu: 3 }, pool: 'a' }),
    ]
    // x first: 6 + 5 + 3 = 14 of 10, it must leave; y and z are 8 of 10.
    expect(clusterSortMap(full, pools, { minGain: Infinity }).assignment).toEqual({ x: 'b', y: 'a', z: 'a' })
  })

  test('in the cooldown it stays even there, and the pool is reported', () => {
    const full = [
      task('x', { demand: { cpu: 6 }, pool: 'a', movedAtSeconds: 90 }),
      task('y', { demand: { cpu: 5 }, pool: 'a', movedAtSeconds: 95 }),
      task('z', { demand: { cpu: 3 }, pool: 'a', movedAtSeconds: 10 }),
    ]
    const result = clusterSortMap(full, pools, { nowSeconds: 100, cooldownSeconds: 60 })
    expect(result.assignment).toEqual({ x: 'a', y: 'a', z: 'b' })
    expect(result.warnings).toEqual([{ kind: 'over-capacity', ids: ['a'] }])
    expect(result.order).toEqual(['x', 'y', 'z'])
    // 14 cores of 10 when x and y are timed (z is still there): 1 s each, stretched by 1.4.
    expect(result.timings['x']!.executionSeconds).toBeCloseTo(1.4, 12)
    expect(result.timings['y']).toMatchObject({ startSeconds: 101.4 })
  })

  test('a task that is late anywhere stays unless it finishes earlier by a part', () => {
    const unequal = [pool('a', 10, 1000), pool('b', 10, 1100), pool('c', 10, 500)]
    const late = [task('t', { pool: 'a', deadlineSeconds: 0.1 })]
    // 1 s on a, 1 / 1.1 = 0.909 s on b: a gain of 0.0909.
    expect(clusterSortMap(late, unequal, { minGain: 0.1 }).assignment).toEqual({ t: 'a' })
    expect(clusterSortMap(late, unequal, { minGain: 0.09 }).assignment).toEqual({ t: 'b' })
    expect(clusterSortMap(late, unequal, { minGain: 0 }).deadlineMisses).toEqual(['t'])
  })
})

describe('the horizon', () => {
  test('peaks at different times share a pool; the sum of the largest values would not fit', () => {
    const forecast = {
      tasks: { x: { demand: { cpu: [8, 2] } }, y: { demand: { cpu: Float64Array.of(2, 8) } } },
    }
    const tasks = [task('x'), task('y')]
    expect(clusterSortMap(tasks, [pool('p', 10)], { forecast }).assignment).toEqual({ x: 'p', y: 'p' })
    expect(clusterSortMap(tasks, [pool('p', 9)], { forecast }).unscheduled).toEqual([{ id: 'y', reason: 'capacity' }])
  })

  test('a pool that will shrink is not filled', () => {
    const forecast = { pools: { a: { capacity: { cpu: [8, 1] } }, b: {} } }
    const tasks = [task('t', { demand: { cpu: 2 } })]
    expect(clusterSortMap(tasks, [pool('a', 8), pool('b', 3)], { forecast, clustering: 'none' }).assignment).toEqual({
      t: 'b',
    })
  })

  test('expected length, speed and bandwidth make the times', () => {
    const forecast = { tasks: { t: { lengthMi: 6000 } }, pools: { p: { speedMips: 500, bandwidthMbps: 10 } } }
    const { timings } = clusterSortMap([task('t', { inputMegabytes: 5 })], [pool('p', 4)], { forecast })
    expect(timings['t']).toMatchObject({ transferSeconds: 4, executionSeconds: 12, finishSeconds: 16 })
  })

  test('the adaptive policy sees only what is now', () => {
    const tasks = [task('x', { demand: { cpu: 6 } }), task('y', { demand: { cpu: 6 } })]
    const forecast = { tasks: { x: { demand: { cpu: 1 } }, y: { demand: { cpu: 1 } } } }
    expect(clusterSortMap(tasks, [pool('p', 10)], { forecast }).unscheduled).toEqual([])
    expect(adaptiveScheduling(tasks, [pool('p', 10)]).unscheduled).toEqual([{ id: 'y', reason: 'capacity' }])
    expect(adaptiveScheduling(tasks, [pool('p', 10)])).toEqual(clusterSortMap(tasks, [pool('p', 10)]))
    const wrong = caught(() => adaptiveScheduling(tasks, [], { forecast } as object))
    expect(wrong).toMatchObject({ code: 'invalid-option', path: 'options.forecast' })
  })
})

describe('other readings of the times', () => {
  const one = [task('t', { lengthMi: 2000, demand: { cpu: 2 }, inputMegabytes: 10 })]

  test('literal: a ratio, a time and a time are added', () => {
    // (7) 2/4 + (8) 2 s, after (9) 0.8 s.
    const { timings } = clusterSortMap(one, [pool('p', 4)], { formula: 'literal' })
    expect(timings['t']).toMatchObject({ executionSeconds: 2.5, transferSeconds: 0.8, finishSeconds: 3.3 })
  })

  test('literal: the queue is the sum of (8) alone', () => {
    const two = [task('a', { demand: { cpu: 2 } }), task('b', { demand: { cpu: 2 } })]
    const { timings } = clusterSortMap(two, [pool('p', 4)], { formula: 'literal' })
    expect(timings['a']).toMatchObject({ executionSeconds: 1.5 })
    expect(timings['b']).toMatchObject({ waitSeconds: 1, executionSeconds: 2 })
  })

  test('overcommit: twice the cores are sold, and the second task takes twice as long', () => {
    const two = [task('a', { demand: { cpu: 4 } }), task('b', { demand: { cpu: 4 } })]
    expect(clusterSortMap(two, [pool('p', 4)]).unscheduled).toEqual([{ id: 'b', reason: 'capacity' }])
    const { timings, unscheduled } = clusterSortMap(two, [pool('p', 4)], { overcommit: 2 })
    expect(unscheduled).toEqual([])
    expect(timings['a']).toMatchObject({ executionSeconds: 1, finishSeconds: 1 })
    expect(timings['b']).toMatchObject({ waitSeconds: 1, executionSeconds: 2, finishSeconds: 3 })
    expect(clusterSortMap(two, [pool('p', 4)], { overcommit: 0.9 }).unscheduled).toHaveLength(2)
  })

  test('perCore: the speed is that of a core, and a task has as many as it asks for, at most those of the pool', () => {
    const seconds = (cpu: number, cores: number) =>
      clusterSortMap([task('t', { lengthMi: 12_000, demand: { cpu } })], [pool('p', cores)], {
        perCore: true,
        overcommit: 2,
      }).timings['t']!.executionSeconds
    expect(seconds(3, 8)).toBe(4)
    // 6 cores of 4: 12 000 / 4000 = 3 s, stretched by 6/4.
    expect(seconds(6, 4)).toBe(4.5)
  })

  test('arrival: it starts no earlier, and its wait counts from there', () => {
    const { timings } = clusterSortMap([task('t', { arrivalSeconds: 50 })], [pool('p', 4)], { nowSeconds: 20 })
    expect(timings['t']).toMatchObject({ waitSeconds: 0, startSeconds: 50, finishSeconds: 51 })
  })
})

describe('affinity as traffic', () => {
  const pools = [pool('p', 4), pool('q', 4)]
  const partner = task('partner', { lengthMi: 0, demand: { cpu: 2 }, pool: 'p', movedAtSeconds: 0 })
  const options = { cooldownSeconds: 1 }

  test('calls to another pool cost time: only beside its partner is it in time', () => {
    // On q: 1000 calls of 0.001 s and 1 s of work; on p 1 s alone.
    const caller = task('caller', { affinity: { partner: 1000 }, deadlineSeconds: 1.5 })
    expect(clusterSortMap([caller, partner], pools, options).assignment['caller']).toBe('p')
    const patient = { ...caller, deadlineSeconds: 2 }
    const result = clusterSortMap([patient, partner], pools, options)
    expect(result.assignment['caller']).toBe('q')
    expect(result.timings['caller']).toMatchObject({ waitSeconds: 1, finishSeconds: 2 })
    const cheap = clusterSortMap([caller, partner], pools, { ...options, secondsPerCall: 0 })
    expect(cheap.assignment['caller']).toBe('q')
  })

  test('a partner that was refused costs nothing', () => {
    const caller = task('caller', { affinity: { big: 1000 } })
    const big = task('big', { demand: { cpu: 99 } })
    expect(clusterSortMap([caller, big], pools).timings['caller']).toMatchObject({ waitSeconds: 0 })
  })
})

describe('together and apart', () => {
  const pools = [pool('p', 4), pool('q', 6)]

  test('together: the whole group goes where all of it fits', () => {
    const group = [
      task('a', { demand: { cpu: 2 }, together: ['b'] }),
      task('b', { demand: { cpu: 2 } }),
      task('c', { demand: { cpu: 1 }, together: ['b'] }),
    ]
    const result = clusterSortMap(group, pools, { clustering: 'none' })
    expect(result.assignment).toEqual({ a: 'q', b: 'q', c: 'q' })
    // One after the other.
    expect(['a', 'b', 'c'].map((id) => result.timings[id]!.startSeconds)).toEqual([0, 1, 2])
    const wide = [...group, task('d', { demand: { cpu: 2 }, together: ['c'] })]
    expect(clusterSortMap(wide, pools).unscheduled.map(({ id, reason }) => id + reason)).toEqual(
      ['a', 'b', 'c', 'd'].map((id) => `${id}capacity`),
    )
  })

  test('together: every member has to be in time', () => {
    const unequal = [pool('slow', 8, 1000), pool('fast', 8, 4000)]
    // On the slow pool a ends after 1 s and b after 2 s; on the fast one b after 0.5 s.
    const group = [task('a', { together: ['b'] }), task('b', { deadlineSeconds: 1.5 })]
    expect(clusterSortMap(group, unequal).order).toEqual(['b', 'a'])
    const second = [task('a', { together: ['b'], deadlineSeconds: 1 }), task('b', { deadlineSeconds: 1.5 })]
    expect(clusterSortMap(second, unequal).assignment).toEqual({ a: 'fast', b: 'fast' })
    expect(clusterSortMap(second, unequal).deadlineMisses).toEqual([])
  })

  test('together: a split group is brought together', () => {
    const group = [task('a', { together: ['b'], pool: 'p' }), task('b', { pool: 'q' })]
    const { assignment } = clusterSortMap(group, pools, { minGain: Infinity })
    expect(assignment['a']).toBe(assignment['b'])
  })

  test('apart: never on one pool, also when it has room', () => {
    const pair = [task('a', { apart: ['b'] }), task('b'), task('c', { apart: ['a', 'b'] })]
    const result = clusterSortMap(pair, pools, { clustering: 'none' })
    expect(new Set([result.assignment['a'], result.assignment['b']]).size).toBe(2)
    expect(result.unscheduled).toEqual([{ id: 'c', reason: 'apart' }])
  })

  test('apart: two that are on one pool now are parted, also in their cooldown', () => {
    const pair = [
      task('a', { pool: 'p', movedAtSeconds: 0, apart: ['b'] }),
      task('b', { pool: 'p', movedAtSeconds: 0 }),
    ]
    const { assignment } = clusterSortMap(pair, pools, { minGain: Infinity, cooldownSeconds: 60 })
    expect(assignment).toEqual({ a: 'q', b: 'p' })
  })

  test('a contradiction is an error', () => {
    const three = [task('a', { together: ['b'] }), task('b', { together: ['c'] }), task('c', { apart: ['a'] })]
    expect(caught(() => clusterSortMap(three, pools))).toMatchObject({
      code: 'invalid-input',
      path: 'tasks[2].apart',
      received: 'a',
    })
  })
})
