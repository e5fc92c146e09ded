import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Aggregate, resampleMeasurements } from '../../../src/forecast/preparation/resample.ts'
import { caught } from '../../caught.ts'

const { NaN: missing } = Number

describe('resampleMeasurements', () => {
  test.each<[Aggregate, number[]]>([
    ['mean', [2, 5, missing, 7]],
    ['max', [3, 5, missing, 7]],
    ['min', [1, 5, missing, 7]],
    ['sum', [4, 5, missing, 7]],
    ['last', [3, 5, missing, 7]],
  ])('%s of each step', (aggregate, expected) => {
    const { series } = resampleMeasurements([0, 30, 61, 200], [1, 3, 5, 7], { stepSeconds: 60, aggregate })
    expect(Array.from(series.values)).toEqual(expected)
  })

  test('reports order, repeats, holes and what was left out', () => {
    // Steps of 10 s from 100: 101 and 109 share one, 125 is alone, 150 twice; 95 lies before the start.
    const result = resampleMeasurements([101, 150, 109, 125, 150, 95, 131], [1, 2, 3, 4, 6, 9, missing], {
      stepSeconds: 10,
      startSeconds: 100,
      id: 'a',
    })
    expect(Array.from(result.series.values)).toEqual([2, missing, 4, missing, missing, 4])
    expect(result).toMatchObject({
      startSeconds: 100,
      measurements: 7,
      outOfOrder: 4,
      sameTime: 1,
      leftOut: 2,
      merged: 2,
      empty: 3,
    })
    expect(result.series.id).toBe('a')
  })

  test.each([0, 0.6, 1_700_000_000])('finds a step of a tenth of a second from %s s on', (start) => {
    // As doubles 0.3 - 0.2 and 0.4 - 0.3 are less than 0.1, each by another amount.
    const times = Array.from({ length: 12 }, (_, k) => start + k / 10)
    const { series, merged, empty } = resampleMeasurements(times, times)
    expect([series.stepSeconds, series.values.length, merged, empty]).toEqual([0.1, 12, 0, 0])
  })

  test('takes the most frequent step, of equally frequent ones the smaller, and shows a skipped step', () => {
    const { series } = resampleMeasurements([900, 0, 300, 300, 1200], [4, 1, 2, 2, 5])
    expect(series.stepSeconds).toBe(300)
    expect(Array.from(series.values)).toEqual([1, 2, missing, 4, 5])
    expect(resampleMeasurements([0, 10, 40], [1, 2, 3]).series.stepSeconds).toBe(10)
  })

  test('from half a step before the first time stamp on, jitter goes to the nearest step', () => {
    const times = [0, 299, 601, 899, 1201]
    const { series, merged, empty } = resampleMeasurements(times, [1, 2, 3, 4, 5], {
      stepSeconds: 300,
      startSeconds: -150,
    })
    expect(Array.from(series.values)).toEqual([1, 2, 3, 4, 5])
    expect([merged, empty]).toEqual([0, 0])
  })

  test.each([
    [0, 0.1],
    [0.6, 0.2],
    [1_700_000_000, 0.1],
  ])(
    'measurements on the grid from %s s in steps of %s s stay apart, whatever their rounding',
    (first, stepSeconds) => {
      // 0.3 / 0.1 and 0.6 / 0.2 are less than 3.
      const times = Array.from({ length: 200 }, (_, k) => first + k * stepSeconds)
      const { series, merged, empty } = resampleMeasurements(times, [...times.keys()], { stepSeconds })
      expect(Array.from(series.values)).toEqual([...times.keys()])
      expect([merged, empty]).toEqual([0, 0])
    },
  )

  test('the order of the measurements does not matter', () => {
    const measurement = fc.tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: -9, max: 9 }))
    fc.assert(
      fc.property(fc.array(measurement, { minLength: 1 }), (pairs) => {
        const resample = (list: typeof pairs) =>
          resampleMeasurements(
            list.map(([t]) => t),
            list.map(([, x]) => x),
            { stepSeconds: 7, aggregate: 'sum' },
          )
        const result = resample(pairs)
        expect(resample(pairs.toReversed()).series).toEqual(result.series)
        const total = Array.from(result.series.values).reduce((sum, x) => sum + (Number.isNaN(x) ? 0 : x), 0)
        expect(total).toBe(pairs.reduce((sum, [, x]) => sum + x, 0))
      }),
    )
  })

  test('refuses broken measurements, and a step in another unit', () => {
    expect(caught(() => resampleMeasurements([0, missing], [1, 2], { stepSeconds: 1 })).path).toBe('timesSeconds[1]')
    expect(caught(() => resampleMeasurements([0], [Infinity], { stepSeconds: 1 })).path).toBe('values[0]')
    expect(caught(() => resampleMeasurements([0, 1], [1], { stepSeconds: 1 })).path).toBe('values')
    expect(caught(() => resampleMeasurements([0, 1e12], [1, 2], { stepSeconds: 1 })).hint).toContain('seconds')
    for (const times of [[0], [5, 5]]) {
      expect(
        caught(() =>
          resampleMeasurements(
            times,
            times.map(() => 1),
          ),
        ),
      ).toMatchObject({ code: 'invalid-option', path: 'options.stepSeconds' })
    }
  })
})
