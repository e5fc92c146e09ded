import { checkSeries, seriesFromMeasurements, treatMissing } from 'cloudsched/forecast'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

const stepSeconds = 300

describe('checkSeries', () => {
  test('accepts missing values, and features in another order', () => {
    checkSeries([
      { values: [1, Number.NaN], features: { cpu: [1, 2], memory: [3, 4] }, stepSeconds },
      { values: [5], features: { memory: [3], cpu: [1] }, stepSeconds },
    ])
  })

  test.each([
    ['an infinite value', [{ values: [1, Infinity], stepSeconds }], 'series[0].values[1]'],
    ['a null from JSON', [{ values: [null as never], stepSeconds }], 'series[0].values[0]'],
    ['no value', [{ values: [], stepSeconds }], 'series[0].values'],
    ['no series', [], 'series'],
    ['a step of 0', [{ values: [1], stepSeconds: 0 }], 'series[0].stepSeconds'],
    [
      'a feature of another length',
      [{ values: [1], features: { cpu: [1, 2] }, stepSeconds }],
      'series[0].features.cpu',
    ],
    [
      'an infinite feature',
      [{ values: [1], features: { cpu: [-Infinity] }, stepSeconds }],
      'series[0].features.cpu[0]',
    ],
    [
      'mixed steps',
      [
        { values: [1], stepSeconds },
        { values: [1], stepSeconds: 60 },
      ],
      'series[1].stepSeconds',
    ],
    [
      'other features',
      [
        { values: [1], stepSeconds },
        { values: [1], features: { a: [1] }, stepSeconds },
      ],
      'series[1].features',
    ],
    [
      'an id twice',
      [
        { id: 'a', values: [1], stepSeconds },
        { id: 'a', values: [1], stepSeconds },
      ],
      'series[1].id',
    ],
  ])('refuses %s', (_, series, path) => {
    const error = caught(() => checkSeries(series))
    expect([error.code, error.path]).toEqual(['invalid-input', path])
  })
})

describe('treatMissing', () => {
  const gappy = { values: [Number.NaN, 1, Number.NaN, Number.NaN, 4], stepSeconds }

  test('refuses missing values unless told otherwise, and says how to go on', () => {
    const error = caught(() => treatMissing(gappy))
    expect([error.code, error.path]).toEqual(['invalid-input', 'series[0].values[0]'])
    expect(error.hint).toContain('forward-fill')
  })

  test('repeats the last value known, leaves the leading gap and reports both', () => {
    const { series, ...report } = treatMissing(gappy, { missing: 'forward-fill' })
    expect([...(series.values as Float64Array)]).toEqual([Number.NaN, 1, 1, 1, 4])
    expect(report).toEqual({ missing: 3, filled: 2, longestGap: 2 })
  })

  test('leaves a masked series as it is', () => {
    const { series, ...report } = treatMissing(gappy, { missing: 'mask' })
    expect([...(series.values as Float64Array)]).toEqual(gappy.values)
    expect(report).toEqual({ missing: 3, filled: 0, longestGap: 2 })
  })

  test('treats features too', () => {
    const input = { values: [1, 2], features: { cpu: [3, Number.NaN] }, stepSeconds }
    expect(caught(() => treatMissing(input)).path).toBe('series[0].features.cpu[1]')
    expect([...(treatMissing(input, { missing: 'forward-fill' }).series.features!.cpu as Float64Array)]).toEqual([3, 3])
  })
})

describe('seriesFromMeasurements', () => {
  test('rounds jitter to the grid of the most frequent step', () => {
    const series = seriesFromMeasurements([0, 300, 601, 901, 1201], [1, 2, 3, 4, 5])
    expect(series.stepSeconds).toBe(300)
    expect([...(series.values as Float64Array)]).toEqual([1, 2, 3, 4, 5])
  })

  test('refuses a skipped step, or marks it as missing', () => {
    const error = caught(() => seriesFromMeasurements([0, 300, 900, 1200], [1, 2, 3, 4]))
    expect([error.code, error.path]).toEqual(['invalid-input', 'timesSeconds[2]'])
    const { values } = seriesFromMeasurements([0, 300, 900, 1200], [1, 2, 3, 4], { gaps: 'missing' })
    expect([...(values as Float64Array)]).toEqual([1, 2, Number.NaN, 3, 4])
  })

  test.each([
    ['time that stands still', [0, 0], [1, 2], {}, 'timesSeconds[1]'],
    ['two measurements of one step', [0, 300, 310], [1, 2, 3], { stepSeconds: 300 }, 'timesSeconds[2]'],
    ['fewer values than times', [0, 300], [1], {}, 'values'],
    ['one measurement without a step', [0], [1], {}, 'options.stepSeconds'],
  ])('refuses %s', (_, times, values, options, path) => {
    expect(caught(() => seriesFromMeasurements(times, values, options)).path).toBe(path)
  })
})
