import { describe, expect, test } from 'vitest'
import { integerIn, satisfying } from '../../src/errors/read-options.ts'
import { createProblem } from '../../src/model/problem.ts'
import type { SolveOptions } from '../../src/model/solver.ts'
import { lowerBound } from '../../src/objective/bounds.ts'
import { type SolveRun, startRun } from '../../src/objective/solve-run.ts'
import { defaultSeed, substream } from '../../src/random/rng.ts'
import { caught } from '../caught.ts'

const problem = createProblem({ tasks: { lengthMi: [6, 4, 3] }, vms: { speedMips: [1, 1], pricePerSecond: [1, 1] } })

interface Options extends SolveOptions {
  readonly episodes?: number
}

function start(options: Options = {}, of = problem): SolveRun<Options> {
  return startRun('my-solver', of, options, { episodes: 10 }, { episodes: integerIn(1) })
}

describe('the options of a run', () => {
  test('are those of every solver and its own, defaults filled in', () => {
    const { options, timeWeight } = start({ maxEvaluations: 5 })
    expect(options).toEqual({ seed: defaultSeed, episodes: 10, maxEvaluations: 5 })
    expect(timeWeight).toBe(0.5)
  })

  test.each([
    ['episodes', 0],
    ['timeWeight', -1],
    ['maxEvaluations', 0],
    ['seed', null],
    ['generations', 3],
  ])('a broken %s is refused', (key, value) => {
    expect(caught(() => start({ [key]: value }))).toMatchObject({ code: 'invalid-option', path: `options.${key}` })
  })

  test('a weight that the problem cannot have is refused', () => {
    expect(caught(() => start({ timeWeight: 0.5 }, createProblem({ etc: [[1]] }))).expected).toBe(
      '1 in a problem without prices',
    )
  })
})

test('random streams are named by seed, solver and purpose', () => {
  expect(start({ seed: 7 }).rng('explore')()).toBe(substream(7, 'my-solver/explore')())
  expect(start().rng('explore')()).toBe(substream(defaultSeed, 'my-solver/explore')())
})

test('progress carries the gap to the bound', () => {
  const run = start({ timeWeight: 1 })
  // The bound is 13/2 = 6.5 s; a schedule of 7 s is 7/6.5 - 1 away.
  expect(run.progress(0.25, Math.log(7), 3, 40)).toEqual({
    fraction: 0.25,
    best: Math.log(7),
    gap: expect.closeTo(7 / 6.5 - 1, 12),
    iteration: 3,
    evaluations: 40,
  })
  const empty = start({}, createProblem({ etc: [], vms: [{}] }))
  expect(empty.progress(1, 0, 0, 0).gap).toBeNull()
})

describe('the result', () => {
  test('evaluates the assignment and holds it against the bound', () => {
    const result = start({ timeWeight: 1, episodes: 3, seed: 'x' }).finish({
      assignment: Int32Array.of(0, 1, 1),
      evaluations: 12,
      iterations: 4,
    })
    expect(result).toMatchObject({
      solver: 'my-solver',
      status: 'completed',
      assignment: [0, 1, 1],
      evaluation: { timeSeconds: 7, cost: 13 },
      bound: lowerBound(problem, { timeWeight: 1 }).est,
      history: [],
      evaluations: 12,
      iterations: 4,
      seed: 'x',
      options: { seed: 'x', episodes: 3, timeWeight: 1 },
      ignored: [],
    })
    expect(result.gap).toBeCloseTo(7 / 6.5 - 1, 12)
  })

  test('says why the run stopped, unless the bound proves the schedule optimal', () => {
    const run = start({ timeWeight: 0 })
    const outcome = { evaluations: 1, iterations: 1, stop: 'timeLimit' } as const
    // Cost is 13 wherever the tasks run: the bound is met.
    expect(run.finish({ ...outcome, assignment: [0, 0, 0] })).toMatchObject({ status: 'optimal', gap: 0 })
    expect(start().finish({ ...outcome, assignment: [0, 0, 0] }).status).toBe('timeLimit')
  })

  test('takes the higher of the general bound and one that the run has proven', () => {
    const run = start({ timeWeight: 1 })
    const outcome = { assignment: [0, 1, 1], evaluations: 1, iterations: 1 }
    expect(run.finish({ ...outcome, provenBound: Math.log(6.8) }).bound).toBe(Math.log(6.8))
    expect(run.finish({ ...outcome, provenBound: Math.log(2) }).bound).toBe(run.bound)
    expect(run.finish({ ...outcome, provenBound: run.finish(outcome).evaluation.est! })).toMatchObject({
      status: 'optimal',
      gap: 0,
    })
  })

  test('of a schedule with unplaced tasks has no gap and is never optimal', () => {
    expect(start().finish({ assignment: [0, -1, -1], evaluations: 1, iterations: 1 })).toMatchObject({
      status: 'completed',
      gap: null,
    })
  })

  test('without tasks is empty', () => {
    const none = createProblem({ tasks: [], vms: [{ speedMips: 1 }] })
    expect(start({}, none).finish({ assignment: [], evaluations: 0, iterations: 0 })).toMatchObject({
      status: 'completed',
      assignment: [],
      bound: null,
      gap: null,
    })
  })

  test('carries data only', () => {
    const options = {
      signal: new AbortController().signal,
      onProgress: (): void => undefined,
      initial: Int32Array.of(1, 0, 1),
      maxEvaluations: Infinity,
    }
    const run = startRun(
      'my-solver',
      problem,
      options as SolveOptions,
      {},
      { initial: satisfying(ArrayBuffer.isView, 'a typed array') },
    )
    const result = run.finish({ assignment: [0, 1, 1], evaluations: 1, iterations: 1 })
    expect(result.options).toEqual({
      seed: defaultSeed,
      timeWeight: 0.5,
      initial: [1, 0, 1],
      maxEvaluations: 2 ** 53 - 1,
    })
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  test('names no field that carries nothing but its default', () => {
    const still = createProblem({
      tasks: {
        lengthMi: [1],
        cores: [1],
        arrivalSeconds: [0],
        deadlineSeconds: [Infinity],
        inputMegabytes: [0],
        outputMegabytes: [0],
      },
      vms: { speedMips: [1], cores: [1], bandwidthMbps: [Infinity] },
    })
    expect(start({}, still).finish({ assignment: [0], evaluations: 1, iterations: 1 }).ignored).toEqual([])
  })

  test('names the fields that the static model leaves out, where they say something', () => {
    const dynamic = createProblem({
      tasks: [
        { lengthMi: 1, arrivalSeconds: 5, inputMegabytes: 0 },
        { lengthMi: 1, deadlineSeconds: 9 },
      ],
      vms: [{ speedMips: 1, bandwidthMbps: 10, cores: 1 }],
    })
    expect(start({}, dynamic).finish({ assignment: [0, 0], evaluations: 1, iterations: 1 }).ignored).toEqual([
      'tasks.arrivalSeconds',
      'tasks.deadlineSeconds',
      'vms.bandwidthMbps',
    ])
  })
})
