import { describe, expect, test } from 'vitest'
import { adaptLevel } from '../../../src/live/feedback/adaptive-level.ts'
import { pageHinkley, undrifted } from '../../../src/live/feedback/drift.ts'
import { onlineForecaster } from '../../../src/live/feedback/online-forecaster.ts'
import { learn, predict, untrainedLeastSquares } from '../../../src/live/feedback/recursive-least-squares.ts'
import { createRng } from '../../../src/random/rng.ts'

describe('recursive least squares', () => {
  test('equals the weighted least squares solved at once', () => {
    // One lag: the centre of one value is the value, inputs are 0, the model predicts the last value. Two lags x1, x2 with
    // mean m: inputs (x1 - m, x2 - m) = (d, -d), so only w1 - w2 matters; checked against the closed form below.
    const values = [3, 5, 4, 6, 5, 7, 6.5, 8]
    const options = { lags: 2, forgetting: 0.9, uncertainty: 1e6 }
    let model = untrainedLeastSquares(options)
    for (const value of values) model = learn(model, value, options)
    // minimise sum_t 0.9^(T-t) (y_t - m_t - s d_t)^2 over s = w1 - w2, with d = (x_{t-1} - x_{t-2}) / 2.
    let [top, bottom] = [0, 0]
    for (let t = 2; t < values.length; t++) {
      const d = (values[t - 1]! - values[t - 2]!) / 2
      const y = values[t]! - (values[t - 1]! + values[t - 2]!) / 2
      const weight = 0.9 ** (values.length - 1 - t)
      top += weight * d * y
      bottom += weight * d * d
    }
    expect(model.weights[0]! - model.weights[1]!).toBeCloseTo(top / bottom, 4)
  })

  test('learns an autoregression, and follows it when it changes', () => {
    const options = { lags: 3, forgetting: 0.97 }
    const rng = createRng(4)
    let model = untrainedLeastSquares(options)
    let [a, b] = [1, 0]
    const step = (w1: number, w2: number): void => {
      const next = 50 + w1 * (a - 50) + w2 * (b - 50) + 2 * (rng() - 0.5)
      ;[a, b] = [next, a]
      model = learn(model, next, options)
    }
    for (let t = 0; t < 400; t++) step(1.2, -0.5)
    const error = (w1: number, w2: number): number =>
      Math.abs(predict(model, 1)![0]! - (50 + w1 * (a - 50) + w2 * (b - 50)))
    expect(error(1.2, -0.5)).toBeLessThan(0.6)
    for (let t = 0; t < 400; t++) step(-0.4, 0.3)
    expect(error(-0.4, 0.3)).toBeLessThan(0.6)
  })

  test('knows nothing before it has seen as many values as lags', () => {
    expect(predict(untrainedLeastSquares({ lags: 3 }), 2)).toBeNull()
    const { values, fallbacks } = onlineForecaster({ lags: 3 }).forecast({
      history: { values: [4, 7], stepSeconds: 300 },
      horizon: 2,
    })
    expect([...values]).toEqual([7, 7])
    expect(fallbacks[0]).toContain('the last value answers')
  })

  test('the last known errors stand in for steps further ahead, and it says so', () => {
    // With two lags the first error counts at step 4: of six values that is one error, one step ahead.
    const { values, quantiles, fallbacks } = onlineForecaster({ lags: 2 }).forecast({
      history: { values: [3, 5, 2, 6, 4, 9], stepSeconds: 300 },
      horizon: 3,
      levels: [0.1, 0.9],
    })
    const error = quantiles[0]![0]! - values[0]!
    expect(Math.abs(error)).toBeGreaterThan(0.1)
    for (const path of quantiles) path.forEach((one, h) => expect(one).toBeCloseTo(values[h]! + error, 12))
    expect(fallbacks).toEqual(['errors of the past are known up to 1 steps ahead: those stand in beyond'])
  })

  test('the online forecaster has quantiles that cover as they say', () => {
    const rng = createRng(9)
    const values: number[] = [20]
    for (let t = 1; t < 700; t++) values.push(20 + 0.8 * (values[t - 1]! - 20) + 4 * (rng() - 0.5))
    const forecaster = onlineForecaster({ lags: 4 })
    let covered = 0
    for (let t = 300; t < 700; t++) {
      const { quantiles } = forecaster.forecast({
        history: { values: values.slice(0, t), stepSeconds: 300 },
        horizon: 1,
        levels: [0.8],
      })
      if (values[t]! <= quantiles[0]![0]!) covered++
    }
    // 400 trials at 0.8: standard deviation 0.02.
    expect(covered / 400).toBeGreaterThan(0.73)
    expect(covered / 400).toBeLessThan(0.87)
  })
})

describe('drift', () => {
  const errors = (count: number, mean: number, seed: number): number[] => {
    const rng = createRng(seed)
    return Array.from({ length: count }, () => mean * 2 * rng())
  }

  test('is reported when errors double, and not while they stay', () => {
    let state = undrifted
    const reports: number[] = []
    ;[...errors(600, 1, 1), ...errors(200, 2, 2)].forEach((error, t) => {
      const step = pageHinkley(state, error)
      state = step.state
      if (step.drifted) reports.push(t)
    })
    expect(reports[0]).toBeGreaterThanOrEqual(600)
    expect(reports[0]).toBeLessThan(660)
  })

  test('follows its sums by hand', () => {
    // Errors 1, 3 with tolerance 0: means 1, 2; sums 1 - 1 = 0, 0 + 3 - 2 = 1.
    const first = pageHinkley(undrifted, 1, { tolerance: 0 }).state
    expect(pageHinkley(first, 3, { tolerance: 0 }).state).toEqual({ count: 2, mean: 2, sum: 1, least: 0 })
  })
})

test('the adapted level covers the share that is wanted, whatever the forecast is worth', () => {
  const rng = createRng(3)
  let level = 0.85
  let covered = 0
  for (let t = 0; t < 4000; t++) {
    // A forecaster whose quantile of level q is really the one of level q^3.
    const isCovered = rng() <= level ** 3
    if (isCovered) covered++
    level = adaptLevel(level, isCovered, 0.85, 0.01)
  }
  expect(covered / 4000).toBeGreaterThan(0.83)
  expect(covered / 4000).toBeLessThan(0.87)
})
