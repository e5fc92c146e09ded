import fc from 'fast-check'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { drive, driveAsync } from '../../src/run/drive.ts'
import type { AsyncSteps, Progress, Pulse, RunOptions, Steps, StopReason } from '../../src/run/run-options.ts'

const clock = vi.hoisted(() => ({ ms: 0 }))
vi.mock('../../src/run/clock.ts', () => ({ nowMs: () => clock.ms }))

beforeEach(() => {
  clock.ms = 0
})

interface End {
  readonly stop: StopReason | null
  readonly steps: number
  readonly fractions: readonly number[]
}

/** An algorithm of at most `count` steps, `costs` evaluations each; its gap is 1 / (1 + step). Each step takes `stepMs`. */
function* counter(count: number, costs = 1, stepMs = 0): Steps<End> {
  const fractions: number[] = []
  for (let step = 1; step <= count; step++) {
    clock.ms += stepMs
    const gap = 1 / (1 + step)
    const pulse: Pulse = yield { fraction: step / count, best: gap, gap, iteration: step, evaluations: step * costs }
    fractions.push(pulse.fraction)
    if (pulse.stop) return { stop: pulse.stop, steps: step, fractions }
  }
  return { stop: null, steps: count, fractions }
}

const drivers: [string, (steps: Steps<End>, options: RunOptions) => Promise<End>][] = [
  ['drive', async (steps, options) => drive(steps, options)],
  ['driveAsync', driveAsync],
]

/** The same algorithm with a wait in each step. */
async function* waitingCounter(...given: Parameters<typeof counter>): AsyncSteps<End> {
  const steps = counter(...given)
  let step = steps.next()
  while (!step.done) {
    await Promise.resolve()
    step = steps.next(yield step.value)
  }
  return step.value
}

test('driveAsync runs an algorithm that waits inside its steps', async () => {
  expect(await driveAsync(waitingCounter(4), {})).toEqual({ stop: null, steps: 4, fractions: [0.25, 0.5, 0.75, 1] })
  expect(await driveAsync(waitingCounter(9), { maxEvaluations: 2 })).toMatchObject({
    stop: 'evaluationLimit',
    steps: 2,
  })
})

describe.each(drivers)('%s', (_, run) => {
  test('runs to the end without any limit', async () => {
    expect(await run(counter(4), {})).toEqual({ stop: null, steps: 4, fractions: [0.25, 0.5, 0.75, 1] })
  })

  test('throws the reason when aborted before the start, and takes no step', async () => {
    const step = vi.fn()
    function* steps(): Steps<End> {
      step()
      return yield* counter(1)
    }
    const reason = new Error('closed')
    await expect(run(steps(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(step).not.toHaveBeenCalled()
  })

  test('an abort on the way stops at the next step', async () => {
    const controller = new AbortController()
    const onProgress = ({ iteration }: Progress): void => {
      if (iteration === 3) controller.abort()
    }
    expect(await run(counter(10), { signal: controller.signal, onProgress })).toMatchObject({
      stop: 'aborted',
      steps: 3,
    })
  })

  test('the time limit counts from the start, and its share is the fraction', async () => {
    // 2 ms a step, limit 5: 2/5, 4/5, and 6 >= 5 stops; each is more than the share of the 100 steps.
    const end = await run(counter(100, 1, 2), { timeLimitMs: 5 })
    expect(end).toEqual({ stop: 'timeLimit', steps: 3, fractions: [0.4, 0.8, 1] })
  })

  test('the evaluation limit stops when it is reached or passed', async () => {
    // 3 evaluations a step, limit 7: 3/7, 6/7, 9/7 counts as 1.
    const end = await run(counter(100, 3), { maxEvaluations: 7 })
    expect(end).toEqual({ stop: 'evaluationLimit', steps: 3, fractions: [3 / 7, 6 / 7, 1] })
  })

  test('the target gap stops when it is reached', async () => {
    // Gaps are 1/2, 1/3, 1/4.
    expect(await run(counter(100), { targetGap: 0.25 })).toMatchObject({ stop: 'targetReached', steps: 3 })
  })

  test('an unknown gap reaches no target', async () => {
    function* steps(): Steps<Pulse> {
      return yield { fraction: 0.5, best: null, gap: null, iteration: 1, evaluations: 1 }
    }
    expect(await (run as typeof driveAsync)(steps(), { targetGap: 1 })).toEqual({ fraction: 0.5, stop: null })
  })

  test('of several reasons the abort comes first, then the target, then the limits', async () => {
    const all = { timeLimitMs: 1, maxEvaluations: 1, targetGap: 1 }
    const controller = new AbortController()
    const onProgress = (): void => controller.abort()
    expect(await run(counter(9, 1, 2), { ...all, signal: controller.signal, onProgress })).toMatchObject({
      stop: 'aborted',
    })
    expect(await run(counter(9, 1, 2), all)).toMatchObject({ stop: 'targetReached' })
    expect(await run(counter(9, 1, 2), { ...all, targetGap: 0 })).toMatchObject({ stop: 'timeLimit' })
    expect(await run(counter(9), { ...all, targetGap: 0 })).toMatchObject({ stop: 'evaluationLimit' })
  })

  test('an error in onProgress comes out', async () => {
    const error = new Error('mine')
    const onProgress = (): void => {
      throw error
    }
    await expect(run(counter(9), { onProgress })).rejects.toBe(error)
  })

  test('the algorithm sees its options first, however broken they are', async () => {
    function* steps(): Steps<End> {
      yield* [] as never[]
      throw new TypeError('bad options')
    }
    for (const options of [null, { signal: 5 }, { signal: 'x' }, { timeLimitMs: 'x' }]) {
      await expect(run(steps(), options as unknown as RunOptions)).rejects.toThrow('bad options')
    }
  })

  test('fractions told to the algorithm and to onProgress are the same, never fall and stay in [0, 1]', async () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    await fc.assert(
      fc.asyncProperty(
        fc.array(share, { maxLength: 20 }),
        fc.integer({ min: 1, max: 30 }),
        async (shares, maxEvaluations) => {
          function* steps(): Steps<number[]> {
            const answers: number[] = []
            for (const [i, fraction] of shares.entries()) {
              answers.push((yield { fraction, best: null, gap: null, iteration: i, evaluations: i }).fraction)
            }
            return answers
          }
          const told: number[] = []
          const onProgress = ({ fraction }: Progress): void => void told.push(fraction)
          const answers = await (run as typeof driveAsync)(steps(), { maxEvaluations, onProgress })
          expect(answers).toEqual(told)
          // The fraction is the largest share of any budget so far: that of the algorithm, or i of maxEvaluations.
          const expected = shares.map((_share, i) =>
            Math.min(1, Math.max(i / maxEvaluations, ...shares.slice(0, i + 1))),
          )
          expect(told).toEqual(expected)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('driveAsync', () => {
  async function turnsOf(stepMs: number): Promise<string[]> {
    const turns: string[] = []
    setTimeout(() => turns.push('timer'), 0)
    await driveAsync(counter(3, 1, stepMs), { onProgress: ({ iteration }) => void turns.push(`step ${iteration}`) })
    return turns
  }

  test('lets nothing in before 16 ms of work are done', async () => {
    expect(await turnsOf(5)).toEqual(['step 1', 'step 2', 'step 3'])
  })

  test('counts 16 ms as enough', async () => {
    expect(await turnsOf(8)).toEqual(['step 1', 'timer', 'step 2', 'step 3'])
  })

  test('lets timers in after that', async () => {
    // 10 ms a step: 20 ms are over when step 2 is done.
    expect(await turnsOf(10)).toEqual(['step 1', 'timer', 'step 2', 'step 3'])
  })
})
