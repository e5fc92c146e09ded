import { checkSeries } from 'cloudsched/forecast'
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
    ['a series that is no list', { values: [1], stepSeconds } as never, 'series'],
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
