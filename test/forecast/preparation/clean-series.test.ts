import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanSeries } from '../../../src/forecast/preparation/clean-series.ts'
import { caught } from '../../caught.ts'

const { NaN: missing } = Number

describe('cleanSeries', () => {
  test('marks what cannot be and lists each change', () => {
    const values = [30, -1, 250, Infinity, missing, 31, null as unknown as number]
    const cleaned = cleanSeries({ values, stepSeconds: 300 }, { minimum: 0, maximum: 100 })
    expect(Array.from(cleaned.series.values)).toEqual([30, missing, missing, missing, missing, 31, missing])
    expect(cleaned.changes).toEqual([
      { column: 'value', step: 1, received: -1, reason: 'below the minimum' },
      { column: 'value', step: 2, received: 250, reason: 'above the maximum' },
      { column: 'value', step: 3, received: Infinity, reason: 'infinite' },
      { column: 'value', step: 6, received: null, reason: 'not a number' },
    ])
    expect(cleaned).toMatchObject({ missingBefore: 1, missingAfter: 5 })
    expect(values[1]).toBe(-1)
  })

  test('a stuck sensor keeps the first of its equal values', () => {
    const { series, changes } = cleanSeries({ values: [1, 2, 2, 2, 3, 3, 4], stepSeconds: 60 }, { stuckSteps: 3 })
    expect(Array.from(series.values)).toEqual([1, 2, missing, missing, 3, 3, 4])
    expect(changes.map(({ step, reason }) => [step, reason])).toEqual([
      [2, 'stuck'],
      [3, 'stuck'],
    ])
  })

  test('limits are for the target alone; features lose only what is no finite number', () => {
    const series = { values: [1, 2], features: { memory: [-5, Infinity] }, stepSeconds: 60 }
    const cleaned = cleanSeries(series, { minimum: 0 })
    expect(Array.from(cleaned.series.features!['memory']!)).toEqual([-5, missing])
    expect(cleaned.changes).toEqual([{ column: 'memory', step: 1, received: Infinity, reason: 'infinite' }])
  })

  test('a limit that is reached is kept, and clean values are left alone', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }), (values) => {
        const cleaned = cleanSeries({ values, stepSeconds: 1 }, { minimum: 0, maximum: 100 })
        expect(Array.from(cleaned.series.values)).toEqual(values)
        expect(cleaned.changes).toEqual([])
      }),
    )
  })

  test('refuses limits that exclude everything', () => {
    expect(caught(() => cleanSeries({ values: [1], stepSeconds: 1 }, { minimum: 2, maximum: 1 }))).toMatchObject({
      code: 'invalid-option',
      path: 'options.minimum',
    })
  })
})
