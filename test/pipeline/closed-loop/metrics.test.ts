import { describe, expect, test } from 'vitest'
import type { Move, SchedulingHistory, TaskCourse } from '../../../src/pipeline/closed-loop/history.ts'
import { classifyMoves, schedulingMetrics } from '../../../src/pipeline/closed-loop/metrics.ts'
import { caught } from '../../caught.ts'
import { smallTrace, tenCores } from './traces.ts'

const running = (pool: number): TaskCourse => ({
  pool,
  status: 'running',
  startSeconds: 0,
  workEndSeconds: null,
  finishSeconds: null,
})
const move = (step: number, task: number, from: number | null, to: number, megabytes = 0): Move => ({
  step,
  task,
  from,
  to,
  megabytes,
})
const pools = [tenCores('p'), tenCores('q')]

describe('overload', () => {
  // p holds both tasks: 4 + 5 = 9 > 8 in step 1, 6 in step 2, 11 > 10 in step 3, 8 (not above 0.8 * 10) in step 4.
  const trace = smallTrace(
    [
      { id: 'a', demand: { cpu: [9, 4, 3, 6, 4] } },
      { id: 'b', demand: { cpu: [9, 5, 3, 5, 4] } },
    ],
    pools,
    5,
  )
  const history: SchedulingHistory = {
    moves: [move(0, 0, null, 0), move(0, 1, null, 0)],
    tasks: [running(0), running(0)],
    lastStep: 4,
  }

  test('counts pool-steps above theta and above the capacity, by hand', () => {
    // 2 pools x 4 steps; overloaded in steps 1 and 3, saturated in step 3 by 11 - 10 = 1 core.
    expect(schedulingMetrics(trace, history)).toMatchObject({
      poolSteps: 8,
      overloadPercent: 25,
      saturationPercent: 12.5,
      deficitCoreSteps: 1,
      hotspots: 2,
      missedHotspots: 2,
      placements: 2,
      reschedules: 0,
    })
  })

  test('a hotspot is acted on by a move off the pool, from a horizon before it to its end', () => {
    const moved = { ...history, moves: [...history.moves, move(1, 1, 0, 1)] }
    // b leaves at the end of step 1: the hotspot of step 1 is over and acted on, there is no other.
    expect(schedulingMetrics(trace, moved)).toMatchObject({ hotspots: 1, missedHotspots: 0, overloadPercent: 12.5 })
    // It comes back at the end of step 2: the hotspot of step 3 had a departure at step 1, three steps before onset - 1.
    const back = { ...history, moves: [...moved.moves, move(2, 1, 1, 0)] }
    expect(schedulingMetrics(trace, back, { horizon: 2 })).toMatchObject({ hotspots: 2, missedHotspots: 0 })
    expect(schedulingMetrics(trace, back, { horizon: 1 })).toMatchObject({ hotspots: 2, missedHotspots: 1 })
  })

  test('the deficit ends when a task leaves within the step', () => {
    // b leaves in the middle of step 3 (200 s to 300 s): 1 core above for half a step, then 6.
    const tasks: TaskCourse[] = [
      running(0),
      { pool: 0, status: 'finished', startSeconds: 0, workEndSeconds: 250, finishSeconds: 250 },
    ]
    expect(schedulingMetrics(trace, { ...history, tasks })).toMatchObject({
      deficitCoreSteps: 0.5,
      saturationPercent: 12.5,
      overloadPercent: 25,
    })
  })

  test('any resource can be overloaded, the deficit is that of the processor', () => {
    const memory = smallTrace(
      [{ id: 'a', demand: { cpu: 1, memoryMib: [0, 90, 110] } }],
      [tenCores('p', { memoryMib: 100 })],
      3,
    )
    expect(schedulingMetrics(memory, { moves: [move(0, 0, null, 0)], tasks: [running(0)], lastStep: 2 })).toMatchObject(
      { overloadPercent: 100, saturationPercent: 50, deficitCoreSteps: 0, hotspots: 1 },
    )
  })
})

describe('moves', () => {
  // With both on p: step 1: 7, step 2: 7, step 3: 9 > 8, step 4: 7.
  const trace = smallTrace(
    [
      { id: 'a', demand: { cpu: [4, 4, 4, 5, 4, 4] } },
      { id: 'b', demand: { cpu: [3, 3, 3, 4, 3, 3] } },
    ],
    pools,
    6,
  )
  const history = (...moves: Move[]): SchedulingHistory => ({
    moves: [move(0, 0, null, 0), move(0, 1, null, 0), ...moves],
    tasks: [running(0), running(0)],
    lastStep: 5,
  })
  const verdicts = (given: SchedulingHistory, horizon: number) =>
    classifyMoves(trace, given, { horizon })
      .filter(({ from }) => from !== null)
      .map(({ isUseless, isPingPong }) => [isUseless, isPingPong])

  test('one that spares its pool a hot step within the horizon is of use', () => {
    expect(verdicts(history(move(1, 1, 0, 1)), 2)).toEqual([[false, false]])
    expect(verdicts(history(move(1, 1, 0, 1)), 1)).toEqual([[true, false]])
    expect(verdicts(history(move(3, 1, 0, 1)), 2)).toEqual([[true, false]])
  })

  test('one that is undone within the horizon is a ping-pong', () => {
    // Alone on q, b never needed to go back.
    expect(verdicts(history(move(1, 1, 0, 1), move(3, 1, 1, 0)), 2)).toEqual([
      [false, true],
      [true, false],
    ])
    expect(verdicts(history(move(1, 1, 0, 1), move(4, 1, 1, 0)), 2)).toEqual([
      [false, false],
      [true, false],
    ])
  })

  test('placements are not judged, counts and megabytes add up', () => {
    const given = history(move(1, 1, 0, 1, 30), move(3, 1, 1, 0, 30))
    expect(classifyMoves(trace, given)[0]).toMatchObject({ isUseless: null, isPingPong: null })
    expect(schedulingMetrics(trace, given, { horizon: 2 })).toMatchObject({
      placements: 2,
      reschedules: 2,
      uselessReschedules: 1,
      pingPongs: 1,
      movedMegabytes: 60,
    })
  })
})

describe('service', () => {
  const trace = smallTrace(
    [
      { id: 'a', lengthMi: 100, arrivalSeconds: 50, deadlineSeconds: 200, demand: { cpu: 1 } },
      { id: 'b', lengthMi: 100, arrivalSeconds: 100, deadlineSeconds: 300, demand: { cpu: 1 } },
      { id: 'c', demand: { cpu: 1 } },
    ],
    pools,
    5,
  )
  const course = (startSeconds: number, finishSeconds: number): TaskCourse => ({
    pool: 0,
    status: 'finished',
    startSeconds,
    workEndSeconds: finishSeconds,
    finishSeconds,
  })

  test('by hand', () => {
    const tasks = [course(100, 250), course(110, 210), running(1)]
    // Finishes 250 and 210, first arrival 0 (c). Execution 150 and 100, waiting 50, 10 and 0. a is late by 50 s.
    expect(schedulingMetrics(trace, { moves: [], tasks, lastStep: 4 })).toMatchObject({
      makespanSeconds: 250,
      makespanPerTaskSeconds: 250 / 3,
      execution: { count: 2, mean: 125, max: 150 },
      waiting: { count: 3, mean: 20, p95: 50 },
      unfinishedTasks: 0,
      unplacedTasks: 0,
      deadlineMisses: 1,
      deadlineMissPercent: 50,
    })
  })

  test('what is not finished has no makespan, and is late once its deadline has passed', () => {
    const waiting: TaskCourse = { ...running(0), pool: null, status: 'waiting', startSeconds: null }
    expect(
      schedulingMetrics(trace, { moves: [], tasks: [course(100, 150), waiting, running(1)], lastStep: 4 }),
    ).toMatchObject({
      makespanSeconds: null,
      makespanPerTaskSeconds: null,
      unfinishedTasks: 1,
      unplacedTasks: 1,
      deadlineMisses: 1,
      deadlineMissPercent: 50,
    })
    // At 200 s the deadline of b is still to come: it does not count.
    expect(
      schedulingMetrics(trace, { moves: [], tasks: [course(100, 150), waiting, running(1)], lastStep: 2 }),
    ).toMatchObject({
      deadlineMisses: 0,
      deadlineMissPercent: 0,
    })
  })

  test('of nothing is null, not NaN', () => {
    const empty = schedulingMetrics(smallTrace([], [], 1), { moves: [], tasks: [], lastStep: 0 })
    expect(empty).toMatchObject({
      overloadPercent: null,
      makespanSeconds: null,
      deadlineMissPercent: null,
      poolSteps: 0,
    })
    expect(empty.execution.mean).toBeNull()
  })
})

test('unknown options are errors', () => {
  const error = caught(() =>
    schedulingMetrics(smallTrace([], [], 1), { moves: [], tasks: [], lastStep: 0 }, { teta: 1 } as never),
  )
  expect(error.message).toContain('options.teta')
})
