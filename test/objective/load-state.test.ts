import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allVms, createProblem, eligibleVms, executionSeconds, type Problem } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import {
  costDeltaOfMove,
  createLoadState,
  estOf,
  type LoadState,
  makespanOf,
  makespanWith,
  moveTask,
  resetLoadState,
  swapTasks,
} from '../../src/objective/load-state.ts'
import { createRng } from '../../src/random/rng.ts'
import { pickIndex } from '../../src/random/sample.ts'
import { uniformProblems, unrelatedProblems } from '../small-problems.ts'

const problems = fc.oneof(uniformProblems({ tasks: 10, vms: 6 }), unrelatedProblems({ tasks: 10, vms: 6 }))

/** Differences leave rounding behind: so much of the largest figure that has been in play. */
function expectClose(actual: number, expected: number, scale: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * scale)
}

/** Everything in the state against a full evaluation, and its three longest against sorting. */
function expectExact(state: LoadState): void {
  const { problem, assignment, vmSeconds, first, second, third } = state
  const { timeSeconds, cost, vmSeconds: expected } = evaluate(problem, Array.from(assignment))
  const scale =
    problem.taskCount * Math.max(...allTimes(problem)) * (1 + Math.max(0, ...(problem.pricePerSecond ?? [])))
  vmSeconds.forEach((seconds, vm) => expectClose(seconds, expected[vm]!, scale))
  expectClose(makespanOf(state), timeSeconds, scale)
  expectClose(state.cost, cost ?? 0, scale)

  const top = [first, second, third].filter((vm) => vm >= 0)
  expect(new Set(top).size).toBe(Math.min(3, problem.vmCount))
  expect(top.map((vm) => vmSeconds[vm])).toEqual(Array.from(vmSeconds.toSorted()).reverse().slice(0, 3))
}

function allTimes(problem: Problem): number[] {
  const all = allVms(problem)
  return Array.from({ length: problem.taskCount }, (_, task) =>
    Array.from(eligibleVms(problem, task, all), (vm) => executionSeconds(problem, task, vm)),
  ).flat()
}

function firstEligible(problem: Problem): Int32Array {
  const all = allVms(problem)
  return Int32Array.from({ length: problem.taskCount }, (_, task) => eligibleVms(problem, task, all)[0]!)
}

/** One random move, or a swap where both tasks may go. */
function change(state: LoadState, rng: () => number): void {
  const { problem, assignment } = state
  const pick = (count: number): number => Math.floor(rng() * count)
  const [a, b] = [pick(problem.taskCount), pick(problem.taskCount)]
  const vmsOfA = eligibleVms(problem, a, allVms(problem))
  const vmsOfB = eligibleVms(problem, b, allVms(problem))
  const maySwap = vmsOfA.includes(assignment[b]!) && vmsOfB.includes(assignment[a]!)
  if (maySwap && rng() < 0.5) swapTasks(state, a, b)
  else moveTask(state, a, vmsOfA[pick(vmsOfA.length)]!)
}

describe('by hand', () => {
  const problem = createProblem({
    etc: [
      [4, 6],
      [2, 3],
      [5, 1],
    ],
    vms: [{ pricePerSecond: 10 }, { pricePerSecond: 1 }],
  })

  test('a move', () => {
    const state = createLoadState(problem, [0, 0, 1])
    // loads 4 + 2 = 6 and 1; cost 60 + 1
    expect(Array.from(state.vmSeconds)).toEqual([6, 1])
    expect([state.cost, makespanOf(state), state.first, state.second, state.third]).toEqual([61, 6, 0, 1, -1])
    // task 1 to VM 1: cost + 3 * 1 - 2 * 10 = -17
    expect(costDeltaOfMove(state, 1, 1)).toBe(-17)
    moveTask(state, 1, 1)
    expect([Array.from(state.vmSeconds), state.cost, Array.from(state.assignment)]).toEqual([[4, 4], 44, [0, 1, 1]])
    expect(estOf(state, 0.5)).toBeCloseTo(0.5 * Math.log(4) + 0.5 * Math.log(44), 12)
  })

  test('a swap', () => {
    const state = createLoadState(problem, [0, 0, 1])
    swapTasks(state, 0, 2)
    // loads 2 + 5 = 7 and 6; cost 70 + 6
    expect([Array.from(state.vmSeconds), state.cost, makespanOf(state)]).toEqual([[7, 6], 76, 7])
  })

  test('a task that stays, and a swap within one VM, change nothing', () => {
    const state = createLoadState(problem, [0, 0, 1])
    moveTask(state, 0, 0)
    swapTasks(state, 0, 1)
    expect(state).toEqual(createLoadState(problem, [0, 0, 1]))
  })

  test('the given assignment is copied, and can be replaced', () => {
    const given = Int32Array.of(0, 0, 1)
    const state = createLoadState(problem, given)
    moveTask(state, 0, 1)
    expect(Array.from(given)).toEqual([0, 0, 1])
    resetLoadState(state, given)
    expect(state).toEqual(createLoadState(problem, given))
  })

  test('without prices there is no cost', () => {
    const state = createLoadState(createProblem({ etc: [[4, 6]] }), [0])
    expect([state.cost, costDeltaOfMove(state, 0, 1), estOf(state, 1)]).toEqual([0, 0, expect.closeTo(Math.log(4), 12)])
  })
})

test('differences are full evaluation, over any moves and swaps', () => {
  fc.assert(
    fc.property(problems, fc.integer(), (problem, seed) => {
      const rng = createRng(seed)
      const state = createLoadState(problem, firstEligible(problem))
      for (let k = 0; k < 30; k++) {
        change(state, rng)
        expectExact(state)
      }
    }),
  )
})

test('also past the change at which the loads are summed afresh', () => {
  const rng = createRng('many')
  const problem = createProblem({
    tasks: { lengthMi: Float64Array.from({ length: 40 }, () => 1 + 1e6 * rng()) },
    vms: {
      speedMips: Float64Array.from({ length: 7 }, () => 0.1 + rng()),
      pricePerSecond: Float64Array.from({ length: 7 }, () => rng()),
    },
  })
  const state = createLoadState(problem, new Int32Array(40))
  let refreshes = 0
  for (let k = 0; k < 70_000; k++) {
    const task = pickIndex(rng, 40)
    const before = state.changes
    moveTask(state, task, (state.assignment[task]! + 1 + pickIndex(rng, 6)) % 7)
    if (k % 1000 === 0) expectExact(state)
    if (state.changes > before) continue
    refreshes++
    expect(state).toEqual(createLoadState(problem, state.assignment))
  }
  // 70 000 changes pass 65 536 once.
  expect(refreshes).toBe(1)
  expectExact(state)
})

test('makespanWith is the largest of all loads, two of them replaced', () => {
  const seconds = fc.double({ min: 0, max: 1e6, noNaN: true })
  fc.assert(
    fc.property(problems, seconds, seconds, fc.nat(), fc.nat(), (problem, secondsA, secondsB, x, y) => {
      const state = createLoadState(problem, firstEligible(problem))
      const a = x % problem.vmCount
      const b = y % problem.vmCount
      const loads = Array.from(state.vmSeconds)
      const newB = a === b ? secondsA : secondsB
      loads[a] = secondsA
      loads[b] = newB
      expect(makespanWith(state, a, secondsA, b, newB)).toBe(Math.max(...loads))
    }),
    { numRuns: 500 },
  )
})

describe('rounding', () => {
  test('leaves no running time below 0', () => {
    const seconds = fc.double({ min: 0.01, max: 100, noNaN: true })
    const [movedOff, swappedOff] = [
      (state: LoadState) => moveTask(state, 0, 1),
      (state: LoadState) => swapTasks(state, 0, 3),
    ]
    fc.assert(
      fc.property(fc.tuple(seconds, seconds, seconds), fc.constantFrom(movedOff, swappedOff), (times, lastOff) => {
        // Task 3 takes no time: after the last change VM 0 has nothing to do.
        const problem = createProblem({ etc: [...times.map((time) => [time, 1]), [0, 0]] })
        const state = createLoadState(problem, [0, 0, 0, 1])
        for (const task of [2, 1]) moveTask(state, task, 1)
        lastOff(state)
        expect(state.vmSeconds[0]).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  test('does not stand for the cost of a free schedule', () => {
    const free = createProblem({
      tasks: { lengthMi: [0.1, 0.2, 0.3, 0.7] },
      vms: { speedMips: [1, 3, 7], pricePerSecond: [0, 0.1, 0.3] },
    })
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const rng = createRng(seed)
        const state = createLoadState(free, [1, 2, 1, 2])
        for (let k = 0; k < 20; k++) moveTask(state, pickIndex(rng, 4), pickIndex(rng, 3))
        for (let task = 0; task < 4; task++) moveTask(state, task, 0)
        expect(state.cost).toBe(0)
      }),
    )
  })
})
