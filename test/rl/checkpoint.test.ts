import { describe, expect, it } from 'vitest'
import { createProblem } from '../../src/model/problem.ts'
import type { SolveOptions } from '../../src/model/solver.ts'
import type { Checkpoint } from '../../src/rl/checkpoint.ts'
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
