import { coverage, mae, pinball, quantileCoverage, weightedQuantileLoss } from 'cloudsched/forecast'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

describe('quantile errors', () => {
  test('pinball weighs shortfall and excess by the level', () => {
    // 10 above 8: 0.9 x 2; 4 below 6: 0.1 x 2.
    expect(pinball([10, 4], [8, 6], 0.9)).toBeCloseTo((1.8 + 0.2) / 2, 15)
  })

  test('pinball at the median is half the mean absolute error', () => {
    expect(pinball([10, 4, 3], [8, 6, 3], 0.5)).toBe(mae([10, 4, 3], [8, 6, 3])! / 2)
  })

  test('weighted quantile loss by hand', () => {
    // Level 0.5: 2 x (1 + 1); level 0.9: 2 x (0 + 0.1 x 6); both over 14.
    expect(
      weightedQuantileLoss(
        [10, 4],
        [
          [8, 6],
          [10, 10],
        ],
        [0.5, 0.9],
      ),
    ).toBeCloseTo((4 + 1.2) / 28, 15)
    expect(weightedQuantileLoss([0, 0], [[1, 1]], [0.5])).toBeNull()
    expect(caught(() => weightedQuantileLoss([1], [[1]], [0.5, 0.9])).code).toBe('invalid-input')
  })

  test('levels are shares, not per cent', () => {
    expect(caught(() => pinball([1], [2], 85))).toMatchObject({ code: 'invalid-input', path: 'level' })
    expect(caught(() => weightedQuantileLoss([1], [[1], [1]], [0.5, 1])).path).toBe('levels[1]')
  })

  test('coverage counts the ends as inside', () => {
    expect(quantileCoverage([1, 2, 3, Number.NaN], [2, 2, 2, 2])).toBe(2 / 3)
    expect(coverage([1, 2, 3, 4], [1, 3, 1, Number.NaN], [1, 4, 3, 9])).toBe(2 / 3)
    expect(coverage([Number.NaN], [0], [1])).toBeNull()
  })
})
