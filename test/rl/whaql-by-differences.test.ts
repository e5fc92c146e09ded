import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import { createLoadState, estOf } from '../../src/objective/load-state.ts'
import { evaluate, vmSecondsOf } from '../../src/objective/evaluate.ts'
import { createRng } from '../../src/random/rng.ts'
import { pickIndex } from '../../src/random/sample.ts'
import { createEpisode } from '../../src/rl/deviating-episode.ts'
import { whaql } from '../../src/rl/whaql.ts'
import { etcInstance } from './etc-instance.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'

describe('createEpisode', () => {
  it('keeps loads, cost and est equal to a full evaluation, kept or undone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.boolean(), fc.constantFrom(0, 0.3, 0.5, 1), (seed, isUniform, timeWeight) => {
        const problem = createProblem(isUniform ? paperInstance({ taskCount: 15, seed }) : etcInstance(15, 4, seed))
        const rng = createRng(seed)
        const state = createLoadState(
          problem,
          Array.from({ length: 15 }, () => pickIndex(rng, problem.vmCount)),
        )
        const play = createEpisode(state, timeWeight, 0.5, 4, rng)
        let est = estOf(state, timeWeight)
        for (let episode = 0; episode < 200; episode++) {
          const before = [...state.assignment]
          const limit = est + 0.01
          const after = play(1 + (episode % 4), est, limit)
          expect(after).toBeLessThanOrEqual(limit)
          if (after === est && episode % 4 > 0) continue
          if (after > limit) expect([...state.assignment]).toEqual(before)
          est = after
        }
        const loads = vmSecondsOf(problem, state.assignment)
        loads.forEach((seconds, vm) => expect(state.vmSeconds[vm]).toBeCloseTo(seconds, 6))
        expect(estOf(state, timeWeight)).toBeCloseTo(evaluate(problem, [...state.assignment], { timeWeight }).est!, 9)
        expect(est).toBeCloseTo(estOf(state, timeWeight), 9)
      }),
      { numRuns: 40 },
    )
  })
})

describe("whaql, preset 'default'", () => {
  it('is never worse than where it starts', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0, 0.5, 1), (seed, timeWeight) => {
        const problem = createProblem(paperInstance({ taskCount: 12, seed }))
        const initial = Array.from({ length: 12 }, (_, i) => i % 5)
        const result = whaql(problem, { initial, timeWeight, episodes: 300, seed })
        expect(result.evaluation.est!).toBeLessThanOrEqual(evaluate(problem, initial, { timeWeight }).est! + 1e-12)
      }),
      { numRuns: 50 },
    )
  })

  it('has the law of the tabular run: stage states, VM actions, episode value, p = 0.9', () => {
    const seeds = Array.from({ length: 40 }, (_, seed) => seed)
    const gaps = (run: (seed: number) => number | null) => seeds.map((seed) => run(seed)!)
    const instance = (seed: number) => createProblem(paperInstance({ taskCount: 20, seed }))
    const tabular = gaps(
      (seed) => whaql(instance(seed), { preset: 'stage', actions: 'vm', order: 'input', episodes: 2000, seed }).gap,
    )
    const differences = gaps(
      (seed) =>
        whaql(instance(seed), {
          episodes: 2000,
          exploitation: 0.9,
          swap: 0,
          ageing: 0,
          initial: new Array(20).fill(0),
          seed,
        }).gap,
    )
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    // Means of 40 runs of either kind, standard error of each about 0.15 per cent: three of them apart would be a difference.
    expect(Math.abs(mean(tabular) - mean(differences))).toBeLessThan(0.0064)
  })

  it('proves the optimum at weight 0 at once: all tasks on the VM that is cheapest per unit of work', () => {
    const result = whaql(createProblem(paperInstance({ taskCount: 30, seed: 5 })), { timeWeight: 0 })
    expect(result.status).toBe('optimal')
    expect(new Set(result.assignment).size).toBe(1)
    expect(result.iterations).toBe(0)
  })

  it('uses its whole time limit when no number of episodes is given, and 5000 episodes when nothing is', () => {
    const problem = createProblem(paperInstance({ taskCount: 50, seed: 5 }))
    expect(whaql(problem).iterations).toBe(5000)
    const limited = whaql(problem, { maxEvaluations: 20_000 })
    expect(limited.status).toBe('evaluationLimit')
    expect(limited.iterations).toBeGreaterThanOrEqual(20_000)
    expect(whaql(problem, { timeLimitMs: 20 }).status).toBe('timeLimit')
  })

  it('refuses options of the tables, which it does not have', () => {
    // @ts-expect-error: a learning rate has no effect in this preset
    expect(() => whaql(createProblem(paperInstance({ taskCount: 3 })), { learningRate: 0.5 })).toThrow(
      /options.learningRate/,
    )
  })

  it('refuses an initial schedule of another problem', () => {
    expect(() => whaql(createProblem(paperInstance({ taskCount: 3 })), { initial: [0, 0] })).toThrow(/options.initial/)
  })

  it('comes close to the bound: mean gap of 20 instances of 20 x 5 below 0.2 per cent', () => {
    let sum = 0
    for (let seed = 1; seed <= 20; seed++)
      sum += whaql(createProblem(paperInstance({ taskCount: 20, seed })), { seed }).gap!
    expect(sum / 20).toBeLessThan(0.002)
  })
})
