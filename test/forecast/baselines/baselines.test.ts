import { holtWinters, naive, rollingMedian, seasonalNaive, simpleExponentialSmoothing } from 'cloudsched/forecast'
import { describe, expect, test } from 'vitest'
import { createRng } from '../../../src/random/rng.ts'
import { caught } from '../../caught.ts'
import { noisySeries, seriesOf } from '../small-series.ts'

const history = seriesOf(1, 9, 2, 8, 3, 7)

test('naive repeats the present', () => {
  const { values, fallbacks } = naive().fit([history]).forecast({ history, horizon: 3 })
  expect([[...values], fallbacks]).toEqual([[7, 7, 7], []])
})

test('seasonal naive repeats the last season, again and again', () => {
  const forecaster = seasonalNaive({ season: 2, horizon: 5 }).fit([history])
  expect([...forecaster.forecast({ history, horizon: 5 }).values]).toEqual([3, 7, 3, 7, 3])
})

test('rolling median of an odd and of an even window', () => {
  // 2 8 3 7 sorted is 2 3 7 8; 8 3 7 sorted is 3 7 8.
  expect(rollingMedian({ window: 4 }).fit([history]).forecast({ history, horizon: 1 }).values[0]).toBe(5)
  expect(rollingMedian({ window: 3 }).fit([history]).forecast({ history, horizon: 1 }).values[0]).toBe(7)
})

describe('simple exponential smoothing', () => {
  test('by hand', () => {
    // alpha 1/2: 1, 5, 3.5, 5.75, 4.375, 5.6875; ten steps have a weight above 0.001, of which the history has six.
    const method = simpleExponentialSmoothing({ alpha: 0.5, contextSteps: 6 })
    expect([...method.fit([history]).forecast({ history, horizon: 2 }).values]).toEqual([5.6875, 5.6875])
  })

  test('finds a large alpha for a random walk and a small one for noise about a level', () => {
    const alphaOf = (values: ArrayLike<number>): number =>
      (
        simpleExponentialSmoothing()
          .fit([{ values, stepSeconds: 300 }])
          .toJSON().parameters as { alpha: number }
      ).alpha
    const rng = createRng(1)
    const noise = Float64Array.from({ length: 400 }, () => rng())
    const walk = noise.map((_, t) => noise.subarray(0, t + 1).reduce((sum, step) => sum + step - 0.5, 0))
    expect(alphaOf(noise)).toBeLessThan(0.1)
    expect(alphaOf(walk)).toBeGreaterThan(0.8)
  })
})

describe('Holt-Winters', () => {
  test('continues a line with a season exactly', () => {
    // y = 2 t + (0, 5, -5)[t mod 3]: trend 2 and season start exact, so that no step makes an error.
    const values = Float64Array.from({ length: 240 }, (_, t) => 2 * t + [0, 5, -5][t % 3]!)
    const series = { values, stepSeconds: 300 }
    const path = holtWinters({ season: 3, contextSeasons: 40 })
      .fit([series])
      .forecast({ history: series, horizon: 4 }).values
    path.forEach((value, h) => expect(value).toBeCloseTo(2 * (240 + h) + [0, 5, -5][(240 + h) % 3]!, 9))
  })

  test('one step by hand', () => {
    // Season 2, context 0 4 2 6: means 2 and 4, trend 1, season (-2, 2) less the trend's (-0.5, 0.5), level 2 + 0.5.
    const saved = holtWinters({ season: 2, contextSeasons: 2, horizon: 1 })
      .fit([seriesOf(0, 4, 2, 6, 4)])
      .toJSON()
    const { alpha, beta, gamma, phi } = saved.parameters as Record<string, number>
    let [level, trend] = [2.5, 1]
    const season = [-1.5, 1.5]
    for (const [t, value] of [
      [2, 2],
      [3, 6],
    ] as const) {
      const expected = level + phi! * trend
      const next = alpha! * (value - season[t % 2]!) + (1 - alpha!) * expected
      trend = phi! * trend + beta! * (next - expected)
      season[t % 2] = gamma! * (value - next) + (1 - gamma!) * season[t % 2]!
      level = next
    }
    const answer = holtWinters({ season: 2, contextSeasons: 2, horizon: 1 })
      .fit([seriesOf(0, 4, 2, 6, 4)])
      .forecast({ history: seriesOf(0, 4, 2, 6), horizon: 1 })
    expect(answer.values[0]).toBeCloseTo(level + phi! * trend + season[0]!, 12)
  })

  test('skips gaps in the training rows, and says so where nothing is left', () => {
    const gappy = noisySeries(100, 1)
    const values = Float64Array.from(gappy.values, (value, t) => (t % 10 === 0 ? Number.NaN : value))
    expect(
      holtWinters({ season: 4 })
        .fit([{ values, stepSeconds: 300 }])
        .toJSON().unfitted,
    ).toBeNull()
    const answer = holtWinters({ season: 12 })
      .fit([{ values, stepSeconds: 300 }])
      .forecast({ history: gappy, horizon: 2 })
    expect(answer.fallbacks[0]).toContain('holt-winters is not fitted')
  })
})

test.each([
  ['naive', () => naive({ horizon: 0 })],
  ['seasonalNaive', () => seasonalNaive({ season: 0 })],
  ['rollingMedian', () => rollingMedian({ window: 1.5 })],
  ['simpleExponentialSmoothing', () => simpleExponentialSmoothing({ alpha: 0 })],
  ['holtWinters', () => holtWinters({ season: 1 })],
  ['an unknown option', () => naive({ horizn: 3 } as never)],
])('%s refuses a broken option', (_, call) => {
  expect(caught(call).code).toBe('invalid-option')
})
