import { autoregression, ladAutoregression } from 'cloudsched/forecast'
import { Matrix, solve } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import { leastAbsoluteDeviations } from '../../../src/forecast/autoregression/least-absolute-deviations.ts'
import { weightedLeastSquares } from '../../../src/forecast/autoregression/least-squares.ts'
import { createRng } from '../../../src/random/rng.ts'
import { caught } from '../../caught.ts'
import { noisySeries, seriesOf } from '../small-series.ts'

function randomRegression(rowCount: number, columnCount: number, seed: number) {
  const rng = createRng(seed)
  const inputs = Float64Array.from({ length: rowCount * columnCount }, () => rng() - 0.5)
  const targets = Float64Array.from({ length: rowCount }, () => 3 * rng())
  return { rowCount, columnCount, inputs, targets, weights: targets.map(() => 0.1 + rng()) }
}

describe('weightedLeastSquares', () => {
  test.each([7, 8, 41])('agrees with the QR solution of ml-matrix on %i rows', (rowCount) => {
    const { weights, ...regression } = randomRegression(rowCount, 4, rowCount)
    const scaled = (x: number, row: number): number => x * Math.sqrt(weights[row]!)
    const left = Matrix.from1DArray(
      rowCount,
      4,
      regression.inputs.map((x, i) => scaled(x, Math.floor(i / 4))),
    )
    const right = Matrix.columnVector(regression.targets.map(scaled))
    const oracle = solve(left, right).to1DArray()
    weightedLeastSquares(regression, weights).forEach((w, a) => expect(w).toBeCloseTo(oracle[a]!, 6))
  })

  test('gives no weight out of bounds to columns that repeat each other', () => {
    const inputs = Float64Array.of(1, 1, 2, 2, 3, 3)
    const regression = { rowCount: 3, columnCount: 2, inputs, targets: Float64Array.of(2, 4, 6) }
    const [a, b] = weightedLeastSquares(regression, Float64Array.of(1, 1, 1))
    expect(a! + b!).toBeCloseTo(2, 6)
  })
})

describe('leastAbsoluteDeviations', () => {
  test('of a constant is the median, which an outlier does not move', () => {
    const inputs = Float64Array.of(1, 1, 1, 1, 1)
    const targets = Float64Array.of(1, 2, 3, 4, 1000)
    const [w] = leastAbsoluteDeviations({ rowCount: 5, columnCount: 1, inputs, targets }, 100)
    expect(w).toBeCloseTo(3, 0)
  })

  test('comes within one per cent of the optimum, which passes through as many points as it has columns', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const { weights: _, ...regression } = randomRegression(30, 2, seed)
      const { inputs, targets } = regression
      const loss = (a: number, b: number): number =>
        targets.reduce((sum, y, i) => sum + Math.abs(y - a * inputs[2 * i]! - b * inputs[2 * i + 1]!), 0)
      let optimum = Infinity
      for (let i = 0; i < 30; i++)
        for (let j = 0; j < i; j++) {
          const [p, q, r, s] = [inputs[2 * i]!, inputs[2 * i + 1]!, inputs[2 * j]!, inputs[2 * j + 1]!]
          const determinant = p * s - q * r
          optimum = Math.min(
            optimum,
            loss((targets[i]! * s - q * targets[j]!) / determinant, (p * targets[j]! - r * targets[i]!) / determinant),
          )
        }
      const [a, b] = leastAbsoluteDeviations(regression, 100)
      const found = loss(a!, b!)
      expect(found).toBeGreaterThanOrEqual(optimum - 1e-9)
      expect(found).toBeLessThan(1.01 * optimum)
    }
  })
})

describe('autoregression', () => {
  test('finds the recurrence of a noiseless series, all steps ahead', () => {
    // y_t = 1.6 y_(t-1) - 0.8 y_(t-2) + 3, a damped wave.
    const values = [20, 0]
    for (let t = 2; t < 60; t++) values.push(1.6 * values[t - 1]! - 0.8 * values[t - 2]! + 3)
    const known = { values: values.slice(0, 50), stepSeconds: 300 }
    const path = autoregression({ lags: 2, horizon: 10 }).fit([known]).forecast({ history: known, horizon: 10 }).values
    path.forEach((value, h) => expect(value).toBeCloseTo(values[50 + h]!, 3))
  })

  test('sees a season through its own inputs', () => {
    const values = Float64Array.from({ length: 400 }, (_, t) => (t % 40 === 0 ? 90 : 10 + ((t % 40) % 3)))
    const series = { values: values.subarray(0, 360), stepSeconds: 300 }
    const at = (season: number): number =>
      autoregression({ lags: 6, season, horizon: 4 }).fit([series]).forecast({ history: series, horizon: 4 }).values[0]!
    expect(at(40)).toBeCloseTo(90, 3)
    expect(at(0)).toBeLessThan(40)
  })

  test('shares one model among several series', () => {
    const method = autoregression({ lags: 4 })
    const [a, b] = [noisySeries(200, 1), noisySeries(200, 2)]
    const coefficients = (...training: (typeof a)[]): unknown => method.fit(training).toJSON().parameters
    expect(coefficients(a, b)).not.toEqual(coefficients(a))
    // Windows never run from the end of one series into the start of the next: order cannot matter but for rounding.
    const [first, second] = [
      [a, b],
      [b, a],
    ].map((training) => method.fit(training).forecast({ history: a, horizon: 12 }).values)
    first!.forEach((value, h) => expect(value).toBeCloseTo(second![h]!, 6))
  })

  test('leaves windows with missing values out of the fit', () => {
    const whole = noisySeries(300, 3)
    const gappy = Float64Array.from(whole.values)
    gappy[100] = Number.NaN
    const answer = ladAutoregression({ lags: 6 })
      .fit([{ values: gappy, stepSeconds: 300 }])
      .forecast({ history: whole, horizon: 3 })
    expect(answer.fallbacks).toEqual([])
    expect(answer.values.every(Number.isFinite)).toBe(true)
  })

  test('refuses a season that the horizon reaches past', () => {
    expect(caught(() => autoregression({ season: 12 })).path).toBe('options.season')
  })
})

describe('LAD autoregression', () => {
  test('is not misled by a level that training never saw', () => {
    // Training about 33, then a jump to 99: least squares without centring drifts back towards 33.
    const low = noisySeries(1000, 5, 33)
    const high = noisySeries(200, 6, 99)
    const error = (method: typeof ladAutoregression): number => {
      const path = method().fit([low]).forecast({ history: high, horizon: 12 }).values
      return path.reduce((sum, value) => sum + Math.abs(value - 99), 0) / 12
    }
    expect(error(ladAutoregression)).toBeLessThan(3)
  })

  test('does not bend to spikes, which least squares does', () => {
    // A level of 10 with a spike of 200 every 37 steps: the best forecast of most steps is 10.
    const values = Float64Array.from({ length: 1000 }, (_, t) => (t % 37 === 5 ? 200 : 10 + ((t * 7) % 5) / 10))
    const series = { values, stepSeconds: 300 }
    const first = (method: typeof ladAutoregression): number =>
      method({ lags: 6, centre: 'none' }).fit([series]).forecast({ history: series, horizon: 1 }).values[0]!
    expect(Math.abs(first(ladAutoregression) - 10)).toBeLessThan(0.6)
    expect(Math.abs(first(autoregression) - 10)).toBeGreaterThan(2)
  })

  test('moves with the series: y + c is forecast as the forecast of y, + c', () => {
    const series = noisySeries(300, 7)
    const lifted = { ...series, values: Float64Array.from(series.values, (value) => value + 1000) }
    const path = (one: typeof series): Float64Array =>
      ladAutoregression({ lags: 8, horizon: 6 }).fit([one]).forecast({ history: one, horizon: 6 }).values
    const raised = path(lifted)
    path(series).forEach((value, h) => expect(raised[h]! - 1000).toBeCloseTo(value, 4))
  })

  test('refuses broken options', () => {
    expect(caught(() => ladAutoregression({ lags: 0 })).code).toBe('invalid-option')
    expect(caught(() => ladAutoregression({ loss: 'l1' } as never)).code).toBe('invalid-option')
  })

  test('answers a training series of one value', () => {
    const answer = ladAutoregression()
      .fit([seriesOf(4)])
      .forecast({ history: seriesOf(4), horizon: 2, levels: [0.5] })
    expect([[...answer.values], [...answer.quantiles[0]!]]).toEqual([
      [4, 4],
      [4, 4],
    ])
    expect(answer.fallbacks.at(-2)).toBe('naive answered')
  })
})

test('golden: one series, forecast and quantile to the last digit, on every engine', () => {
  const series = noisySeries(300, 42)
  const answer = ladAutoregression({ lags: 12, horizon: 3 })
    .fit([series])
    .forecast({ history: series, horizon: 3, levels: [0.85] })
  expect([[...answer.values], [...answer.quantiles[0]!]]).toMatchInlineSnapshot(`
    [
      [
        51.464460148303914,
        49.90600092233971,
        50.041258910235506,
      ],
      [
        53.52752018902992,
        52.0116880945562,
        52.141049567241005,
      ],
    ]
  `)
})
