import { describe, expect, test } from 'vitest'
import { sinusoidEpisodes, sinusoidTestBatch } from '../../src/meta/episodes/sinusoid.ts'
import type { EpisodeSource } from '../../src/meta/episodes/episode.ts'
import type { TrainingCheckpoint } from '../../src/meta/training/train-learner.ts'
import { adaptLearner, measureLearner, trainOnEpisodes } from '../../src/meta/training/train-on-episodes.ts'
import { isCloudschedError } from '../../src/errors/cloudsched-error.ts'
import { smallModel } from './small-model.ts'

const source = sinusoidEpisodes({ supportRows: 5 })
const quick = { iterations: 40, metaBatch: 5, hidden: [10], checkEvery: 10, seed: 3 }

async function rejected(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error('Nothing was thrown.')
    },
    (error: unknown) => error,
  )
}

describe('training', () => {
  test('the same seed gives the same weights, another one others', async () => {
    const first = await trainOnEpisodes('maml', source, quick)
    expect(await trainOnEpisodes('maml', source, quick)).toEqual(first)
    expect((await trainOnEpisodes('maml', source, { ...quick, seed: 4 })).weights).not.toEqual(first.weights)
    expect(first).toMatchObject({ status: 'completed', iterations: 40 })
    expect(first.heldOutLoss).toBeLessThan(first.history[0]!.best!)
  })

  test.each(['maml', 'platipus', 'reptile', 'matching'] as const)(
    'resuming %s from a checkpoint comes to the weights of an unbroken run',
    async (learner) => {
      const checkpoints: TrainingCheckpoint[] = []
      const options = { ...quick, metaRate: learner === 'reptile' ? 0.3 : 0.003 }
      const whole = await trainOnEpisodes(learner, source, { ...options, onCheckpoint: (c) => checkpoints.push(c) })
      const resume = JSON.parse(JSON.stringify(checkpoints[2])) as TrainingCheckpoint
      expect(resume.iteration).toBe(20)
      const resumed = await trainOnEpisodes(learner, source, { ...options, resume })
      expect(resumed.weights).toEqual(whole.weights)
      expect(resumed.heldOutLoss).toBe(whole.heldOutLoss)
    },
  )

  test('a checkpoint of another learner is refused', async () => {
    const checkpoints: TrainingCheckpoint[] = []
    await trainOnEpisodes('maml', source, { ...quick, onCheckpoint: (c) => checkpoints.push(c) })
    const error = await rejected(trainOnEpisodes('fomaml', source, { ...quick, resume: checkpoints[0]! }))
    expect(error).toMatchObject({ code: 'checkpoint', path: 'options.resume' })
  })

  test('an abort gives the best weights so far', async () => {
    const controller = new AbortController()
    const trained = await trainOnEpisodes('maml', source, {
      ...quick,
      signal: controller.signal,
      onProgress: ({ iteration }) => iteration === 15 && controller.abort(),
    })
    expect(trained).toMatchObject({ status: 'aborted', iterations: 15 })
    const fractions: number[] = []
    await trainOnEpisodes('maml', source, { ...quick, onProgress: ({ fraction }) => fractions.push(fraction) })
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
  })

  test('ends early when the held-out tasks gain no more', async () => {
    // Steps far too long for plain descent to gain: the start stays the best.
    const trained = await trainOnEpisodes('reptile', source, { ...quick, iterations: 400, metaRate: 1e-9, patience: 2 })
    expect(trained).toMatchObject({ status: 'stoppedEarly', iterations: 20 })
  })

  test('a loss that is not finite ends training by a typed error', async () => {
    const broken: EpisodeSource = {
      ...source,
      batch: (tasks, rng) => {
        const batch = source.batch(tasks, rng)
        return { ...batch, queryY: batch.queryY.map(() => Number.NaN) }
      },
    }
    const error = await rejected(trainOnEpisodes('maml', broken, quick))
    expect(isCloudschedError(error) && error.code).toBe('invalid-input')
    expect(error).toMatchObject({ path: 'loss of iteration 1' })
  })

  test('what a learner does not have is refused', async () => {
    expect(await rejected(trainOnEpisodes('prototypical', source, quick))).toMatchObject({ path: 'learner' })
    expect(await rejected(trainOnEpisodes('reptile', source, { ...quick, learnRates: true }))).toMatchObject({
      path: 'options.learnRates',
    })
    expect(await rejected(trainOnEpisodes('versa', source, { ...quick, backend: 'kernels' }))).toMatchObject({
      path: 'options.backend',
    })
    expect(await rejected(smallModel('versa', { form: 'slots' }))).toMatchObject({ path: 'learner' })
  })
})

describe('sinusoids', () => {
  test('MAML adapts: the error falls with the inner steps', async () => {
    const trained = await trainOnEpisodes('maml', sinusoidEpisodes(), { iterations: 600, hidden: [20, 20], seed: 1 })
    const batch = sinusoidTestBatch(50, { queryRows: 20 })
    const mse = (steps: number): number => {
      const { losses } = measureLearner(trained, batch, { steps })
      return losses.reduce((sum: number, loss) => sum + loss!, 0) / losses.length
    }
    const [before, after] = [mse(0), mse(5)]
    expect(after).toBeLessThan(0.9 * before)
  })

  test('a diverging adaptation is told, and answers with its best step', async () => {
    const trained = await trainOnEpisodes('maml', source, quick)
    const x = Float32Array.of(-4, -2, 0, 2, 4)
    const support = { count: 5, x, y: x.map((at) => 100 * at) }
    const wild = { ...trained, shape: { ...trained.shape, innerRate: 50 } }
    const { diverged, predict, supportLosses } = adaptLearner(wild, support, { steps: 10 })
    expect(diverged).toBe(true)
    expect(supportLosses.every(Number.isFinite)).toBe(true)
    expect(predict(x, 5).mean.every(Number.isFinite)).toBe(true)
    expect(adaptLearner(trained, { ...support, y: x }, { steps: 1 }).diverged).toBe(false)
  })

  test('posterior learners give samples that spread, the same for the same seed', async () => {
    for (const learner of ['platipus', 'versa'] as const) {
      const trained = await trainOnEpisodes(learner, source, { ...quick, samples: 6 })
      const support = { count: 5, x: Float32Array.of(-4, -2, 0, 2, 4), y: Float32Array.of(1, 0, -1, 0, 1) }
      const predict = (seed: number) => adaptLearner(trained, support, { seed }).predict(Float32Array.of(0.5), 1)
      const { samples, spread } = predict(1)
      expect(samples.length).toBe(6)
      expect(spread![0]).toBeGreaterThan(0)
      expect(predict(1)).toEqual(predict(1))
      expect(predict(2)).not.toEqual(predict(1))
    }
  })
})
