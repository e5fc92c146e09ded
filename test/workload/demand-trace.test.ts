import { describe, expect, test } from 'vitest'
import { checkDemandTrace, type TracedTask } from '../../src/model/demand-trace.ts'
import { createRng } from '../../src/random/rng.ts'
import { demandCurve, demandShapes } from '../../src/workload/demand-curve.ts'
import { demandTrace } from '../../src/workload/demand-trace.ts'
import { caught } from '../caught.ts'

const cpuOf = (task: TracedTask): Float64Array => task.demand['cpu'] as Float64Array
const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

describe('a trace', () => {
  const trace = demandTrace({ taskCount: 40, poolCount: 7, days: 3, pastDays: 1, seed: 1 })

  test('has the sizes that were asked for and passes the check', () => {
    expect(() => checkDemandTrace(trace)).not.toThrow()
    expect([trace.tasks.length, trace.pools.length, trace.stepSeconds]).toEqual([40, 7, 300])
    expect([trace.stepCount, trace.pastSteps]).toEqual([4 * 288 + 1, 288])
  })

  test('stays within the limits of its tasks and uses them', () => {
    for (const { demand, limit } of trace.tasks) {
      for (const [resource, series] of Object.entries(demand)) {
        const values = Array.from(series as Float64Array)
        expect(Math.max(...values)).toBeLessThanOrEqual(limit![resource]!)
        expect(Math.min(...values)).toBeGreaterThan(0)
      }
    }
    const share = mean(trace.tasks.map((task) => mean(cpuOf(task)) / task.limit!['cpu']!))
    expect(share).toBeGreaterThan(0.35)
    expect(share).toBeLessThan(0.65)
  })

  test('lets tasks arrive in order, and with a deadline that can be met', () => {
    const arrivals = trace.tasks.map(({ arrivalSeconds }) => arrivalSeconds!)
    expect(arrivals).toEqual(arrivals.toSorted((a, b) => a - b))
    for (const { arrivalSeconds, deadlineSeconds, lengthMi } of trace.tasks) {
      expect(deadlineSeconds! - arrivalSeconds!).toBeGreaterThan(lengthMi! / 800)
    }
  })

  test('repeats with its seed, and changes with another', () => {
    const options = { taskCount: 3, poolCount: 2, days: 1, seed: 7 }
    expect(demandTrace(options)).toEqual(demandTrace(options))
    expect(demandTrace(options).tasks[0]!.demand).not.toEqual(demandTrace({ ...options, seed: 8 }).tasks[0]!.demand)
  })

  test('a task is the same among more tasks, but for its arrival', () => {
    const more = demandTrace({ taskCount: 60, poolCount: 7, days: 3, pastDays: 1, seed: 1 })
    expect(more.tasks[5]!.demand).toEqual(trace.tasks[5]!.demand)
    expect(more.tasks[5]!.lengthMi).toBe(trace.tasks[5]!.lengthMi)
  })

  test('golden values', () => {
    const { tasks } = demandTrace({ taskCount: 2, poolCount: 1, days: 1, seed: 'golden' })
    expect(Array.from(cpuOf(tasks[1]!).slice(0, 4))).toMatchInlineSnapshot(`
      [
        3.431618431978823,
        3.424427158065944,
        3.5558573260948787,
        3.4798487665374473,
      ]
    `)
    expect(tasks.map(({ lengthMi, memoryMegabytes }) => [lengthMi, memoryMegabytes])).toMatchInlineSnapshot(`
      [
        [
          54592884,
          16384,
        ],
        [
          47360797,
          8192,
        ],
      ]
    `)
  })

  test('tasks of a group go up and down together', () => {
    const options = { taskCount: 6, poolCount: 1, days: 5, groupSize: 3, seed: 3, shapes: [demandShapes.shifting] }
    const correlationWithin = (groupShare: number): number => {
      const { tasks } = demandTrace({ ...options, groupShare })
      return mean([correlation(cpuOf(tasks[0]!), cpuOf(tasks[1]!)), correlation(cpuOf(tasks[3]!), cpuOf(tasks[4]!))])
    }
    expect(correlationWithin(0.9)).toBeGreaterThan(0.8)
    expect(Math.abs(correlationWithin(0))).toBeLessThan(0.5)
  })

  test('without lengths and deadlines, all there at the start', () => {
    const { tasks } = demandTrace({ taskCount: 3, poolCount: 1, days: 1, lengthShare: null, arrivalDays: 0 })
    for (const task of tasks) {
      expect(task).not.toHaveProperty('lengthMi')
      expect(task).not.toHaveProperty('deadlineSeconds')
      expect(task.arrivalSeconds).toBe(0)
    }
  })

  test('no tasks at all', () => {
    expect(demandTrace({ taskCount: 0, poolCount: 1, days: 1 }).tasks).toEqual([])
  })
})

describe('a curve', () => {
  const curve = (name: keyof typeof demandShapes, days = 20): Float64Array =>
    demandCurve(demandShapes[name], days * 288, 288, createRng(1))
  const lag = (values: Float64Array, steps: number): number =>
    correlation(values.subarray(0, -steps), values.subarray(steps))

  test('comes back every day', () => {
    expect(lag(curve('daily'), 288)).toBeGreaterThan(0.9)
    expect(lag(curve('daily'), 144)).toBeLessThan(-0.9)
  })

  test('comes back every 12 steps', () => {
    expect(lag(curve('hourly'), 12)).toBeGreaterThan(0.6)
    expect(lag(curve('hourly'), 6)).toBeLessThan(0)
  })

  test('changes its level and stays there', () => {
    const values = curve('shifting')
    const days = Array.from({ length: 20 }, (_, day) => mean(values.subarray(day * 288, day * 288 + 144)))
    expect(Math.max(...days) - Math.min(...days)).toBeGreaterThan(0.3)
    expect(lag(values, 12)).toBeGreaterThan(0.8)
  })

  test('spikes now and then', () => {
    const high = curve('spiky').filter((value) => value > 0.45).length / (20 * 288)
    expect(high).toBeGreaterThan(0.005)
    expect(high).toBeLessThan(0.06)
  })

  test('is near its limit', () => {
    expect(mean(curve('hot'))).toBeGreaterThan(0.75)
  })
})

test('broken options are named', () => {
  const path = (options: object): string => caught(() => demandTrace(options as never)).path
  expect(path({ poolCount: 1 })).toBe('options.taskCount')
  expect(path({ taskCount: 1 })).toBe('options.poolCount')
  expect(path({ taskCount: 1, poolCount: 1, groupShare: 2 })).toBe('options.groupShare')
  expect(path({ taskCount: 1, poolCount: 1, lengthShare: { kind: 'constant', value: -1 } })).toBe('options.lengthShare')
  expect(path({ taskCount: 1, poolCount: 1, day: 1 })).toBe('options.day')
})

function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let ab = 0
  let aa = 0
  let bb = 0
  a.forEach((value, index) => {
    ab += (value - meanA) * (b[index]! - meanB)
    aa += (value - meanA) * (value - meanA)
    bb += (b[index]! - meanB) * (b[index]! - meanB)
  })
  return ab / Math.sqrt(aa * bb)
}
