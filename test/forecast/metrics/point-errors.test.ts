import { mae, mase, naiveScale, pointErrors, rmse, rmsse, smape, wape } from 'cloudsched/forecast'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

const actual = [10, 0, 4]
const forecast = [8, 0, 8]

describe('point errors', () => {
  test('by hand', () => {
    // Errors 2, 0, 4; actual values sum to 14.
    expect(mae(actual, forecast)).toBe(2)
    expect(rmse(actual, forecast)).toBe(Math.sqrt(20 / 3))
    expect(wape(actual, forecast)).toBe(6 / 14)
    // 2 x 2 / 18, 0 for two zeros, 2 x 4 / 12
    expect(smape(actual, forecast)).toBeCloseTo((4 / 18 + 0 + 8 / 12) / 3, 15)
  })

  test('scaled by the differences of training values', () => {
    // Neighbours differ by 1, 3, 1: mean 5/3, mean square 11/3. Two steps apart: 4, 2: mean 3.
    const training = [1, 2, 5, 4]
    expect(naiveScale(training)).toEqual({ absolute: 5 / 3, squared: 11 / 3 })
    expect(naiveScale(training, 2).absolute).toBe(3)
    expect(mase(actual, forecast, naiveScale(training))).toBeCloseTo(2 / (5 / 3), 15)
    expect(rmsse(actual, forecast, naiveScale(training))).toBeCloseTo(Math.sqrt(20 / 3 / (11 / 3)), 15)
  })

  test('missing values are left out', () => {
    expect(mae([10, Number.NaN, 4], forecast)).toBe(3)
    expect(naiveScale([1, Number.NaN, 3, 5]).absolute).toBe(2)
  })

  test('what is not defined is null, with the reason', () => {
    const constant = naiveScale([7, 7, 7])
    expect(constant).toEqual({ absolute: null, squared: null })
    const zeros = pointErrors([0, 0], [1, 0], constant)
    expect(zeros).toMatchObject({ count: 2, mae: 0.5, wape: null, mase: null, rmsse: null })
    expect(Object.keys(zeros.reasons)).toEqual(['wape', 'mase', 'rmsse'])
    expect(pointErrors([Number.NaN], [1], constant)).toMatchObject({ count: 0, mae: null, rmse: null, smape: null })
  })

  test('a season of no steps is refused', () => {
    expect(caught(() => naiveScale([1, 2, 3], 0))).toMatchObject({ code: 'invalid-input', path: 'season' })
  })

  test('lists of two lengths are refused', () => {
    expect(caught(() => mae([1, 2], [1])).code).toBe('invalid-input')
  })
})
