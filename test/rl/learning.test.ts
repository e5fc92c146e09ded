import { describe, expect, it } from 'vitest'
import { createProblem, type Problem } from '../../src/model/problem.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { haql } from '../../src/rl/haql.ts'
import { qLearning } from '../../src/rl/q-learning.ts'
import { whaql } from '../../src/rl/whaql.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'

const paper = (taskCount: number, seed: number, priceScale = 1): Problem =>
  createProblem(paperInstance({ taskCount, seed, priceScale }))

/** One task, two VMs: 1 s or 2 s. Ect = 3, so the rewards (9) at weight 1 are 3 - 1 = 2 and 3 - 2 = 1. */
const oneTask = createProblem({ etc: [[1, 2]] })

describe('qLearning', () => {
  it('updates Q by equation (12)', () => {
    const { tables } = qLearning(oneTask, { preset: 'paper', episodes: 1, exploitation: 0, seed: 1, withTables: true })
    // There is no future after the only task: Q <- 0 + 0.1 (r + 0.9 * 0 - 0) = 0.2 on VM 0, or 0.1 on VM 1.
    expect([JSON.stringify([0.2, 0]), JSON.stringify([0, 0.1])]).toContain(JSON.stringify(tables!.q))
  })

  it('carries the future back with the discount', () => {
    // One VM, two tasks of 1 s and 3 s: Ect = 4; rewards 4 - 1 = 3, then 4 - 4 = 0. Second episode, alpha = 1, gamma = 0.5:
    // Q(s1) = 0 after both; Q(s0) = 3 + 0.5 * 0 = 3. With tasks the other way round: rewards 1, then 0: Q(s0) = 1.
    const { tables } = qLearning(createProblem({ etc: [[1], [3]] }), {
      preset: 'paper',
      learningRate: 1,
      discount: 0.5,
      episodes: 2,
      withTables: true,
    })
    expect(tables!.q).toEqual([3, 0])
    // Telescoping by the bound of 4 s: rewards -1/4 and -3/4; Q(s1) = -0.75, Q(s0) = -0.25 + 1 * -0.75 = -1.
    const telescoped = qLearning(createProblem({ etc: [[1], [3]] }), {
      learningRate: 1,
      state: 'stage',
      episodes: 2,
      withTables: true,
    })
    expect(telescoped.tables!.q).toEqual([-1, -0.75])
  })

  it('solves the trivial environment: its policy takes the fast VM for every task', () => {
    const trivial = createProblem({ etc: Array.from({ length: 4 }, () => [100, 1, 100]) })
    const { policyAssignment, status } = qLearning(trivial, { episodes: 2000, seed: 5 })
    expect(policyAssignment).toEqual([1, 1, 1, 1])
    expect(status === 'optimal' || status === 'completed').toBe(true)
  })

  it('keeps no bonus', () => {
    const { tables } = qLearning(paper(4, 1), { preset: 'paper', episodes: 50, withTables: true })
    expect(tables!.bonus.every((x) => x === 0)).toBe(true)
    expect(tables!.weight).toBeNull()
  })
})

describe('haql', () => {
  it('is Q-learning when its heuristic is arg max Q', () => {
    for (const seed of [1, 2, 3]) {
      const problem = paper(10, seed)
      const ql = qLearning(problem, { preset: 'paper', seed, episodes: 1000 })
      const same = haql(problem, { heuristic: 'greedy-q', seed, episodes: 1000 })
      expect(same.assignment).toEqual(ql.assignment)
      expect(same.history).toEqual(ql.history)
      expect(same.policyAssignment).toEqual(ql.policyAssignment)
    }
  })

  it('always takes the action of the heuristic when it exploits', () => {
    const onlyVm2 = haql(paper(8, 1), { heuristic: () => 2, exploitation: 1, episodes: 3 })
    expect(onlyVm2.assignment).toEqual(new Array(8).fill(2))
  })

  it('lifts the heuristic action to max Q + Delta, equation (15)', () => {
    const { tables } = haql(oneTask, { heuristic: () => 1, exploitation: 1, bonus: 7, episodes: 2, withTables: true })
    // Second episode: Q = [0, 0.1], max Q = 0.1, so H(s, 1) = 0.1 - 0.1 + 7 and H(s, 0) = 0.
    expect(tables!.bonus[0]).toBe(0)
    expect(tables!.bonus[1]).toBeCloseTo(7, 12)
  })

  it('refuses a heuristic that names a VM which may not take the task', () => {
    expect(() => haql(paper(3, 1), { heuristic: () => 9, exploitation: 1 })).toThrow(
      /options.heuristic must be a function that returns one of the VMs/,
    )
  })

  it("'explore' follows the best of the first tenth in every state of its path", () => {
    const result = haql(paper(10, 4), { heuristic: 'explore', exploitation: 1, episodes: 200, seed: 2 })
    // Without exploration, all episodes after the first 20 follow one path: the mean of the curve is that of one schedule.
    expect(result.policyAssignment.length).toBe(10)
    expect(evaluate(paper(10, 4), result.policyAssignment).est).toBeGreaterThanOrEqual(result.evaluation.est!)
  })
})

describe("whaql, preset 'paper'", () => {
  it('updates weight factors by (16) and lifts the heaviest by (17)', () => {
    // Rewards 2 on VM 0, 1 on VM 1. p = 1: the first episode has no record and picks at random, the record is then kept.
    const { tables } = whaql(oneTask, { preset: 'paper', exploitation: 1, episodes: 3, seed: 1, withTables: true })
    const first = tables!.weight!.indexOf(1)
    expect(tables!.weight).toEqual(first === 0 ? [1, 0] : [0, 1])
    expect(tables!.bestReward).toEqual([first === 0 ? 2 : 1])
    // G(s, pi_f) = max Q - Q + U f / sum f = 0 + 1 * 1 / 1: the heaviest action is also the one with the largest Q.
    expect(tables!.bonus[first]).toBeCloseTo(1, 12)
    expect(tables!.bonus[1 - first]).toBe(0)
  })

  it('shrinks the other factors by r_max / r when a better reward comes', () => {
    const { tables } = whaql(oneTask, { preset: 'paper', exploitation: 0, episodes: 50, seed: 3, withTables: true })
    // 50 random choices see both VMs: r_max = 2 with f = 1 on VM 0; VM 1 was the record of reward 1 before (f = 1/2), or never (0).
    expect(tables!.bestReward).toEqual([2])
    expect(tables!.weight![0]).toBe(1)
    expect([0, 0.5]).toContain(tables!.weight![1])
  })

  it('keeps f in [0, 1] with exactly one 1 in every visited state', () => {
    const { tables } = whaql(paper(10, 2), { preset: 'paper', episodes: 500, withTables: true })
    const { actionCount, states, weight, bestReward } = tables!
    for (let s = 0; s < states; s++) {
      const row = weight!.slice(s * actionCount, (s + 1) * actionCount)
      expect(row.every((f) => f >= 0 && f <= 1)).toBe(true)
      expect(row.filter((f) => f === 1).length).toBe(bestReward![s]! > 0 ? 1 : 0)
    }
  })

  it('does not depend on U, alpha or gamma: the arg max of Q + G is the recorded action', () => {
    const problem = paper(12, 6)
    const base = whaql(problem, { preset: 'paper', seed: 4, episodes: 800 })
    for (const change of [
      { influence: 1000 },
      { influence: 0.01 },
      { learningRate: 0.9 },
      { discount: 0 },
      { discount: 1 },
    ]) {
      const other = whaql(problem, { preset: 'paper', seed: 4, episodes: 800, ...change })
      expect(other.assignment).toEqual(base.assignment)
      expect(other.history).toEqual(base.history)
    }
  })

  it('depends on the unit of money, as its reward (9) does; the other presets do not', () => {
    const runs = (options: Parameters<typeof whaql>[1]) =>
      [1, 1024].map((scale) => whaql(paper(12, 9, scale), { seed: 1, episodes: 600, ...options }).assignment)
    const [cents, dollars] = runs({ preset: 'paper' })
    expect(cents).not.toEqual(dollars)
    for (const preset of ['stage', 'default'] as const) {
      const [small, large] = runs({ preset })
      expect(small).toEqual(large)
    }
  })
})

describe('memory', () => {
  it('ends with the best so far when the tables are full', () => {
    const result = whaql(paper(20, 1), { preset: 'paper', maxMemoryMib: 0.1 })
    expect(result.status).toBe('memoryLimit')
    expect(result.memoryBytes).toBeLessThanOrEqual(0.1 * 2 ** 20)
    expect(result.iterations).toBeGreaterThan(10)
    expect(result.iterations).toBeLessThan(5000)
    expect(evaluate(paper(20, 1), result.assignment).est).toBe(result.evaluation.est)
  })

  it('refuses a limit below a single state', () => {
    expect(() => qLearning(paper(3, 1), { preset: 'paper', maxMemoryMib: 1e-6 })).toThrow(/options.maxMemoryMib/)
  })
})

describe('alternative readings', () => {
  it('every one runs, and its best schedule is what it says', () => {
    const problem = paper(8, 3)
    for (const state of ['prefix', 'stage', 'bucket'] as const) {
      for (const actions of ['vm', 'rank'] as const) {
        for (const weightSignal of ['immediate', 'episode'] as const) {
          for (const reward of ['paper', 'paper-vm-time', 'terminal'] as const) {
            const result = whaql(problem, {
              preset: 'paper',
              state,
              actions,
              weightSignal,
              reward,
              order: 'lpt',
              episodes: 100,
            })
            expect(result.gap).toBeGreaterThanOrEqual(0)
            expect(evaluate(problem, result.assignment).est).toBe(result.evaluation.est)
          }
        }
      }
    }
  })
})
