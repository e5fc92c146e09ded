/**
 * What every solver promises, whatever its algorithm. A solver that fails here breaks a promise of the documentation.
 */
import { describe, expect, test } from 'vitest'
import { type CloudschedError, isCloudschedError } from '../../src/errors/cloudsched-error.ts'
import { checkAssignment } from '../../src/model/assignment.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { AsyncSolver, SolveOptions, Solver, SolveResult } from '../../src/model/solver.ts'
import { lowerBound } from '../../src/objective/bounds.ts'
import { evaluate } from '../../src/objective/evaluate.ts'
import { weightedEst } from '../../src/objective/weighted.ts'
import type { Progress } from '../../src/run/run-options.ts'
import { contractProblems, longProblem, optimalEst } from './contract-problems.ts'

/** The forms in which a solver comes; one that places all tasks in one pass has no asynchronous form. */
export interface SolverForms<O extends SolveOptions> {
  readonly sync?: Solver<O>
  readonly async?: AsyncSolver<O>
  /** Proves its schedules optimal on problems as small as those of this suite. */
  readonly isExact?: boolean
  /** Makes no sense without prices, and says so. */
  readonly needsPrices?: boolean
  /** So slow that one kind of problem must do to see that runs repeat. */
  readonly isSlow?: boolean
}

/** est moves by this much when sums are made in another order. */
const rounding = 1e-9

/** And by this much when loads of many magnitudes follow changes by differences, as in a search. */
const drift = 1e-6

/**
 * Holds a solver to its promises.
 *
 * @param options - options that make it quick, yet let it take more than one step
 */
export function describeSolverContract<O extends SolveOptions>(name: string, forms: SolverForms<O>, options: O): void {
  const { sync, async: inPieces, isExact = false, needsPrices = false, isSlow = false } = forms
  const isIterative = inPieces !== undefined

  async function solve(problem: Problem, extra: SolveOptions & Record<string, unknown> = {}): Promise<SolveResult> {
    const all = { ...options, ...extra }
    return sync ? sync(problem, all) : await inPieces!(problem, all)
  }

  describe(name, () => {
    describe.each(Object.keys(contractProblems))('%s', (title) => {
      const problem = contractProblems[title]!
      if (needsPrices && !problem.pricePerSecond) {
        test('is refused', async () => {
          expect(await refusal(solve(problem))).toMatchObject({ code: 'invalid-input' })
        })
        return
      }
      const weights = problem.pricePerSecond ? [0, 0.5, 1] : [1]
      test.each(weights)('at a time weight of %s', async (timeWeight) => {
        const before = structuredClone(problem)
        const result = await solve(problem, { timeWeight })
        expect(problem).toEqual(before)
        expectTrue(problem, timeWeight, result)
        expectHonest(title, timeWeight, result, isExact)
        if (!isSlow) expect(await solve(problem, { timeWeight })).toEqual(result)
      })
    })

    test('is repeated by what its result says, after a passage through JSON', async () => {
      const problem = contractProblems['unrelated machines']!
      const result = await solve(problem, { seed: 7 })
      expect(JSON.parse(JSON.stringify(result))).toEqual(result)
      expect(structuredClone(result)).toEqual(result)
      const again = JSON.parse(JSON.stringify(result.options)) as Record<string, unknown>
      expect(await solve(problem, again)).toEqual(result)
    })

    test('leaves functions and signals out of the options of its result', async () => {
      const extra = { signal: new AbortController().signal, onProgress: (): void => undefined }
      const result = await solve(contractProblems['unrelated machines']!, extra)
      expect(Object.keys(result.options)).not.toContain('signal')
      expect(Object.keys(result.options)).not.toContain('onProgress')
      expect(result).toEqual(await solve(contractProblems['unrelated machines']!))
    })

    if (sync && inPieces) {
      test.each(['uniform machines', 'unrelated machines', 'no tasks'])(
        'comes to the same in pieces: %s',
        async (title) => {
          const problem = contractProblems[title]!
          expect(await inPieces(problem, options)).toEqual(sync(problem, options))
        },
      )
    }

    test('reports progress that never falls, in [0, 1], of a best schedule that never gets worse', async () => {
      const told: Progress[] = []
      const result = await solve(contractProblems['unrelated machines']!, {
        onProgress: (progress) => void told.push(progress),
      })
      told.forEach((progress, k) => {
        expect(progress.fraction).toBeGreaterThanOrEqual(told[k - 1]?.fraction ?? 0)
        expect(progress.fraction).toBeLessThanOrEqual(1)
        expect(progress.iteration).toBeGreaterThanOrEqual(told[k - 1]?.iteration ?? 0)
        expect(progress.evaluations).toBeGreaterThanOrEqual(told[k - 1]?.evaluations ?? 0)
        expect(progress.best ?? Infinity).toBeLessThanOrEqual((told[k - 1]?.best ?? Infinity) + rounding)
        expect(progress.best ?? Infinity).toBeGreaterThanOrEqual(result.evaluation.est! - rounding)
      })
    })

    test('throws the reason when it is aborted before the start', async () => {
      const reason = new Error('not today')
      const signal = AbortSignal.abort(reason)
      if (sync) expect(() => sync(longProblem, { ...options, signal })).toThrow(reason)
      if (inPieces) await expect(inPieces(longProblem, { ...options, signal })).rejects.toBe(reason)
    })

    test.each<[string, unknown]>([
      ['flavour', 1],
      ['timeWeight', 1.5],
      ['timeWeight', Number.NaN],
      ['seed', null],
      ['signal', 5],
      ['timeLimitMs', -1],
      ['maxEvaluations', 0],
      ['targetGap', -0.5],
      ['onProgress', 'loud'],
    ])('refuses the option %s = %s by its name', async (key, value) => {
      const error = await refusal(solve(contractProblems['uniform machines']!, { [key]: value }))
      expect(error).toMatchObject({ code: 'invalid-option', path: `options.${key}` })
    })

    test('refuses the input of a problem in its place', async () => {
      const input = { tasks: [{ lengthMi: 1 }], vms: [{ speedMips: 1 }] } as unknown as Problem
      const error = await refusal(solve(input))
      expect(error).toMatchObject({
        code: 'invalid-input',
        path: 'problem',
        expected: 'a problem made by createProblem',
      })
    })

    test('refuses a weight below 1 in a problem without prices', async () => {
      const error = await refusal(solve(contractProblems['uniform machines without prices']!, { timeWeight: 0.5 }))
      expect(error).toMatchObject({ code: 'invalid-option', path: 'options.timeWeight' })
    })

    if (!isIterative) return

    describe('when it is stopped early', () => {
      test.each<[string, () => Stop]>([
        ['aborted', abortAtFirstStep],
        ['evaluationLimit', () => ({ maxEvaluations: 1 })],
        ['timeLimit', () => ({ timeLimitMs: 1 })],
        ['targetReached', () => ({ targetGap: 1e9 })],
      ])('says %s and returns the best so far', async (status, stop) => {
        let best = Infinity
        const { signal, controller, ...limits } = stop()
        const onProgress = (progress: Progress): void => {
          best = Math.min(best, progress.best ?? Infinity)
          controller?.abort()
        }
        const result = await solve(longProblem, { ...limits, ...(signal ? { signal } : {}), onProgress })
        expect(result.status).toBe(status)
        expectTrue(longProblem, 0.5, result)
        expect(result.evaluation.est).toBeLessThanOrEqual(best + rounding)
      })
    })
  })
}

interface Stop {
  readonly signal?: AbortSignal
  readonly controller?: AbortController
  readonly maxEvaluations?: number
  readonly timeLimitMs?: number
  readonly targetGap?: number
}

function abortAtFirstStep(): Stop {
  const controller = new AbortController()
  return { controller, signal: controller.signal }
}

/** The figures of a result belong to its assignment, and the assignment to the problem. */
function expectTrue(problem: Problem, timeWeight: number, result: SolveResult): void {
  const { assignment, evaluation, bound, gap, history, status } = result
  expect(() => checkAssignment(problem, assignment)).not.toThrow()
  expect(evaluation).toEqual(evaluate(problem, assignment, { timeWeight }))
  expect(evaluation.unplacedCount).toBe(0)
  expect(result.options['timeWeight']).toBe(timeWeight)
  expect(result.options['seed']).toEqual(result.seed)
  expect(JSON.parse(JSON.stringify(result))).toEqual(result)

  const general = lowerBound(problem, { timeWeight }).est
  const { est } = evaluation
  if (est === null) expect([bound, gap]).toEqual([null, null])
  else if (general !== null) expect(bound).toBeGreaterThanOrEqual(general)
  if (est !== null && bound !== null) {
    expect(est).toBeGreaterThanOrEqual(bound - rounding)
    expect(gap).toBeCloseTo(Math.max(0, Math.expm1(est - bound)), 9)
  } else expect(gap).toBeNull()
  expect(status === 'optimal').toBe(gap === 0)

  expect(result.evaluations).toBeGreaterThanOrEqual(0)
  expect(result.iterations).toBeGreaterThanOrEqual(0)
  history.forEach((point, k) => {
    expect(point.best ?? Infinity).toBeLessThanOrEqual((history[k - 1]?.best ?? Infinity) + drift)
    expect(point.iteration).toBeGreaterThanOrEqual(history[k - 1]?.iteration ?? 0)
    expect(point.evaluations).toBeGreaterThanOrEqual(history[k - 1]?.evaluations ?? 0)
  })
  const last = history.at(-1)
  if (last && est !== null) expect(Math.abs(last.best! - est)).toBeLessThanOrEqual(drift)
}

/** No schedule is better than the best of all, no bound is above it, and 'optimal' is true. */
function expectHonest(title: string, timeWeight: number, result: SolveResult, isExact: boolean): void {
  const problem = contractProblems[title]!
  if (problem.taskCount === 0) return
  const { evaluation, bound, status } = result
  const optimum = optimalEst(title, timeWeight)
  const found = weightedEst(timeWeight, evaluation.timeSeconds, evaluation.cost ?? 0)
  expect(found).toBeGreaterThanOrEqual(optimum - rounding)
  if (bound !== null) expect(bound).toBeLessThanOrEqual(optimum + rounding)
  if (status === 'optimal' || isExact) expect(found).toBeLessThanOrEqual(optimum + rounding)
  if (isExact && evaluation.est !== null) expect(status).toBe('optimal')
}

async function refusal(run: Promise<unknown>): Promise<CloudschedError> {
  const error: unknown = await run.then(
    () => new Error('The call threw nothing.'),
    (thrown: unknown) => thrown,
  )
  if (isCloudschedError(error)) return error
  throw error
}
