import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { lastValue } from '../../../examples/forecasters.ts'
import type { DemandTrace } from '../../../src/model/demand-trace.ts'
import type { Forecaster } from '../../../src/model/forecaster.ts'
import { oracle } from '../../../src/pipeline/closed-loop/oracle.ts'
import { replay } from '../../../src/pipeline/closed-loop/replay.ts'
import {
  type SchedulingResult,
  simulateScheduling,
  simulateSchedulingAsync,
} from '../../../src/pipeline/closed-loop/simulate-scheduling.ts'
import type { DecisionReport } from '../../../src/pipeline/closed-loop/simulate-scheduling-options.ts'
import { columnsOf } from '../../../src/pipeline/closed-loop/trace-columns.ts'
import { demandTrace } from '../../../src/workload/demand-trace.ts'
import { caught } from '../../caught.ts'
import { smallTrace, tenCores } from './traces.ts'

vi.mock('../../../src/run/clock.ts', () => import('../../fake-clock.ts'))

/** a runs only where there is a gpu: on p. b and c have no such wish. */
const gpuPools = [tenCores('p', { gpu: 1 }), tenCores('q')]
const onP = { cpu: 0, gpu: 1 }

describe('two tasks, two pools', () => {
  // a needs the gpu of p. b fits only beside nothing else on q at first (6 > 7.5 - 4), where it grows in step 3 to 9 > 8.
  const trace = smallTrace(
    [
      { id: 'a', demand: { ...onP, cpu: [4, 4, 4, 1, 1, 1, 1] } },
      { id: 'b', memoryMegabytes: 10, inputMegabytes: 5, demand: { cpu: [6, 6, 6, 9, 6, 6, 6] } },
    ],
    gpuPools,
    7,
  )

  test('ASQ moves after the hot step, when it is over: useless', () => {
    const { history, metrics, ...rest } = simulateScheduling(trace, 'asq', { cooldownSeconds: 0 })
    // At step 3 b uses 9 of 10, above 8. p has 7.5 - 1 = 6.5 free, below 9: b stays, and step 4 is cool again.
    expect(history.moves.map(({ step, task, from, to }) => [step, task, from, to])).toEqual([
      [0, 0, null, 0],
      [0, 1, null, 1],
    ])
    expect(metrics).toMatchObject({ hotspots: 1, missedHotspots: 1, reschedules: 0, poolSteps: 12, movedMegabytes: 5 })
    expect(metrics.overloadPercent).toBeCloseTo(100 / 12, 12)
    // Decisions at steps 0 to 5; at 0 there are tasks to place, at 3 one that should leave.
    expect(rest).toMatchObject({ policy: 'asq', status: 'completed', epochs: 6, rounds: 2 })
  })

  test('a pool with room takes it', () => {
    // At first r gives at most 0.75 * 7 = 5.25, so b goes to q; at step 3 p takes 9 beside 1 if it has 14 of its own.
    const pools = [{ ...gpuPools[0]!, capacity: { cpu: 14, gpu: 1 } }, gpuPools[1]!]
    const tasks = [{ id: 'a', demand: { ...onP, cpu: [5, 5, 5, 1, 1, 1, 1] } }, trace.tasks[1]!]
    const { history, metrics } = simulateScheduling({ ...trace, tasks, pools }, 'asq', { cooldownSeconds: 0 })
    expect(history.moves.map(({ step, task, from, to }) => [step, task, from, to])).toEqual([
      [0, 0, null, 0],
      [0, 1, null, 1],
      [3, 1, 1, 0],
    ])
    // From step 4 on b would have been cool on q: the move was useless. 5 MB of input and 10 MB of memory went around.
    expect(metrics).toMatchObject({
      hotspots: 1,
      missedHotspots: 0,
      reschedules: 1,
      uselessReschedules: 1,
      pingPongs: 0,
    })
    expect(metrics.movedMegabytes).toBe(5 + 10)
  })

  test('who sees it coming moves in time', () => {
    const pools = [{ ...gpuPools[0]!, capacity: { cpu: 14, gpu: 1 } }, gpuPools[1]!]
    const tasks = [{ id: 'a', demand: { ...onP, cpu: [5, 1, 1, 1, 1, 1, 1] } }, trace.tasks[1]!]
    const known = { ...trace, tasks, pools }
    // At step 0 p has 10.5 - 5 = 5.5 for b and its 6: q takes it. At step 1 the oracle sees the 9 of step 3, p has 9.5.
    const { history, metrics } = simulateScheduling(known, oracle(known), { horizon: 2 })
    expect(history.moves.map(({ step, task, from, to }) => [step, task, from, to])).toEqual([
      [0, 0, null, 0],
      [0, 1, null, 1],
      [1, 1, 1, 0],
    ])
    expect(metrics).toMatchObject({ hotspots: 0, reschedules: 1, uselessReschedules: 0 })
    // With three steps to see it would not have gone to q at all.
    const far = simulateScheduling(known, oracle(known), { horizon: 3 })
    expect(far.history.moves.map(({ step, task, to }) => [step, task, to])).toEqual([
      [0, 0, 0],
      [1, 1, 0],
    ])
  })
})

describe('a task that waits', () => {
  test('is placed at the first decision after its arrival at which a pool has room', () => {
    // a leaves 7.5 - 4 = 3.5 cores; b wants 5 and comes at 150 s. In step 4 a falls to 1: b starts at 400 s, 250 s late.
    const trace = smallTrace(
      [
        { id: 'a', demand: { cpu: [4, 4, 4, 4, 1, 1, 1] } },
        { id: 'b', lengthMi: 5000, arrivalSeconds: 150, demand: { cpu: 5 } },
      ],
      [tenCores('p')],
      7,
    )
    const { history, metrics } = simulateScheduling(trace, 'asq')
    expect(history.moves.map(({ step, task }) => [step, task])).toEqual([
      [0, 0],
      [4, 1],
    ])
    expect(history.tasks[1]).toMatchObject({ status: 'finished', startSeconds: 400, finishSeconds: 450 })
    expect(metrics.waiting).toMatchObject({ count: 2, mean: 125, p95: 250 })
    expect(metrics).toMatchObject({ makespanSeconds: 450, makespanPerTaskSeconds: 225, execution: { mean: 50 } })
  })

  test('decisions come every epoch', () => {
    const trace = smallTrace([{ id: 'a', arrivalSeconds: 50, demand: { cpu: 1 } }], [tenCores('p')], 9)
    const { history, epochs } = simulateScheduling(trace, 'asq', { epochSeconds: 300 })
    expect([history.moves[0]!.step, epochs]).toEqual([3, 3])
  })

  test('the past lies before the first decision', () => {
    const trace = smallTrace([{ id: 'a', demand: { cpu: 1 } }], [tenCores('p')], 9, 4)
    const { history, metrics } = simulateScheduling(trace, 'asq')
    expect([history.moves[0]!.step, history.tasks[0]!.startSeconds, metrics.poolSteps]).toEqual([4, 0, 4])
  })
})

test('a cooldown keeps a task where it came to', () => {
  // q is too small for a and b in steps 2 on, p at all times but the first: they would change places again and again.
  const cpu = [1, 5, 5, 5, 5, 5, 5, 5, 5, 5]
  const trace = smallTrace(
    [
      { id: 'a', demand: { cpu } },
      { id: 'b', demand: { cpu: cpu.map((x, step) => (step % 2 === 0 ? x : 6)) } },
    ],
    [tenCores('p'), { ...tenCores('q'), capacity: { cpu: 7 } }],
    10,
  )
  const count = (cooldownSeconds: number) => simulateScheduling(trace, 'asq', { cooldownSeconds }).metrics.reschedules
  expect(count(0)).toBeGreaterThan(0)
  expect(count(1e6)).toBeLessThanOrEqual(2)
  expect(count(0)).toBeGreaterThanOrEqual(count(1e6))
})

const small = (seed: number, taskCount = 14, poolCount = 6): DemandTrace =>
  demandTrace({ taskCount, poolCount, days: 1, pastDays: 1, stepsPerDay: 96, seed, arrivalDays: 0.3 })

describe('forecasts', () => {
  test('the last value decides as ASQ does, move for move', () => {
    for (const seed of [1, 2, 3]) {
      const asq = simulateScheduling(small(seed), 'asq')
      const last = simulateScheduling(small(seed), lastValue)
      expect(last.history).toEqual(asq.history)
      expect(last.metrics).toEqual(asq.metrics)
      expect(last.forecasts.values).toBeGreaterThan(0)
    }
  })

  test('the oracle overloads no pool where there is room enough, and ASQ does', () => {
    let overloadOfAsq = 0
    for (const seed of [1, 2, 3]) {
      const trace = small(seed, 14, 12)
      expect(simulateScheduling(trace, oracle(trace)).metrics).toMatchObject({ hotspots: 0, overloadPercent: 0 })
      overloadOfAsq += simulateScheduling(trace, 'asq').metrics.overloadPercent!
    }
    expect(overloadOfAsq).toBeGreaterThan(0)
  })

  test('the forecaster gets the past it asked for, the present last, and nothing of the future', () => {
    const cpu = [0, 1, 2, 3, 4, 5]
    const trace = smallTrace([{ id: 'a', demand: { cpu, memoryMib: 7 } }], [tenCores('p', { memoryMib: 100 })], 6, 2)
    const asked: unknown[] = []
    const forecaster: Forecaster = {
      ...lastValue,
      contextSteps: 4,
      forecast: (request) => {
        const { history, ...rest } = request
        asked.push({ ...history, values: Array.from(history.values), ...rest })
        return lastValue.forecast(request)
      },
    }
    simulateScheduling(trace, forecaster, { horizon: 3, level: 0.9 })
    // Memory is one value for all steps: nobody needs to forecast it.
    const common = { id: 'a/cpu', stepSeconds: 100, horizon: 3, levels: [0.9] }
    expect(asked).toEqual([
      { ...common, values: [0, 1, 2], firstStep: 0 },
      { ...common, values: [0, 1, 2, 3], firstStep: 0 },
      { ...common, values: [1, 2, 3, 4], firstStep: 1 },
    ])
    asked.length = 0
    simulateScheduling(trace, forecaster, { level: null })
    expect(asked[0]).not.toHaveProperty('levels')
  })

  test('values outside [0, limit] are cut and counted, fallbacks are counted by reason', () => {
    const wild: Forecaster = {
      name: 'wild',
      contextSteps: 1,
      forecast: ({ horizon }) => ({
        values: new Float64Array(horizon).fill(1000),
        quantiles: [new Float64Array(horizon).fill(-1)],
        fallbacks: ['no model'],
      }),
    }
    const tasks = [{ id: 'a', demand: { cpu: [1, 1, 1] }, limit: { cpu: 7 } }]
    const trace = smallTrace(tasks, [tenCores('p')], 3)
    const result = simulateScheduling(trace, wild, { horizon: 4 })
    expect(result.forecasts).toEqual({ values: 8, clamped: 8, fallbacks: { 'no model': 2 } })
    // Cut to 7 it still fits below 7.5.
    expect(simulateScheduling(trace, wild, { horizon: 4, level: null }).metrics.placements).toBe(1)
  })

  test('a forecast that is none is an error that names forecaster and series', () => {
    const trace = smallTrace([{ id: 'a', demand: { cpu: [1, 1, 1] } }], [tenCores('p')], 3)
    for (const values of [Float64Array.of(1), Float64Array.of(1, Number.NaN)]) {
      const broken: Forecaster = {
        ...lastValue,
        name: 'broken',
        forecast: () => ({ values, quantiles: [], fallbacks: [] }),
      }
      const error = caught(() => simulateScheduling(trace, broken, { level: null, horizon: 2 }))
      expect([error.code, error.path]).toEqual(['invalid-input', "broken.forecast('a/cpu')[1]"])
    }
  })

  test('the oracle knows its own series only', () => {
    const trace = small(1)
    const error = caught(() =>
      simulateScheduling({ ...trace, tasks: [{ ...trace.tasks[0]!, id: 'x' }] }, oracle(trace)),
    )
    expect(error.path).toBe('history.id')
  })
})

describe('for any trace', () => {
  const traces = fc.record({
    seed: fc.integer({ min: 0, max: 1e6 }),
    taskCount: fc.integer({ min: 0, max: 12 }),
    poolCount: fc.integer({ min: 1, max: 5 }),
  })
  const generate = (options: { seed: number; taskCount: number; poolCount: number }): DemandTrace =>
    demandTrace({ ...options, days: 1, stepsPerDay: 48, arrivalDays: 0.5 })

  test('tasks are conserved and moves add up', () => {
    fc.assert(
      fc.property(traces, fc.boolean(), (options, foresees) => {
        const trace = generate(options)
        const { history, metrics } = simulateScheduling(trace, foresees ? oracle(trace) : 'asq')
        const pool = new Map<number, number>()
        for (const { task, from, to } of history.moves) {
          expect(pool.get(task) ?? null).toBe(from)
          expect(from).not.toBe(to)
          pool.set(task, to)
        }
        expect(history.tasks).toHaveLength(trace.tasks.length)
        history.tasks.forEach((course, task) => expect(course.pool).toBe(pool.get(task) ?? null))
        expect(metrics.placements).toBe(pool.size)
        expect(metrics.placements + metrics.reschedules).toBe(history.moves.length)
        expect(metrics.uselessReschedules + metrics.pingPongs).toBeLessThanOrEqual(2 * metrics.reschedules)
        expect(metrics.missedHotspots).toBeLessThanOrEqual(metrics.hotspots)
        for (const { startSeconds, workEndSeconds, finishSeconds } of history.tasks) {
          if (workEndSeconds !== null) expect(workEndSeconds).toBeGreaterThan(startSeconds!)
          if (finishSeconds !== null) expect(finishSeconds).toBeGreaterThanOrEqual(workEndSeconds!)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('no pool takes a task beyond theta - minGain of what was known', () => {
    fc.assert(
      fc.property(traces, fc.boolean(), (options, foresees) => {
        const trace = generate(options)
        const columns = columnsOf(trace)
        const { history } = simulateScheduling(trace, foresees ? oracle(trace) : 'asq', { horizon: 4 })
        const known = new Map<number, { pool: Int32Array; takers: Set<number> }>()
        for (const { step, pool, moves } of replay(columns, history)) {
          if (moves.length > 0) known.set(step - 1, { pool: pool.slice(), takers: new Set(moves.map(({ to }) => to)) })
        }
        for (const [step, { pool, takers }] of known) {
          // What the policy looked at: the present, and for the oracle the steps of the horizon.
          for (let at = step; at <= Math.min(step + (foresees ? 4 : 0), trace.stepCount - 1); at++) {
            for (const taker of takers) {
              let cpu = 0
              pool.forEach((index, task) => {
                if (index === taker) cpu += (trace.tasks[task]!.demand['cpu'] as Float64Array)[at]!
              })
              expect(cpu).toBeLessThanOrEqual(0.75 * trace.pools[taker]!.capacity['cpu']! * (1 + 1e-9))
            }
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  test('the same input gives the same result, untouched and as plain data', () => {
    fc.assert(
      fc.property(traces, (options) => {
        const trace = generate(options)
        const before = structuredClone(trace)
        const first = simulateScheduling(trace, oracle(trace), { seed: 5 })
        expect(simulateScheduling(trace, oracle(trace), { seed: 5 })).toEqual(first)
        expect(trace).toEqual(before)
        expect(JSON.parse(JSON.stringify(first)) as SchedulingResult).toEqual(first)
      }),
      { numRuns: 10 },
    )
  })
})

describe('a run', () => {
  test('says what it was made with', () => {
    const mapper = { policy: 'best-first' } as const
    const { options } = simulateScheduling(small(1), 'asq', { mapper, theta: 0.7, onProgress: () => {} })
    expect(options).toEqual({
      theta: 0.7,
      horizon: 12,
      level: 0.85,
      epochSeconds: 900,
      minGain: 0.05,
      cooldownSeconds: 3600,
      forecastResources: ['cpu', 'memoryMib', 'networkMbps'],
      mapper,
      seed: 'cloudsched',
    })
  })

  test('tells its progress and stops at an abort with what it has', () => {
    const controller = new AbortController()
    const fractions: number[] = []
    const result = simulateScheduling(small(1), 'asq', {
      signal: controller.signal,
      onProgress: ({ fraction }) => {
        fractions.push(fraction)
        if (fractions.length === 20) controller.abort()
      },
    })
    expect(result.status).toBe('aborted')
    expect(result.history.lastStep).toBe(96 + 20)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(result.metrics.poolSteps).toBe(20 * 6)
  })

  test('keeps to its time', () => {
    // The clock of this test goes a millisecond on at each look.
    const result = simulateScheduling(small(1), 'asq', { timeLimitMs: 30 })
    expect([result.status, result.history.lastStep < 191]).toEqual(['timeLimit', true])
  })

  test('gives the same in pieces', async () => {
    expect(await simulateSchedulingAsync(small(2), 'asq')).toEqual(simulateScheduling(small(2), 'asq'))
  })

  test('reports each decision with its time, which is no part of the result', () => {
    const reports: DecisionReport[] = []
    const told = simulateScheduling(small(3), 'asq', { onDecision: (report) => reports.push(report) })
    expect(told).toEqual(simulateScheduling(small(3), 'asq'))
    expect(reports).toHaveLength(told.epochs)
    expect(reports.filter(({ candidates }) => candidates > 0)).toHaveLength(told.rounds)
    expect(reports.reduce((sum, { moved }) => sum + moved, 0)).toBe(told.history.moves.length)
    expect(reports.every(({ milliseconds }) => milliseconds > 0)).toBe(true)
  })

  test('of a trace with nothing to run', () => {
    const nothing = simulateScheduling(smallTrace([{ id: 'a', demand: { cpu: 1 } }], [tenCores('p')], 1), 'asq')
    expect(nothing).toMatchObject({
      status: 'completed',
      epochs: 0,
      metrics: { poolSteps: 0, placements: 0, unplacedTasks: 1 },
    })
    const noPools = simulateScheduling(smallTrace([{ id: 'a', demand: { cpu: 1 } }], [], 3), 'asq')
    expect(noPools.metrics).toMatchObject({ unplacedTasks: 1, overloadPercent: null })
  })
})

describe('bad input', () => {
  const task = { id: 'a', demand: { cpu: [1, 1, 1] } }
  const paths = (trace: unknown) =>
    caught(() => simulateScheduling(trace as DemandTrace, 'asq')).findings.map(({ path }) => path)

  test('all of a trace at once', () => {
    expect(
      paths({
        stepSeconds: 0,
        stepCount: 3,
        pastSteps: 3,
        tasks: [
          { ...task, lengthMi: -1, arrivalSeconds: Number.NaN, deadlineSeconds: -1, memoryMegabytes: -1 },
          { id: 'a', demand: { cpu: [1, 1], memoryMib: [0, Number.NaN, 0], gpu: -1 } },
          { id: 'c', demand: { cpu: [1, 5, 1] }, limit: { cpu: 4 } },
        ],
        pools: [{ id: 'p', capacity: { memoryMib: -1 }, speedMips: 0, bandwidthMbps: Infinity }],
      }),
    ).toEqual([
      'trace.stepSeconds',
      'trace.pastSteps',
      'tasks[0].lengthMi',
      'tasks[0].arrivalSeconds',
      'tasks[0].deadlineSeconds',
      'tasks[0].memoryMegabytes',
      'tasks[1].demand.cpu',
      'tasks[1].demand.memoryMib[1]',
      'tasks[1].demand.gpu',
      'tasks[2].demand.cpu[1]',
      'pools[0].speedMips',
      'pools[0].bandwidthMbps',
      'pools[0].capacity.memoryMib',
      'pools[0].capacity.cpu',
      'tasks[1].id',
    ])
  })

  test('options and policies', () => {
    const trace = smallTrace([task], [tenCores('p')], 3)
    const path = (policy: unknown, options: object) =>
      caught(() => simulateScheduling(trace, policy as 'asq', options)).path
    expect(path('asq', { treshold: 1 })).toBe('options.treshold')
    expect(path('asq', { theta: 1.5 })).toBe('options.theta')
    expect(path('asq', { epochSeconds: 150 })).toBe('options.epochSeconds')
    expect(path('asq', { epochSeconds: 50 })).toBe('options.epochSeconds')
    expect(path('asq', { minGain: 0.8 })).toBe('options.minGain')
    expect(path('asq', { mapper: { forecast: {} } })).toBe('options.mapper.forecast')
    expect(path('reactive', {})).toBe('policy')
    expect(path({ name: 'x', forecast: () => null }, {})).toBe('policy')
  })
})
