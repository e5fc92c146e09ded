import {
  backtest,
  type Forecaster,
  type ForecastMethod,
  ladAutoregression,
  naive,
  rollingForecasts,
  seasonalNaive,
  summariseBacktest,
} from 'cloudsched/forecast'
import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'
import { noisySeries, seriesOf, stepSeconds } from '../small-series.ts'

/** Says what it was shown. */
function spy(seen: number[][]): ForecastMethod {
  const look = (values: ArrayLike<number>): void => void seen.push(Array.from(values))
  return {
    name: 'spy',
    fit(training) {
      training.forEach(({ values }) => look(values))
      return {
        name: 'spy',
        contextSteps: 1,
        forecast({ history, horizon }) {
          look(history.values)
          return { values: new Float64Array(horizon), quantiles: [], fallbacks: [] }
        },
      }
    },
  }
}

/** Always the same value. */
function constantly(value: number): Forecaster {
  return {
    name: 'constantly',
    contextSteps: 1,
    forecast: ({ horizon, levels = [] }) => ({
      values: new Float64Array(horizon).fill(value),
      quantiles: levels.map(() => new Float64Array(horizon).fill(value)),
      fallbacks: ['always'],
    }),
  }
}

const ten = seriesOf(1, 2, 3, 4, 5, 6, 8, 7, 9, 10)

describe('backtest', () => {
  test('by hand', () => {
    // Shares .4 .4 .2: validation rows are 5 6 8 7 (steps 4 to 7), origins 3, 4 and 5 with targets 5 6, 6 8, 8 7.
    const options = { split: [0.4, 0.4, 0.2] as const, horizon: 2, levels: [0.5] }
    const { rows, summary } = backtest([ten], { six: constantly(6), naive: naive() }, options)
    const [six, last] = rows
    // |5-6| |6-6| |8-6| and |6-6| |8-6| |7-6|
    expect(six!.maeByStep).toEqual([1, 1])
    // Naive: |5-4| |6-5| |8-6| and |6-4| |8-5| |7-6|
    expect(last!.maeByStep).toEqual([4 / 3, 2])
    expect(six!.ratioByStep).toEqual([0.75, 0.5])
    expect(six!.pathRatio).toBeCloseTo(6 / 10, 15)
    expect([last!.pathRatio, six!.origins, six!.path.count]).toEqual([1, 3, 6])
    // Training 1 2 3 4 differs by 1.
    expect(six!.path.mase).toBe(1)
    // At or below 6: 5, 6, 6 of six.
    expect(six!.quantiles).toEqual([{ level: 0.5, pinball: 0.5, coverage: 0.5 }])
    expect(six!.weightedQuantileLoss).toBeCloseTo(6 / 40, 15)
    expect(six!.fallbacks).toEqual({ always: 3 })
    expect(summary[0]).toMatchObject({ method: 'six', series: 1, excluded: [], firstStep: 0.75, lastStep: 0.5 })
    expect(summary[0]!.worst).toEqual({ series: 'series 0', ratio: six!.pathRatio })
  })

  test('fits on training rows and never shows a step later than the origin', () => {
    const seen: number[][] = []
    backtest([ten], { spy: spy(seen) }, { split: [0.4, 0.4, 0.2], horizon: 2 })
    expect(seen.map((values) => values.length)).toEqual([4, 4, 5, 6])
    const whole = Array.from(ten.values)
    for (const values of seen) expect(values).toEqual(whole.slice(0, values.length))
  })

  test('never touches the hold-out unless asked for it', () => {
    const series = noisySeries(300, 1)
    const spoilt = { ...series, values: Float64Array.from(series.values, (value, t) => (t >= 270 ? 1e9 * t : value)) }
    const methods = { lad: ladAutoregression({ lags: 6 }), hour: seasonalNaive({ season: 12 }) }
    expect(backtest([spoilt], methods)).toEqual(backtest([series], methods))
    expect(backtest([spoilt], methods, { on: 'test' })).not.toEqual(backtest([series], methods, { on: 'test' }))
  })

  test('a forecast does not depend on what comes after its origin', () => {
    const series = noisySeries(200, 2)
    const forecaster = ladAutoregression({ lags: 6, horizon: 3 }).fit([series])
    assert(
      property(integer({ min: 150, max: 190 }), integer({ min: -99, max: 99 }), (origin, noise) => {
        const later = Float64Array.from(series.values, (value, t) => (t > origin ? value + noise : value))
        const range = { start: origin + 1, end: origin + 4 }
        const [a, b] = [series, { ...series, values: later }].map(
          (one) => rollingForecasts(forecaster, one, range, { horizon: 3 }).forecast,
        )
        expect(a).toEqual(b)
      }),
    )
  })

  test('a constant series has no ratio and no scale: null, left out of the means, and counted', () => {
    const flat = { id: 'flat', values: new Float64Array(100).fill(5), stepSeconds }
    const busy = { ...noisySeries(100, 3), id: 'busy' }
    const { rows, summary } = backtest(
      [flat, busy],
      { hour: seasonalNaive({ season: 12, horizon: 4 }) },
      { horizon: 4 },
    )
    expect(rows[0]).toMatchObject({ series: 'flat', pathRatio: null })
    expect(rows[0]!.path).toMatchObject({ mae: 0, mase: null })
    expect(rows[0]!.path.reasons.mase).toContain('constant')
    expect(summary[0]).toMatchObject({ series: 1, excluded: ['flat'], worst: { series: 'busy' } })
    expect(summary[0]!.path).toBeCloseTo(rows[1]!.pathRatio!, 12)
  })

  test('missing targets are left out, and a gap before the origin is told', () => {
    const series = noisySeries(200, 4)
    const values = Float64Array.from(series.values, (value, t) => (t === 165 ? Number.NaN : value))
    const { rows } = backtest(
      [{ values, stepSeconds }],
      { lad: ladAutoregression({ lags: 6, horizon: 2 }) },
      { horizon: 2 },
    )
    // 19 origins of two steps; step 165 is a target twice, and among the six lags of six origins.
    expect([rows[0]!.origins, rows[0]!.path.count]).toEqual([19, 36])
    expect(Object.values(rows[0]!.fallbacks)).toEqual([6])
  })

  test('a shared model is fitted on all training rows, one per series on its own', () => {
    const counts: number[] = []
    const counting: ForecastMethod = {
      name: 'counting',
      fit: (training) => {
        counts.push(training.length)
        return constantly(50)
      },
    }
    const two = [noisySeries(100, 5), noisySeries(100, 6)]
    backtest(two, { counting }, { horizon: 2 })
    backtest(two, { counting }, { horizon: 2, models: 'shared' })
    expect(counts).toEqual([1, 1, 2])
  })

  test('takes every stride-th origin', () => {
    const { rows } = backtest([noisySeries(200, 7)], { naive: naive() }, { stride: 4 })
    // 20 validation rows, 9 origins of 12 steps: the first, fifth and ninth.
    expect(rows[0]!.origins).toBe(3)
  })

  test.each([
    ['holes in a path', { values: Float64Array.of(1, Number.NaN) }, 'patchy.forecast (origin 3)'],
    ['a path that is too short', { values: Float64Array.of(1) }, 'patchy.forecast (origin 3)'],
    ['a quantile that is not there', { quantiles: [] }, 'patchy.forecast (origin 3, level 0.5)'],
  ])('a forecaster with %s is refused, not judged by the rest', (_, part, path) => {
    const whole = { values: new Float64Array(2), quantiles: [new Float64Array(2)], fallbacks: [] }
    const patchy: Forecaster = { name: 'patchy', contextSteps: 1, forecast: () => ({ ...whole, ...part }) }
    const options = { split: [0.4, 0.4, 0.2] as const, horizon: 2, levels: [0.5] }
    expect(caught(() => backtest([ten], { patchy }, options))).toMatchObject({ code: 'invalid-input', path })
  })

  test.each([
    ['a series too short for its split', () => backtest([seriesOf(1, 2, 3)], {}), 'invalid-input', 'series[0].values'],
    [
      'mixed steps',
      () => backtest([ten, { values: [1], stepSeconds: 1 }], {}),
      'invalid-input',
      'series[1].stepSeconds',
    ],
    [
      'a method that was not called',
      () => backtest([ten], { naive: naive as never }),
      'invalid-input',
      'methods.naive',
    ],
    ['an unknown part', () => backtest([ten], {}, { on: 'all' as never }), 'invalid-option', 'options.on'],
    ['levels out of order', () => backtest([ten], {}, { levels: [0.9, 0.5] }), 'invalid-option', 'options.levels'],
  ])('refuses %s', (_, call, code, path) => {
    const error = caught(call)
    expect([error.code, error.path]).toEqual([code, path])
  })
})

test('summaries of several backtests are one: the geometric mean takes every series alike', () => {
  const options = { split: [0.4, 0.4, 0.2] as const, horizon: 2 }
  const { rows } = backtest([ten], { six: constantly(6) }, options)
  const other = rows.map((row) => ({ ...row, series: 'other', pathRatio: 2.4 }))
  const [summary] = summariseBacktest([...rows, ...other])
  // sqrt(0.6 x 2.4) = 1.2
  expect(summary!.path).toBeCloseTo(1.2, 12)
  expect(summary!.worst).toEqual({ series: 'other', ratio: 2.4 })
  expect(summariseBacktest([])).toEqual([])
})
