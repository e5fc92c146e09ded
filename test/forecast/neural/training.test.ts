import { describe, expect, test } from 'vitest'
import {
  type NetworkKind,
  type NetworkOptions,
  type NetworkModel,
  networkDecider,
  networkForecaster,
  networkMethod,
  readNetwork,
  type TimeSeries,
  trainGru,
  trainLstm,
  trainNetwork,
  trainVtgru,
} from '../../../src/forecast/neural/index.ts'
import {
  backtest,
  lagSamples,
  logisticRegression,
  needsScheduling,
  predictLogistic,
  rowsOf,
} from '../../../src/forecast/index.ts'
import { normal } from '../../../src/random/distributions.ts'
import { createRng } from '../../../src/random/rng.ts'
import { caught } from '../../caught.ts'

/** A noisy wave around a level that may rise in the last tenth. */
function wave(length: number, shift: number = 0, id?: string): TimeSeries {
  const rng = createRng(`wave ${id}`)
  const values = Float64Array.from({ length }, (_, t) => {
    return 30 + 5 * Math.sin((2 * Math.PI * t) / 12) + normal(rng, 0, 0.5) + (t >= 0.88 * length ? shift : 0)
  })
  return { ...(id !== undefined && { id }), values, stepSeconds: 300 }
}

const quick: NetworkOptions = { window: 8, horizon: 3, units: [6], encoder: [5, 4], epochs: 3, batch: 32, seed: 1 }
const series = wave(300)
const train = (options: NetworkOptions = {}): Promise<NetworkModel> => trainVtgru([series], { ...quick, ...options })

test.each(['v-tgru', 'gru', 'lstm'] as NetworkKind[])('%s learns a wave', async (kind) => {
  const model = await trainNetwork([wave(600)], {
    ...quick,
    kind,
    epochs: 15,
    optimizer: { name: 'adam', learningRate: 0.01 },
  })
  const { history, bestLoss } = model.report
  expect(bestLoss).toBe(Math.min(...history.map(({ validation }) => validation)))
  expect(bestLoss).toBeLessThan(0.5 * history[0]!.validation)
})

test('the thin names train their kind', async () => {
  const models = [await trainVtgru([series], quick), await trainGru([series], quick), await trainLstm([series], quick)]
  expect(models.map(({ kind, architecture: { cell } }) => [kind, cell])).toEqual([
    ['v-tgru', 'gru'],
    ['gru', 'gru'],
    ['lstm', 'lstm'],
  ])
})

test('the same seed gives the same model, another seed another', async () => {
  const [first, second, other] = [await train(), await train(), await train({ seed: 2 })]
  expect(second).toEqual(first)
  expect(other.weights).not.toBe(first.weights)
})

test('both kernels train to the same model up to rounding', async () => {
  const [wasm, typescript] = [await train(), await train({ backend: 'typescript' })]
  expect(wasm.report.backend).toBe('wasm-kernels')
  expect(typescript.report.backend).toBe('typescript')
  expect(typescript.report.bestLoss).toBeCloseTo(wasm.report.bestLoss, 4)
})

test('tfjs trains to the same model up to rounding', async () => {
  // Adam would enlarge the differences of small gradients.
  const options = { epochs: 1, batch: 64, optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9 } } as const
  const [own, tfjs] = [await train(options), await train({ ...options, backend: 'tfjs' })]
  expect(tfjs.report.backend).toMatch(/^tfjs-(wasm|cpu)$/)
  expect(tfjs.report.passedOver.length).toBeGreaterThan(0)
  expect(tfjs.report.bestLoss).toBeCloseTo(own.report.bestLoss, 4)
})

test('an aborted training gives the best so far, and its checkpoint goes on to the very model of an uninterrupted one', async () => {
  const whole = await train({ withCheckpoint: true })
  const controller = new AbortController()
  let batches = 0
  const stopped = await train({
    withCheckpoint: true,
    signal: controller.signal,
    // Nine batches an epoch: this stops in the second.
    onProgress: () => ++batches === 12 && controller.abort(),
  })
  expect(stopped.report.status).toBe('aborted')
  expect(stopped.checkpoint).toMatchObject({ epoch: 1, batch: 3 })
  const resumed = await train({ withCheckpoint: true, resume: JSON.parse(JSON.stringify(stopped.checkpoint)) })
  expect(resumed).toEqual(whole)
})

test('a checkpoint of other options is refused', async () => {
  const { checkpoint } = await train({ withCheckpoint: true })
  await expect(train({ resume: checkpoint!, dropout: 0.2 })).rejects.toMatchObject({
    code: 'checkpoint',
    path: 'options.resume.fingerprint',
  })
  await expect(train({ resume: { ...checkpoint!, version: 2 as 1 } })).rejects.toMatchObject({
    path: 'options.resume.version',
  })
  // More epochs are more of the same training.
  const longer = await train({ resume: checkpoint!, epochs: 4 })
  expect(longer.report.history.length).toBe(5)
})

test('a checkpoint of other series is refused, where one feature or the step differs, too', async () => {
  const steps = Array.from(series.values, (_, t) => t % 12)
  const timed = { ...series, features: { step: steps } }
  const options = { ...quick, epochs: 1 }
  const { checkpoint } = await trainGru([timed], { ...options, withCheckpoint: true })
  const others = [
    { ...timed, features: { step: steps.with(7, 8) } },
    { ...timed, stepSeconds: 60 },
    { ...timed, values: Array.from(series.values).with(0, 1) },
    { ...timed, id: 'another' },
  ]
  for (const other of others) {
    await expect(trainGru([other], { ...options, resume: checkpoint! })).rejects.toMatchObject({
      path: 'options.resume.fingerprint',
    })
  }
  expect((await trainGru([timed], { ...options, resume: checkpoint! })).report.history.length).toBe(2)
})

test('progress is monotone and ends at 1', async () => {
  const fractions: number[] = []
  await train({ onProgress: ({ fraction }) => fractions.push(fraction) })
  expect(fractions.at(-1)).toBe(1)
  expect(fractions.every((fraction, i) => fraction >= (fractions[i - 1] ?? 0))).toBe(true)
})

test('training ends when the validation loss has not improved for `patience` epochs, with the best weights', async () => {
  const model = await train({ epochs: 200, patience: 2, optimizer: { name: 'adam', learningRate: 0.02 } })
  const { status, bestEpoch, history } = model.report
  expect(status).toBe('converged')
  expect(history.length - 1).toBe(bestEpoch + 2)
})

test('a loss that is not finite stops training at that step and names the rate', async () => {
  const wild = { optimizer: { name: 'adam', learningRate: 3e38 } } as const
  const error = await trainGru([series], { ...quick, ...wild }).catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    code: 'diverged',
    path: 'options.optimizer.learningRate',
    received: 3e38,
  })
  expect((error as Error).message).toMatch(/epoch 1, batch \d/)
})

test('a level never seen in training does not mislead a window-normalised network; fixed statistics do', () => {
  const shifted = wave(900, 60)
  const method = (normalization: 'window' | 'minmax') =>
    networkMethod('gru', {
      ...quick,
      window: 24,
      epochs: 12,
      normalization,
      optimizer: { name: 'adam', learningRate: 0.01 },
    })
  const { rows } = backtest(
    [shifted],
    { window: method('window'), minmax: method('minmax') },
    { split: [0.85, 0.05, 0.1], on: 'test', horizon: 3 },
  )
  const [window, minmax] = rows.map(({ pathRatio }) => pathRatio!) as [number, number]
  expect(window).toBeLessThan(1.1)
  expect(minmax).toBeGreaterThan(3)
})

test('rows after the training rows teach nothing', async () => {
  const later = { ...series, values: Float64Array.from(series.values, (x, t) => (t >= 270 ? 5 * x : x)) }
  const [first, second] = [await train({ epochs: 1 }), await trainVtgru([later], { ...quick, epochs: 1 })]
  expect(second.input).toEqual(first.input)
  expect(second.report.history[1]!.training).toBe(first.report.history[1]!.training)
  expect(second.report.history[1]!.validation).not.toBe(first.report.history[1]!.validation)
  expect(second.report.outOfRange).toBeGreaterThan(first.report.outOfRange)
})

test('several series share one model, each in its own unit', async () => {
  const small = wave(300, 0, 'small')
  const large = { ...wave(300, 0, 'large'), values: Array.from(wave(300, 0, 'large').values, (x) => 1000 * x) }
  const model = await trainGru([small, large], {
    ...quick,
    epochs: 20,
    optimizer: { name: 'adam', learningRate: 0.01 },
  })
  const forecaster = networkForecaster(model)
  const [a, b] = [small, large].map((history) => forecaster.forecast({ history, horizon: 3 }).values[0]!)
  expect(a).toBeGreaterThan(20)
  expect(a).toBeLessThan(40)
  expect(b! / 1000).toBeGreaterThan(20)
  expect(b! / 1000).toBeLessThan(40)
})

test('features are inputs: what only they announce is learnt', async () => {
  const rng = createRng('announced')
  const length = 900
  const signal = Float64Array.from({ length }, () => (rng() < 0.5 ? 0 : 1))
  // The value follows the signal of the step before it; without the signal it is a coin.
  const values = Float64Array.from({ length }, (_, t) => (t > 0 ? 10 * signal[t - 1]! : 0))
  const announced: TimeSeries = { values, features: { signal }, stepSeconds: 300 }
  const options = {
    ...quick,
    horizon: 1,
    epochs: 12,
    quantiles: [0.5],
    optimizer: { name: 'adam', learningRate: 0.01 },
  } as const
  const [withSignal, without] = [
    await trainGru([announced], options),
    await trainGru([announced], { ...options, features: [] }),
  ]
  expect(withSignal.input.features).toEqual(['signal'])
  expect(withSignal.report.bestLoss).toBeLessThan(0.3 * without.report.bestLoss)
})

test('the linear skip starts at the linear fit', async () => {
  const model = await trainVtgru([wave(600)], { ...quick, linearSkip: true, window: 24 })
  const plain = await trainVtgru([wave(600)], { ...quick, window: 24 })
  expect(model.report.history[0]!.validation).toBeLessThan(0.5 * plain.report.history[0]!.validation)
  expect(model.report.bestLoss).toBeLessThanOrEqual(model.report.history[0]!.validation)
})

describe('the linear skip of a decision head', () => {
  const asked = { ...quick, window: 12, head: 'decision', threshold: 34, linearSkip: true, epochs: 1 } as const
  // So small a rate leaves every weight where it is: the model is the start.
  const still = { ...asked, optimizer: { name: 'sgd', learningRate: 1e-30, momentum: 0 } } as const
  const long = wave(600)
  const boundary = 540

  test.each(['window', 'minmax', 'zscore'] as const)(
    'starts at the logistic regression of the same windows, under %s',
    async (normalization) => {
      const model = await trainVtgru([long], { ...still, normalization })
      const { horizon, threshold, decideMany } = networkDecider(model)
      const { head } = model
      if (head.head !== 'decision') throw new Error('decision expected')
      const ends = [100, 101, 102, 103, 104, 105, 580]
      const answers = decideMany(ends.map((end) => rowsOf(long, { start: end - 12, end })))
      const largest = ends.map(() => 0)
      for (let h = 1; h <= horizon; h++) {
        const target = (values: Float64Array, origin: number): number =>
          needsScheduling(values, [origin], { threshold, horizon: h })[0]!
        const { samples } = lagSamples(long, { start: 0, end: boundary }, { lags: 12, ahead: horizon, target })
        const regression = logisticRegression(samples, { classWeights: [1, head.positiveWeight] })
        ends.forEach((end, k) => {
          const lags = Array.from({ length: 12 }, (_, lag) => long.values[end - 1 - lag]!)
          // Probabilities of a network never fall with the steps; the regressions know nothing of one another.
          largest[k] = Math.max(largest[k]!, predictLogistic(regression, lags))
          expect(answers[k]!.probabilities[h - 1]).toBeCloseTo(largest[k]!, 4)
        })
      }
    },
  )

  test('training goes on from there', async () => {
    const model = await trainVtgru([long], { ...asked, epochs: 10, positiveWeight: 1 })
    const plain = await trainVtgru([long], { ...asked, epochs: 10, positiveWeight: 1, linearSkip: false })
    const [start] = model.report.history
    expect(start!.validation).toBeLessThan(0.5 * plain.report.history[0]!.validation)
    expect(model.report.bestLoss).toBeLessThanOrEqual(start!.validation)
    expect(readNetwork(JSON.parse(JSON.stringify(model)))).toEqual(model)
  })

  test('where all training rows have one label, it starts at their share', async () => {
    const model = await trainVtgru([long], { ...still, threshold: 1000, positiveWeight: 1 })
    const [probability] = networkDecider(model).decide(long).probabilities
    const count = model.report.trainingWindows
    // (0 + 1) / (count + 2), by the rule of Laplace.
    expect(probability).toBeCloseTo(1 / (count + 2), 6)
  })
})

describe('bad input', () => {
  const rejected = async (given: readonly TimeSeries[], options: NetworkOptions = {}): Promise<unknown> =>
    trainGru(given, { ...quick, ...options }).catch((error: unknown) => error)

  test('a series that is too short', async () => {
    expect(await rejected([wave(9)])).toMatchObject({ code: 'invalid-input', path: 'series' })
    expect(String(await rejected([wave(9)]))).toMatch(/8 \+ 3 steps/)
  })

  test('a gap in every window', async () => {
    const values = Float64Array.from(series.values, (x, t) => (t % 5 === 0 ? Number.NaN : x))
    expect(String(await rejected([{ ...series, values }]))).toMatch(/all with missing values.*treatMissing/)
  })

  test('a gap is left out and counted', async () => {
    const values = Float64Array.from(series.values, (x, t) => (t === 100 ? Number.NaN : x))
    const model = await trainGru([{ ...series, values }], quick)
    // A window covers 8 + 3 steps.
    expect(model.report.skippedWindows).toBe(11)
  })

  test('infinite values, mixed steps, no series', async () => {
    const infinite = Float64Array.from(series.values, (x, t) => (t === 3 ? Infinity : x))
    expect(await rejected([{ ...series, values: infinite }])).toMatchObject({ path: 'series[0].values[3]' })
    expect(await rejected([series, { ...series, stepSeconds: 60 }])).toMatchObject({ path: 'series[1].stepSeconds' })
    expect(await rejected([])).toMatchObject({ path: 'series' })
  })

  test('a feature that is not there', async () => {
    expect(await rejected([series], { features: ['memory'] })).toMatchObject({
      path: 'options.features',
      received: 'memory',
    })
  })

  test('a constant series trains, is named, and forecasts its constant', async () => {
    const constant: TimeSeries = { values: new Float64Array(200).fill(7), stepSeconds: 300 }
    const model = await trainGru([constant], quick)
    expect(model.report.notes).toEqual(['series 0 is constant in the training rows'])
    for (const value of networkForecaster(model).forecast({ history: constant, horizon: 3 }).values) {
      expect(value).toBeCloseTo(7, 0)
    }
  })

  test('an all-zero series under every normalisation and head', async () => {
    const zero: TimeSeries = { values: new Float64Array(200), stepSeconds: 300 }
    for (const normalization of ['window', 'minmax', 'zscore'] as const) {
      for (const head of ['regression', 'levels', 'decision'] as const) {
        const model = await trainGru([zero], { ...quick, normalization, head, epochs: 1 })
        expect(readNetwork(JSON.parse(JSON.stringify(model)))).toEqual(model)
      }
    }
  })

  test('a series that is too short beside a long one takes no part and is named', async () => {
    const model = await trainGru([wave(300, 0, 'long'), wave(9, 0, 'short')], quick)
    expect(model.report.notes).toEqual(['short takes no part in training: too short, or a gap in every window'])
  })

  test('tfjs cannot be had without waiting', () => {
    expect(caught(() => networkMethod('gru', { backend: 'tfjs' }))).toMatchObject({ path: 'options.backend' })
  })

  test('unknown options and contradictions', async () => {
    expect(await rejected([series], { epoch: 3 } as object)).toMatchObject({
      code: 'invalid-option',
      path: 'options.epoch',
    })
    expect(await rejected([series], { head: 'levels', linearSkip: true })).toMatchObject({ path: 'options.linearSkip' })
    expect(await rejected([series], { optimizer: { name: 'adam', learningRate: 0 } })).toMatchObject({
      path: 'options.optimizer',
    })
  })
})
