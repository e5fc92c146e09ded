import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import type { SolveOptions } from '../../src/model/solver.ts'
import { type Checkpoint, fingerprintOf } from '../../src/rl/checkpoint.ts'
import { haql } from '../../src/rl/haql.ts'
import { qLearning } from '../../src/rl/q-learning.ts'
import type { LearningResult } from '../../src/rl/tabular-options.ts'
import { whaql } from '../../src/rl/whaql.ts'
import { paperInstance } from '../../src/workload/paper-instance.ts'

const problem = createProblem(paperInstance({ taskCount: 15, seed: 1 }))
type Extra = SolveOptions & { withCheckpoint?: true; resume?: Checkpoint }
const episodes = 3000

const runs: Record<string, (extra: Extra) => LearningResult> = {
  'q-learning, bucket states': (extra) => qLearning(problem, { episodes, ...extra }),
  'q-learning, prefix states': (extra) => qLearning(problem, { preset: 'paper', episodes, ...extra }),
  'haql, look-ahead': (extra) => haql(problem, { episodes, ...extra }),
  'haql, explore': (extra) => haql(problem, { heuristic: 'explore', episodes, ...extra }),
  "whaql, 'paper'": (extra) => whaql(problem, { preset: 'paper', episodes, ...extra }),
  "whaql, 'stage'": (extra) => whaql(problem, { preset: 'stage', episodes, ...extra }),
  "whaql, 'default'": (extra) => whaql(problem, { episodes, ...extra }),
}

/** What a run has found, without what differs by having been asked for a checkpoint. */
function found({ assignment, evaluation, history, iterations, policyAssignment, status }: LearningResult): unknown {
  return { assignment, evaluation, history, iterations, policyAssignment, status }
}

describe.each(Object.entries(runs))('%s', (_name, run) => {
  it('stopped and resumed, also by way of JSON, equals the run that was not stopped', () => {
    const whole = run({ withCheckpoint: true })
    // 150 evaluations end in the first tenth of the episodes, 1500 in the middle.
    for (const maxEvaluations of [150, 1500]) {
      const stopped = run({ withCheckpoint: true, maxEvaluations })
      expect(stopped.status).toBe('evaluationLimit')
      expect(stopped.iterations).toBeLessThan(episodes)
      const checkpoint = JSON.parse(JSON.stringify(stopped.checkpoint)) as Checkpoint
      expect(found(run({ withCheckpoint: true, resume: checkpoint }))).toEqual(found(whole))
    }
  })

  it('refuses the checkpoint of another run', () => {
    const { checkpoint } = run({ withCheckpoint: true, maxEvaluations: 100 })
    expect(() => run({ resume: checkpoint!, seed: 'another' })).toThrow(/options.resume.fingerprint/)
    expect(() => run({ resume: { ...checkpoint!, version: 2 as 1 } })).toThrow(/options.resume.version/)
  })
})

describe('the fingerprint of a problem', () => {
  const ones = Array.from({ length: 1010 }, () => 1)
  const wordOf = (lengthMi: number[], vms: { speedMips: number[]; pricePerSecond?: number[] } = { speedMips: [1] }) =>
    fingerprintOf('solver', createProblem({ tasks: { lengthMi }, vms }), {})

  it('tells lengths apart whatever they add up to, and wherever they stand', () => {
    expect(wordOf([3, 2, 5])).not.toBe(wordOf([5, 1, 5]))
    expect(wordOf([2, ...ones])).not.toBe(wordOf([...ones, 2]))
    expect(wordOf([3, 2, 5])).toBe(wordOf([3, 2, 5]))
  })

  it('tells prices apart, and none from those of 0', () => {
    const priced = (...pricePerSecond: number[]) => wordOf([3], { speedMips: [1, 1], pricePerSecond })
    expect(priced(3, 1)).not.toBe(priced(1, 2))
    expect(priced(0, 0)).not.toBe(wordOf([3], { speedMips: [1, 1] }))
  })

  it('tells a forbidden VM from one that takes no time', () => {
    const word = (seconds: number) => fingerprintOf('solver', createProblem({ etc: [[seconds, 4]] }), {})
    expect(word(0)).not.toBe(word(Infinity))
  })
})
