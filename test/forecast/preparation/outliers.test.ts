import { describe, expect, test } from 'vitest'
import { clipOutliers, fitOutlierLimits } from '../../../src/forecast/preparation/outliers.ts'
import { caught } from '../../caught.ts'

const { NaN: missing } = Number
const series = (values: readonly number[]) => ({ values, stepSeconds: 300 })

describe('fitOutlierLimits', () => {
  test('hand-computed, and unmoved by a spike', () => {
    // 1 2 3 4 1000: median 3, distances 2 1 0 1 997, their median 1; deviation 1.4826, limits 3 -+ 2 * 1.4826.
    const limits = fitOutlierLimits([series([1, 2, 1000, 3, 4, missing])], { deviations: 2 })!
    expect(limits).toMatchObject({ median: 3, from: 'median absolute deviation', deviations: 2 })
    expect(limits.low).toBeCloseTo(3 - 2.965204, 5)
    expect(limits.high).toBeCloseTo(5.965204, 5)
  })

  test('where most values are equal measures by the mean distance, and says so', () => {
    // Distances 0 0 0 5: mean 1.25, deviation 1.25 * 1.2533.
    const limits = fitOutlierLimits([series([7, 7, 7, 12])], { deviations: 1 })!
    expect(limits.from).toBe('mean absolute deviation')
    expect(limits.high).toBeCloseTo(7 + 1.25 * 1.2533141, 6)
  })

  test('constant values show no spread', () => {
    expect(fitOutlierLimits([series([5, 5]), series([5])])).toBeNull()
  })

  test('refuses training rows without a known value', () => {
    expect(caught(() => fitOutlierLimits([series([missing])])).path).toBe('training')
  })
})

test('clipOutliers brings values back to the limits and lists them; missing ones stay', () => {
  const limits = {
    median: 0,
    deviation: 1,
    from: 'median absolute deviation',
    deviations: 2,
    low: -2,
    high: 2,
  } as const
  const clipped = clipOutliers(series([-9, -2, 0, missing, 2, 3]), limits)
  expect(Array.from(clipped.series.values)).toEqual([-2, -2, 0, missing, 2, 2])
  expect(clipped.changes).toEqual([
    { step: 0, from: -9, to: -2 },
    { step: 5, from: 3, to: 2 },
  ])
  expect(clipped).toMatchObject({ clippedLow: 1, clippedHigh: 1 })
})
