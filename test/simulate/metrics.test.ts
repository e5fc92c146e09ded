import { createProblem } from 'cloudsched'
import {
  boundedSlowdown,
  costPerVm,
  deadlineMisses,
  energy,
  flowTime,
  loadBalance,
  makespan,
  simulate,
  utilisation,
  waitingTime,
} from 'cloudsched/simulate'
import { describe, expect, test } from 'vitest'

/** Seconds alone: 20, 10 and 4 on VM 0; 5 on VM 1, which has two cores. VM 2 stays idle. */
const problem = createProblem({
  tasks: [
    { lengthMi: 20, deadlineSeconds: 20 },
    { lengthMi: 10, arrivalSeconds: 4, deadlineSeconds: 29 },
    { lengthMi: 4, arrivalSeconds: 30 },
    { lengthMi: 5, deadlineSeconds: 3 },
  ],
  vms: [
    { speedMips: 1, pricePerSecond: 2, idleWatts: 100, busyWatts: 250 },
    { speedMips: 1, cores: 2, pricePerSecond: 3, idleWatts: 50, busyWatts: 150 },
    { speedMips: 1, pricePerSecond: 1, idleWatts: 10, busyWatts: 20 },
  ],
})

// Task 0 runs 0-20, task 1 20-30, task 2 30-34, task 3 0-5.
const schedule = simulate(problem, [0, 0, 0, 1])

describe('metrics of a schedule', () => {
  test('makespan', () => {
    expect(makespan(schedule)).toBe(34)
    expect(schedule.makespanSeconds).toBe(34)
  })

  test('flow time is finish less arrival: 20, 26, 4, 5', () => {
    expect(flowTime(problem, schedule)).toEqual({ count: 4, total: 55, mean: 13.75, p95: 26, max: 26 })
  })

  test('waiting is start less arrival: 0, 16, 0, 0', () => {
    expect(waitingTime(problem, schedule)).toEqual({ count: 4, total: 16, mean: 4, p95: 16, max: 16 })
  })

  test('slowdown is flow time over the time alone, short tasks counted as long as the bound, at least 1', () => {
    // 20 / 20, 26 / 10, max(1, 4 / 10), max(1, 5 / 10)
    expect(boundedSlowdown(problem, schedule)).toMatchObject({ total: 5.6, mean: 1.4, max: 2.6 })
    // The time that a task takes in time sharing is not its time alone: two tasks of 10 s share a VM.
    const shared = createProblem({ tasks: [{ lengthMi: 10 }, { lengthMi: 10 }], vms: [{ speedMips: 1 }] })
    expect(boundedSlowdown(shared, simulate(shared, [0, 0], { sharing: 'time' }), 1)).toMatchObject({
      total: 4,
      mean: 2,
    })
  })

  test('utilisation is the part of the cores in use: 34 of 34 s, 5 of 68, 0', () => {
    expect(utilisation(problem, schedule)).toEqual([1, 5 / 68, 0])
  })

  test('load balance is least over most busy seconds', () => {
    expect(loadBalance(schedule)).toBe(0)
    expect(loadBalance({ busySeconds: [34, 17] })).toBe(0.5)
  })

  test('cost per VM is busy seconds times price', () => {
    expect(costPerVm(problem, schedule)).toEqual([68, 15, 0])
    expect(schedule.cost).toBe(83)
  })

  test('deadlines: 20 is kept at 20, 29 missed at 30, 3 missed at 5', () => {
    expect(deadlineMisses(problem, schedule)).toEqual([1, 3])
  })

  test('a task with a deadline that does not finish has missed it', () => {
    expect(deadlineMisses(problem, simulate(problem, [0, -1, 1, -1]))).toEqual([1, 3])
    const cut = simulate(problem, [0, 0, 0, 1], { untilSeconds: 10 })
    expect(deadlineMisses(problem, cut)).toEqual([0, 1, 3])
  })

  test('a deadline is kept to rounding: 0.1 + 0.2 is in time for 0.3', () => {
    const tight = createProblem({
      tasks: [{ lengthMi: 0.1 }, { lengthMi: 0.2, deadlineSeconds: 0.3 }],
      vms: [{ speedMips: 1 }],
    })
    expect(deadlineMisses(tight, simulate(tight, [0, 0]))).toEqual([])
  })

  test('the schedule carries them', () => {
    expect(schedule.metrics).toEqual({
      flowTime: flowTime(problem, schedule),
      waitingTime: waitingTime(problem, schedule),
      boundedSlowdown: boundedSlowdown(problem, schedule),
      utilisation: utilisation(problem, schedule),
      loadBalance: 0,
      deadlineMissCount: 2,
      energyJoules: energy(problem, schedule)!.totalJoules,
    })
  })
})

describe('energy', () => {
  test('idle watts while on, the rest by the part of the cores in use', () => {
    // 250 * 34; 50 * 34 + 100 * 5 / 2; 10 * 34
    expect(energy(problem, schedule)).toEqual({ totalJoules: 8500 + 1950 + 340, vmJoules: [8500, 1950, 340] })
  })

  test('a VM that is broken down draws nothing', () => {
    const failures = [{ vm: 2, atSeconds: 4, repairSeconds: 20 }]
    expect(energy(problem, simulate(problem, [0, 0, 0, 1], { failures }))!.vmJoules[2]).toBe(10 * (34 - 20))
  })

  test('idle watts that are not given are 0; without busy watts there is no figure', () => {
    const noIdle = createProblem({ tasks: [{ lengthMi: 3 }], vms: [{ speedMips: 1, busyWatts: 7 }] })
    expect(energy(noIdle, simulate(noIdle, [0]))).toEqual({ totalJoules: 21, vmJoules: [21] })
    const none = createProblem({ tasks: [{ lengthMi: 3 }], vms: [{ speedMips: 1, idleWatts: 7 }] })
    expect(energy(none, simulate(none, [0]))).toBeNull()
  })
})

test('figures that are not defined are null', () => {
  const idle = createProblem({ tasks: [{ lengthMi: 1 }], vms: [{ speedMips: 1 }] })
  const nothing = simulate(idle, [-1])
  expect(makespan(nothing)).toBe(0)
  expect(flowTime(idle, nothing)).toEqual({ count: 0, total: 0, mean: null, p95: null, max: null })
  expect(utilisation(idle, nothing)).toEqual([null])
  expect(loadBalance(nothing)).toBeNull()
  expect(costPerVm(idle, nothing)).toBeNull()
  expect(deadlineMisses(idle, nothing)).toEqual([])
})

test('95 % of 40 tasks wait no longer than the 38th', () => {
  const equal = createProblem({ tasks: Array.from({ length: 40 }, () => ({ lengthMi: 1 })), vms: [{ speedMips: 1 }] })
  // Task k waits k seconds, k = 0 ... 39.
  const waiting = waitingTime(
    equal,
    simulate(
      equal,
      Array.from({ length: 40 }, () => 0),
    ),
  )
  expect(waiting).toEqual({ count: 40, total: 780, mean: 19.5, p95: 37, max: 39 })
})
