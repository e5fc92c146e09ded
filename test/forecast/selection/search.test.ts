import { describe, expect, test } from 'vitest'
import { naive } from '../../../src/forecast/baselines/naive.ts'
import { CloudschedError } from '../../../src/errors/cloudsched-error.ts'
import { predictLinear, ridgeRegression } from '../../../src/forecast/regression/linear-regression.ts'
import { createSamples, inputsOf, type Samples } from '../../../src/forecast/regression/samples.ts'
import { crossValidate, forecastLoss } from '../../../src/forecast/selection/cross-validate.ts'
import { kFolds, rollingFolds } from '../../../src/forecast/selection/folds.ts'
import { setAside } from '../../../src/forecast/selection/hold-out.ts'
import { gridSearch, gridSearchAsync, randomSearch, randomSearchAsync } from '../../../src/forecast/selection/search.ts'
import { gridPoints, randomPoints } from '../../../src/forecast/selection/search-space.ts'
import { createRng } from '../../../src/random/rng.ts'
import { caught } from '../../caught.ts'
import { randomSamples } from '../regression/random-samples.ts'

const noisy = randomSamples(60, 5, 21, ([a], noise) => a! + 0.5 * noise)
const folds = () => kFolds(setAside(noisy).searchable, { folds: 3, seed: 1 })

function ridgeLoss({ penalty }: { readonly penalty: number }, training: Samples, validation: Samples): number {
  const model = ridgeRegression(training, { penalty })
  const squares = validation.targets.map(
    (target, row) => (target - predictLinear(model, inputsOf(validation, row))) ** 2,
  )
  return squares.reduce((sum, square) => sum + square, 0) / validation.rowCount
}

describe('search spaces', () => {
  test('a grid lists every combination once, the last parameter fastest', () => {
    expect([...gridPoints({ a: [1, 2], b: ['x', 'y', 'z'] })].map(({ a, b }) => `${a}${b}`)).toEqual([
      '1x',
      '1y',
      '1z',
      '2x',
      '2y',
      '2z',
    ])
  })

  test('random points lie in their ranges, whole ones reach both ends, none comes twice', () => {
    const space = {
      k: { low: 1, high: 3, integer: true },
      x: { low: 0.001, high: 10, scale: 'logarithmic' },
      word: ['a', 'b'],
    } as const
    const points = [...randomPoints(space, 500, createRng(1))]
    expect(points).toHaveLength(500)
    expect(new Set(points.map(({ k }) => k))).toEqual(new Set([1, 2, 3]))
    for (const { x } of points) expect(x >= 0.001 && x <= 10).toBe(true)
    // Two of the four decades lie below 0.1: half of the draws do.
    expect(Math.abs(points.filter(({ x }) => x < 0.1).length / 500 - 0.5)).toBeLessThan(0.08)
    expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(500)
  })

  test('a used-up space ends the draw', () => {
    expect([...randomPoints({ a: [1, 2], b: [3] }, 50, createRng(1))]).toHaveLength(2)
  })
})

describe('gridSearch', () => {
  test('hand-computed: the smallest mean wins, the first of equal ones', () => {
    const validationSum = (_: unknown, __: Samples, { targets }: Samples) => targets.reduce((sum, x) => sum + x, 0)
    const three = kFolds(setAside(createSamples([[1], [2], [3], [4]], [1, 2, 3, 99]), 0.25).searchable, { folds: 3 })
    // Each fold judges one of the targets 1, 2, 3: mean 2 times the factor; deviations -1 0 1, error sqrt(2 / 2 / 3) = 0.577.
    const result = gridSearch({ factor: [2, 1, 1.5, 1] }, three, (p, t, v) => p.factor * validationSum(p, t, v))
    expect(result.trials.map(({ mean }) => mean)).toEqual([4, 2, 3, 2])
    expect(result.best).toMatchObject({ trial: 1, parameters: { factor: 1 }, mean: 2, failure: null })
    expect(result.best!.losses.toSorted()).toEqual([1, 2, 3])
    expect(result.best!.standardError).toBeCloseTo(1 / Math.sqrt(3), 12)
    expect(result).toMatchObject({ method: 'grid-search', status: 'completed' })
  })

  test('finds the penalty that predicts best, and its rows say what was tried', () => {
    const penalties = [1e-6, 0.05, 100] as const
    const result = gridSearch({ penalty: penalties }, folds(), ridgeLoss)
    const byHand = penalties.map((penalty) => {
      const losses = folds().folds.map(({ training, validation }) => ridgeLoss({ penalty }, training, validation))
      return losses.reduce((sum, loss) => sum + loss, 0) / 3
    })
    result.trials.forEach(({ mean }, i) => expect(mean).toBeCloseTo(byHand[i]!, 12))
    expect(result.best!.mean).toBe(Math.min(...result.trials.map(({ mean }) => mean!)))
    expect(result.best!.parameters.penalty).not.toBe(100)
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
  })

  test('a failed trial stands in its row and does not win; a mistake in the program ends the search', () => {
    const result = gridSearch({ a: [1, 2, 3, 4] }, folds(), ({ a }) => {
      if (a === 1) throw new CloudschedError('invalid-option', [{ path: 'options.a', received: a, expected: 'larger' }])
      return a === 2 ? Number.NaN : a
    })
    expect(result.trials.map(({ failure }) => failure)).toEqual([
      'options.a must be larger, received 1.',
      'the loss is NaN',
      null,
      null,
    ])
    expect(result.best!.parameters.a).toBe(3)
    expect(() =>
      gridSearch({ a: [1] }, folds(), () => {
        throw new TypeError('mistake')
      }),
    ).toThrow('mistake')
    expect(caught(() => gridSearch({ a: [1] }, folds(), () => '1' as unknown as number)).path).toBe('evaluate')
  })

  test('where all trials fail there is no best', () => {
    expect(gridSearch({ a: [1] }, folds(), () => Infinity).best).toBeNull()
  })

  test('refuses an empty list, a range, and a misspelt option', () => {
    expect(caught(() => gridSearch({ a: [] }, folds(), () => 0)).path).toBe('space.a')
    expect(caught(() => gridSearch({ a: { low: 0, high: 1 } } as never, folds(), () => 0)).path).toBe('space.a')
    expect(caught(() => gridSearch({ a: [1] }, folds(), () => 0, { trials: 3 } as object))).toMatchObject({
      code: 'invalid-option',
    })
  })
})

describe('randomSearch', () => {
  const space = { penalty: { low: 1e-6, high: 100, scale: 'logarithmic' } } as const

  test('repeats by its seed and tries as many as asked', () => {
    const result = randomSearch(space, folds(), ridgeLoss, { trials: 7, seed: 3 })
    expect(result.trials).toHaveLength(7)
    expect(randomSearch(space, folds(), ridgeLoss, { trials: 7, seed: 3 })).toEqual(result)
    expect(randomSearch(space, folds(), ridgeLoss, { trials: 7, seed: 4 }).trials).not.toEqual(result.trials)
  })

  test('golden values', () => {
    const { best, trials } = randomSearch(space, folds(), ridgeLoss, { trials: 5, seed: 3 })
    expect(trials[0]!.parameters.penalty).toBeCloseTo(1.1229873198931564, 12)
    expect(best).toMatchObject({ trial: 2, mean: expect.closeTo(0.11156517209946881, 12) })
  })

  test('refuses a range that is none', () => {
    expect(caught(() => randomSearch({ a: { low: 1, high: 1 } }, folds(), () => 0)).path).toBe('space.a')
    expect(caught(() => randomSearch({ a: { low: 0, high: 1, scale: 'logarithmic' } }, folds(), () => 0)).path).toBe(
      'space.a',
    )
  })
})

describe('progress, abort and time', () => {
  test('progress rises to 1, one step a fold', () => {
    const fractions: number[] = []
    const bests: (number | null)[] = []
    gridSearch({ a: [2, 1] }, folds(), ({ a }) => a, {
      onProgress: ({ fraction, best }) => void (fractions.push(fraction), bests.push(best)),
    })
    expect(fractions).toHaveLength(6)
    expect(fractions.at(-1)).toBe(1)
    fractions.forEach((fraction, i) => expect(fraction).toBeCloseTo((i + 1) / 6, 12))
    expect(bests).toEqual([null, null, 2, 2, 2, 1])
  })

  test('an abort keeps what was tried; the trial it cut short cannot win', async () => {
    const controller = new AbortController()
    let calls = 0
    const result = await gridSearchAsync(
      { a: [5, 1, 0] },
      folds(),
      async ({ a }) => {
        if (++calls === 5) controller.abort()
        await Promise.resolve()
        return a
      },
      { signal: controller.signal },
    )
    expect(result.status).toBe('aborted')
    expect(result.trials.map(({ failure }) => failure)).toEqual([null, 'stopped after 2 of 3 folds'])
    expect(result.best!.parameters.a).toBe(5)
  })

  test('a search that ran out of time may open the hold-out, too', () => {
    const { searchable, holdOut } = setAside(noisy)
    const result = gridSearch({ a: [1, 2] }, kFolds(searchable), () => 0, { timeLimitMs: 1e-9 })
    expect(result.status).toBe('timeLimit')
    expect(holdOut.open(result).rowCount).toBe(6)
  })

  test('models that learn asynchronously give the same result', async () => {
    const space = { penalty: [0.001, 0.1, 10] }
    const waiting = async (...given: Parameters<typeof ridgeLoss>) => {
      await new Promise((resolve) => setTimeout(resolve, 0))
      return ridgeLoss(...given)
    }
    expect(await gridSearchAsync(space, folds(), waiting)).toEqual(gridSearch(space, folds(), ridgeLoss))
    const options = { trials: 3, seed: 1 }
    expect(await randomSearchAsync(space, folds(), ridgeLoss, options)).toEqual(
      randomSearch(space, folds(), ridgeLoss, options),
    )
  })

  test('a failure of a model that learns asynchronously stands in its row', async () => {
    const result = await gridSearchAsync({ a: [1] }, folds(), async () => {
      throw new CloudschedError('infeasible', [{ path: 'loss', received: 1, expected: 'finite' }])
    })
    expect(result.trials[0]!.failure).toContain('loss must be finite')
  })
})

describe('crossValidate', () => {
  test('is the mean over the folds', () => {
    const result = crossValidate(folds(), (training, validation) => ridgeLoss({ penalty: 0.01 }, training, validation))
    expect(result.losses).toHaveLength(3)
    expect(result.mean).toBeCloseTo(result.losses.reduce((sum, loss) => sum + loss, 0) / 3, 12)
    expect(Object.keys(result)).toEqual(['losses', 'mean', 'standardError', 'failure'])
  })

  test('forecastLoss judges every origin of the validation steps, by hand', () => {
    // Values 0 1 2 ... 11, hold-out 2; the naive forecast is 1 and 2 too low one and two steps ahead: mean 1.5.
    const series = { values: Array.from({ length: 12 }, (_, i) => i), stepSeconds: 60 }
    const rolling = rollingFolds(setAside(series, 0.17).searchable, { folds: 2, validationRows: 3 })
    const method = naive({ horizon: 2 })
    const result = crossValidate(rolling, (training, validation) =>
      forecastLoss(method, training, validation, { horizon: 2 }),
    )
    expect(result.losses).toEqual([1.5, 1.5])
    const failed = crossValidate(rolling, (training, validation) => forecastLoss(naive(), training, validation))
    expect(failed.failure).toContain('at least one forecast of 12 steps')
  })

  test('forecastLoss judges a quantile by its pinball loss', () => {
    const series = { values: Array.from({ length: 200 }, (_, i) => (i * 7) % 10), stepSeconds: 60 }
    const rolling = rollingFolds(setAside(series).searchable, { folds: 2 })
    const loss = (level: number): number =>
      crossValidate(rolling, (training, validation) =>
        forecastLoss(naive({ horizon: 1 }), training, validation, { horizon: 1, level }),
      ).mean!
    expect(loss(0.99)).toBeLessThan(loss(0.5))
  })
})
