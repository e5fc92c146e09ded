import { describe, expect, test } from 'vitest'
import { autoregression } from '../../../src/forecast/autoregression/autoregression.ts'
import { forecasterFromJSON } from '../../../src/forecast/fitted/from-json.ts'
import { boostedAutoregression } from '../../../src/forecast/regression/boosted-autoregression.ts'
import { lagSamples } from '../../../src/forecast/regression/lag-samples.ts'
import { ridgeAutoregression } from '../../../src/forecast/regression/ridge-autoregression.ts'
import type { TimeSeries } from '../../../src/model/forecaster.ts'
import { normal } from '../../../src/random/distributions.ts'
import { createRng } from '../../../src/random/rng.ts'
import { caught } from '../../caught.ts'

/** A wave of 24 steps with noise around a level. */
function wave(length: number, level: number, seed: number = 1): TimeSeries {
  const rng = createRng(seed)
  const values = Float64Array.from(
    { length },
    (_, t) => level + 10 * Math.sin((2 * Math.PI * t) / 24) + normal(rng, 0, 0.5),
  )
  return { values, stepSeconds: 300 }
}

const small = { lags: 24, horizon: 3, trees: 30 } as const
const training = wave(500, 50)
const later = wave(60, 50, 2)

/** Mean absolute error of the three steps after the history, over some origins of a series. */
function errorOf(method: ReturnType<typeof ridgeAutoregression>, series: TimeSeries): number {
  const forecaster = method.fit([training])
  let sum = 0
  let count = 0
  for (let end = 30; end + 3 <= series.values.length; end++, count += 3) {
    const history = { ...series, values: Array.from(series.values).slice(0, end) }
    const { values, fallbacks } = forecaster.forecast({ history, horizon: 3 })
    expect(fallbacks).toEqual([])
    values.forEach((value, h) => void (sum += Math.abs(value - series.values[end + h]!)))
  }
  return sum / count
}

describe('ridgeAutoregression', () => {
  test('without a penalty is autoregression by least squares', () => {
    const request = { history: later, horizon: 3 }
    const ridge = ridgeAutoregression({ lags: 24, horizon: 3, penalty: 0 }).fit([training]).forecast(request)
    const plain = autoregression({ lags: 24, horizon: 3, centre: 'median' }).fit([training]).forecast(request)
    ridge.values.forEach((value, h) => expect(value).toBeCloseTo(plain.values[h]!, 4))
  })

  test('follows a wave, also at a level that it has never seen', () => {
    expect(errorOf(ridgeAutoregression({ lags: 24, horizon: 3 }), later)).toBeLessThan(1)
    expect(errorOf(ridgeAutoregression({ lags: 24, horizon: 3 }), wave(60, 500, 2))).toBeLessThan(1)
  })

  test('refuses a broken penalty', () => {
    expect(caught(() => ridgeAutoregression({ penalty: -1 })).path).toBe('options.penalty')
  })
})

describe('boostedAutoregression', () => {
  test('follows a wave, also at a level that it has never seen; without centring it cannot', () => {
    const high = wave(60, 500, 2)
    expect(errorOf(boostedAutoregression(small), later)).toBeLessThan(1.5)
    expect(errorOf(boostedAutoregression(small), high)).toBeLessThan(1.5)
    expect(errorOf(boostedAutoregression({ ...small, centre: 'none' }), high)).toBeGreaterThan(300)
  })

  test('quantiles come from rows that no tree has seen: they cover about their share, and never cross', () => {
    const forecaster = boostedAutoregression(small).fit([training])
    const levels = [0.1, 0.5, 0.9]
    const below = [0, 0, 0]
    const unseen = wave(400, 50, 3)
    let count = 0
    for (let end = 30; end + 3 <= 400; end += 2, count += 3) {
      const history = { ...unseen, values: Array.from(unseen.values).slice(0, end) }
      const { quantiles } = forecaster.forecast({ history, horizon: 3, levels })
      for (let h = 0; h < 3; h++) {
        expect(quantiles[0]![h]!).toBeLessThanOrEqual(quantiles[1]![h]!)
        expect(quantiles[1]![h]!).toBeLessThanOrEqual(quantiles[2]![h]!)
        levels.forEach((_, k) => void (below[k]! += unseen.values[end + h]! <= quantiles[k]![h]! ? 1 : 0))
      }
    }
    levels.forEach((level, k) => expect(Math.abs(below[k]! / count - level)).toBeLessThan(0.08))
  })

  test('errors on learnt rows are smaller, as the option warns', () => {
    const spread = (calibrationShare: number): number => {
      const forecaster = boostedAutoregression({ ...small, calibrationShare, learningRate: 0.3, leafRows: 2 }).fit([
        training,
      ])
      const [low, high] = forecaster.forecast({ history: later, horizon: 1, levels: [0.1, 0.9] }).quantiles
      return high![0]! - low![0]!
    }
    expect(spread(0)).toBeLessThan(0.7 * spread(0.2))
  })

  test('a quantile loss forecasts that quantile itself', () => {
    const at = (quantile: number): number =>
      boostedAutoregression({ ...small, loss: { quantile } })
        .fit([training])
        .forecast({ history: later, horizon: 1 }).values[0]!
    expect(at(0.95)).toBeGreaterThan(at(0.05))
  })

  test('several series share one model; a seasonal column is an input of its own', () => {
    const forecaster = boostedAutoregression({ ...small, season: 24 }).fit([training, wave(300, 900, 4)])
    expect(forecaster.contextSteps).toBe(25)
    const { values } = forecaster.forecast({ history: wave(60, 900, 5), horizon: 3 })
    values.forEach((value) => expect(Math.abs(value - 900)).toBeLessThan(15))
  })

  test('repeats by its seed', () => {
    const json = (seed: number): string =>
      JSON.stringify(boostedAutoregression({ ...small, trees: 5, seed }).fit([training]))
    expect(json(1)).toBe(json(1))
    expect(json(2)).not.toBe(json(1))
  })

  test('the loss of yes-or-no targets is refused', () => {
    expect(caught(() => boostedAutoregression({ loss: 'logistic' as 'absolute' })).path).toBe('options.loss')
  })

  test('too few rows are named, and another method answers', () => {
    const forecaster = boostedAutoregression(small).fit([wave(40, 50)])
    const { fallbacks } = forecaster.forecast({ history: later, horizon: 3 })
    expect(fallbacks[0]).toContain('boosted-autoregression is not fitted: trees need 40 windows')
    expect(fallbacks.at(-1)).toContain('answered')
  })
})

test.each([
  ['ridge', ridgeAutoregression({ lags: 24, horizon: 3 })],
  ['boosted', boostedAutoregression({ ...small, trees: 5 })],
])('a %s forecaster survives JSON bit for bit', (_, method) => {
  const forecaster = method.fit([training])
  const request = { history: later, horizon: 3, levels: [0.1, 0.85] }
  expect(forecasterFromJSON(JSON.parse(JSON.stringify(forecaster))).forecast(request)).toEqual(
    forecaster.forecast(request),
  )
})

describe('lagSamples', () => {
  test('hand-made rows: newest value first, targets inside the range, inputs before it', () => {
    // Range 2..5, two lags, one ahead: origins 1, 2, 3, 4 (targets 2..5).
    const series = { values: [10, 11, 12, 13, 14, 15, 16], stepSeconds: 60 }
    const { samples, origins } = lagSamples(series, { start: 2, end: 6 }, { lags: 2 })
    expect([...origins]).toEqual([1, 2, 3, 4])
    expect([...samples.inputs]).toEqual([11, 10, 12, 11, 13, 12, 14, 13])
    expect([...samples.targets]).toEqual([12, 13, 14, 15])
    expect(samples.names).toEqual(['value lag 0', 'value lag 1'])
  })

  test('features are inputs too, rows with a missing value are left out and counted', () => {
    const series = { values: [1, 2, 3, Number.NaN, 5, 6], features: { memory: [9, 8, 7, 6, 5, 4] }, stepSeconds: 60 }
    const { samples, origins, skipped } = lagSamples(series, { start: 0, end: 6 }, { lags: 1 })
    expect([...origins]).toEqual([0, 1, 4])
    expect(skipped).toBe(2)
    expect([...samples.inputs]).toEqual([1, 9, 2, 8, 5, 5])
    expect(samples.names).toEqual(['value lag 0', 'memory lag 0'])
  })

  test('the target may be anything that is known afterwards', () => {
    const series = { values: [1, 2, 9, 4, 5], stepSeconds: 60 }
    const target = (values: Float64Array, t: number): number => (Math.max(values[t + 1]!, values[t + 2]!) >= 5 ? 1 : 0)
    const { samples } = lagSamples(series, { start: 0, end: 5 }, { lags: 1, ahead: 2, target })
    expect([...samples.targets]).toEqual([1, 1, 1])
  })

  test('no row at all is an error', () => {
    const series = { values: [1, 2], stepSeconds: 60 }
    expect(caught(() => lagSamples(series, { start: 0, end: 2 }, { lags: 5 })).path).toBe('range')
  })
})
