import {
  autoregression,
  boostedAutoregression,
  type FittedForecaster,
  forecasterFromJSON,
  holtWinters,
  ladAutoregression,
  naive,
  ridgeAutoregression,
  rollingMedian,
  type SavableMethod,
  seasonalNaive,
  simpleExponentialSmoothing,
} from 'cloudsched/forecast'
import { array, assert, double, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'
import { noisySeries, seriesOf, stepSeconds } from '../small-series.ts'

const methods: Record<string, SavableMethod> = {
  naive: naive({ horizon: 6 }),
  'seasonal-naive': seasonalNaive({ season: 12, horizon: 6 }),
  'rolling-median': rollingMedian({ horizon: 6 }),
  'simple-exponential-smoothing': simpleExponentialSmoothing({ horizon: 6 }),
  'holt-winters': holtWinters({ horizon: 6, contextSeasons: 3 }),
  autoregression: autoregression({ lags: 5, horizon: 6, season: 12 }),
  'lad-autoregression': ladAutoregression({ lags: 5, horizon: 6 }),
  'ridge-autoregression': ridgeAutoregression({ lags: 5, horizon: 6 }),
  'boosted-autoregression': boostedAutoregression({ lags: 5, horizon: 6, trees: 5 }),
}
const series = noisySeries(400, 11)
const levels = [0.1, 0.5, 0.85, 0.995]

describe.each(Object.entries(methods))('%s', (name, method) => {
  const forecaster = method.fit([series])

  test('keeps the contract of a forecaster', () => {
    expect([method.name, forecaster.name, forecaster.horizon]).toEqual([name, name, 6])
    const { values, quantiles, fallbacks } = forecaster.forecast({ history: series, horizon: 4, levels })
    expect([values.length, quantiles.length, quantiles[0]!.length, fallbacks]).toEqual([4, 4, 4, []])
  })

  test('looks at its context alone, and never changes its input', () => {
    const { contextSteps } = forecaster
    const history = { stepSeconds, values: Object.freeze(Array.from(series.values)) as readonly number[] }
    const short = { stepSeconds, values: history.values.slice(-contextSteps) }
    expect(forecaster.forecast({ history: short, horizon: 6 })).toEqual(forecaster.forecast({ history, horizon: 6 }))
  })

  test('is the same after a round trip through JSON, to the last bit', () => {
    const again = forecasterFromJSON(JSON.parse(JSON.stringify(forecaster)))
    const request = { history: series, horizon: 6, levels }
    expect(again.forecast(request)).toEqual(forecaster.forecast(request))
    const short = { history: seriesOf(3, 5), horizon: 6, levels }
    expect(again.forecast(short)).toEqual(forecaster.forecast(short))
  })

  test('answers constant and all-zero series with their value', () => {
    for (const value of [0, 7]) {
      const constant = { values: new Float64Array(100).fill(value), stepSeconds }
      const answer = method.fit([constant]).forecast({ history: constant, horizon: 3, levels: [0.1, 0.9] })
      for (const path of [answer.values, ...answer.quantiles]) path.forEach((x) => expect(x).toBeCloseTo(value, 9))
    }
  })

  test('quantiles never cross, and move about the forecast as the training errors do', () => {
    const level = double({ min: 0.001, max: 0.999, noNaN: true })
    assert(
      property(array(level, { minLength: 1, maxLength: 6 }), integer({ min: 60, max: 399 }), (some, end) => {
        const ascending = [...new Set(some)].sort((a, b) => a - b)
        const history = { values: series.values, stepSeconds }
        const { quantiles } = forecaster.forecast({
          history: { ...history, values: Array.from(series.values).slice(0, end) },
          horizon: 6,
          levels: ascending,
        })
        for (let k = 1; k < quantiles.length; k++)
          quantiles[k]!.forEach((value, h) => expect(value).toBeGreaterThanOrEqual(quantiles[k - 1]![h]!))
      }),
      { numRuns: 20 },
    )
  })
})

test('quantiles on training rows cover their level', () => {
  const forecaster = naive({ horizon: 1 }).fit([series])
  const values = Float64Array.from(series.values)
  let below = 0
  for (let end = 1; end < values.length; end++) {
    const history = { values: values.subarray(0, end), stepSeconds }
    if (values[end]! <= forecaster.forecast({ history, horizon: 1, levels: [0.85] }).quantiles[0]![0]!) below++
  }
  expect(below / (values.length - 1)).toBeCloseTo(0.85, 2)
})

test('quantiles by hand', () => {
  // Steps of naive's errors on 0 1 3 6 10: 1 2 3 4; a quarter of the way to the top of them lies at 1.75.
  const history = seriesOf(0, 1, 3, 6, 10)
  const { quantiles } = naive()
    .fit([history])
    .forecast({ history, horizon: 1, levels: [0.25, 0.5] })
  expect(quantiles.map((path) => path[0])).toEqual([11.75, 12.5])
})

describe('stand-ins are told', () => {
  const lad = ladAutoregression({ lags: 24, horizon: 3, fallbackSeason: 4 }).fit([series])

  test('a short history: seasonal naive, then naive', () => {
    const answer = lad.forecast({ history: seriesOf(1, 2, 3, 4, 5), horizon: 3 })
    expect([...answer.values]).toEqual([2, 3, 4])
    expect(answer.fallbacks).toEqual([
      'lad-autoregression looks at 24 steps, the history has 5',
      'seasonal-naive answered',
    ])
    const shorter = lad.forecast({ history: seriesOf(1, 2), horizon: 3 })
    expect([...shorter.values]).toEqual([2, 2, 2])
    expect(shorter.fallbacks.at(-1)).toBe('naive answered')
  })

  test('a gap inside the window: the value before it stands in', () => {
    const values = Array.from(series.values)
    const gap = values.map((value, t) => (t === 390 ? Number.NaN : value))
    const filled = values.map((value, t) => (t === 390 ? values[389]! : value))
    const answer = lad.forecast({ history: { values: gap, stepSeconds }, horizon: 3 })
    expect(answer.values).toEqual(lad.forecast({ history: { values: filled, stepSeconds }, horizon: 3 }).values)
    expect(answer.fallbacks).toEqual([
      '1 of the 24 steps that lad-autoregression looks at are missing: the last value known before each stood in',
    ])
  })

  test('a gap longer than the window: the last known value', () => {
    const values = Array.from(series.values, (value, t) => (t > 370 ? Number.NaN : value))
    const answer = lad.forecast({ history: { values, stepSeconds }, horizon: 2 })
    expect([...answer.values]).toEqual([values[370], values[370]])
    expect(answer.fallbacks.at(-1)).toBe('the last known value answered')
    expect(answer.fallbacks).toHaveLength(4)
  })

  test('too few or constant training rows', () => {
    const few = ladAutoregression({ lags: 24 }).fit([seriesOf(...Array.from({ length: 40 }, (_, t) => t))])
    expect(few.forecast({ history: series, horizon: 1 }).fallbacks[0]).toContain('25 coefficients need more windows')
    const flat = ladAutoregression({ lags: 4 }).fit([seriesOf(...Array.from({ length: 60 }, () => 5))])
    const answer = flat.forecast({ history: series, horizon: 1 })
    expect(answer.fallbacks).toEqual([
      'lad-autoregression is not fitted: the training values are constant',
      'seasonal-naive answered',
    ])
  })

  test('values too large to compute with', () => {
    const huge = seriesOf(...Array.from({ length: 60 }, (_, t) => (t % 4 === 0 ? -1.7e308 : 1.7e308)))
    const unfitted = ladAutoregression({ lags: 4 })
      .fit([huge])
      .forecast({ history: series, horizon: 1, levels: [0.9] })
    expect(unfitted.fallbacks[0]).toContain('too large')
    const answer = lad.forecast({ history: huge, horizon: 3, levels: [0.9] })
    expect(answer.fallbacks[0]).toBe('lad-autoregression gave a value that is not finite')
    for (const path of [answer.values, ...answer.quantiles, ...unfitted.quantiles])
      expect(path.every(Number.isFinite)).toBe(true)
  })

  test('a history without any known value is an error', () => {
    const error = caught(() => lad.forecast({ history: seriesOf(Number.NaN, Number.NaN), horizon: 1 }))
    expect([error.code, error.path]).toEqual(['invalid-input', 'request.history.values'])
  })
})

describe('bad input', () => {
  const lad: FittedForecaster = ladAutoregression({ lags: 4, horizon: 3 }).fit([series])

  test.each([
    ['a horizon beyond the fitted one', { history: series, horizon: 4 }, 'request.horizon'],
    ['a horizon of 0', { history: series, horizon: 0 }, 'request.horizon'],
    ['a level of 1', { history: series, horizon: 1, levels: [1] }, 'request.levels'],
    ['levels out of order', { history: series, horizon: 1, levels: [0.9, 0.1] }, 'request.levels'],
    ['an infinite value', { history: seriesOf(1, 2, Infinity), horizon: 1 }, 'request.history.values[2]'],
    [
      'another step',
      { history: { values: series.values, stepSeconds: 60 }, horizon: 1 },
      'request.history.stepSeconds',
    ],
    ['a null', { history: seriesOf(1, null as never), horizon: 1 }, 'request.history.values[1]'],
  ])('refuses %s', (_, request, path) => {
    const error = caught(() => lad.forecast(request))
    expect([error.code, error.path]).toEqual(['invalid-input', path])
  })

  test('training series of mixed steps are refused', () => {
    const error = caught(() => naive().fit([series, { values: [1], stepSeconds: 60 }]))
    expect(error.path).toBe('training[1].stepSeconds')
  })

  const saved = lad.toJSON()
  test.each([
    ['something else', 7, 'forecaster'],
    ['another format', { ...saved, format: 'x' }, 'forecaster'],
    ['another version', { ...saved, version: 2 }, 'forecaster.version'],
    ['an unknown method', { ...saved, method: 'oracle' }, 'forecaster.method'],
    ['no horizon', { ...saved, horizon: 0 }, 'forecaster.horizon'],
    ['no step', { ...saved, stepSeconds: undefined }, 'forecaster.stepSeconds'],
    ['parameters of another method', { ...saved, parameters: { alpha: 1 } }, 'forecaster.parameters'],
    [
      'coefficients cut short',
      { ...saved, parameters: { ...(saved.parameters as object), coefficients: [[1]] } },
      'forecaster.parameters',
    ],
    ['quantiles cut short', { ...saved, errorQuantiles: [[1, 2]] }, 'forecaster.errorQuantiles'],
    ['no stand-ins', { ...saved, fallbacks: undefined }, 'forecaster.fallbacks'],
    ['a reason that is no text', { ...saved, unfitted: 3 }, 'forecaster.unfitted'],
    ['a broken stand-in', { ...saved, fallbacks: [{ ...saved, version: 0 }] }, 'forecaster.fallbacks[0].version'],
  ])('a model file with %s is refused', (_, data, path) => {
    const error = caught(() => forecasterFromJSON(data))
    expect([error.code, error.path]).toEqual(['format', path])
  })

  test('a text that was not parsed is told how to be read', () => {
    expect(caught(() => forecasterFromJSON(JSON.stringify(saved))).hint).toContain('JSON.parse')
  })

  // Naive and the rolling median have no parameters, so anything is theirs.
  test.each(['seasonal-naive', 'simple-exponential-smoothing', 'holt-winters', 'autoregression'])(
    'numbers that are not those of %s are refused',
    (name) => {
      const model = methods[name]!.fit([series]).toJSON()
      for (const [key, value] of Object.entries(model.parameters as object)) {
        const broken = {
          ...model,
          parameters: { ...(model.parameters as object), [key]: typeof value === 'number' ? -1 : 'x' },
        }
        expect(caught(() => forecasterFromJSON(broken)).path).toBe('forecaster.parameters')
      }
    },
  )
})
