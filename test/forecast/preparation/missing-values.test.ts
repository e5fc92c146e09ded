import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dropMissing,
  type MissingValues,
  treatMissing,
  type TreatMissingOptions,
} from '../../../src/forecast/preparation/missing-values.ts'
import { caught } from '../../caught.ts'

const { NaN: missing } = Number
const series = (values: readonly number[]) => ({ values, stepSeconds: 300 })
const treated = (values: readonly number[], options: TreatMissingOptions): number[] =>
  Array.from(treatMissing(series(values), options).series.values)

const gappy = fc.array(fc.oneof(fc.constant(missing), fc.double({ min: -9, max: 9, noNaN: true })), { minLength: 1 })

describe('treatMissing', () => {
  test('refuses missing values unless told otherwise, every run at once, and says how to go on', () => {
    const input = { ...series([missing, 1, missing, missing, 4]), features: { cpu: [1, 2, 3, 4, missing] } }
    const error = caught(() => treatMissing(input))
    expect(error.code).toBe('invalid-input')
    expect(error.findings.map(({ path, expected }) => [path, expected])).toEqual([
      ['series[0].values[0]', 'a known value'],
      ['series[0].values[2]', 'a known value, as the 1 after it'],
      ['series[0].features.cpu[4]', 'a known value'],
    ])
    expect(error.hint).toContain("missing: 'ffill'")
    expect(treatMissing(series([1, 2]))).toEqual({
      series: { values: Float64Array.of(1, 2), stepSeconds: 300 },
      gaps: [],
      missing: 0,
      filled: 0,
    })
  })

  test('interpolates by a straight line', () => {
    expect(treated([1, missing, missing, 4, missing, 2], { missing: 'interpolate' })).toEqual([1, 2, 3, 4, 3, 2])
  })

  test('carries the last value forward, in features too', () => {
    expect(treated([1, missing, missing, 4, missing], { missing: 'ffill' })).toEqual([1, 1, 1, 4, 4])
    expect(treated([missing, missing], { missing: 'ffill' })).toEqual([missing, missing])
    const input = { ...series([1, 2]), features: { cpu: [3, missing] } }
    expect(treatMissing(input, { missing: 'ffill' }).series.features).toEqual({ cpu: Float64Array.of(3, 3) })
  })

  test('leaves a masked series as it is, and counts', () => {
    const { series: after, ...report } = treatMissing(series([missing, 1, missing, missing]), { missing: 'mask' })
    expect(Array.from(after.values)).toEqual([missing, 1, missing, missing])
    expect(report).toEqual({
      gaps: [
        { column: 'value', start: 0, steps: 1, action: 'left: masked' },
        { column: 'value', start: 2, steps: 2, action: 'left: masked' },
      ],
      missing: 3,
      filled: 0,
    })
  })

  test('says what it did, and what it could not do', () => {
    const result = treatMissing(series([missing, 1, missing, 3, missing, missing, missing, 7, missing]), {
      missing: 'interpolate',
      longestGap: 2,
    })
    expect(Array.from(result.series.values)).toEqual([missing, 1, 2, 3, missing, missing, missing, 7, missing])
    expect(result.gaps).toEqual([
      { column: 'value', start: 0, steps: 1, action: 'left: nothing before it' },
      { column: 'value', start: 2, steps: 1, action: 'filled' },
      { column: 'value', start: 4, steps: 3, action: 'left: too long' },
      { column: 'value', start: 8, steps: 1, action: 'left: nothing after it' },
    ])
    expect(result).toMatchObject({ missing: 6, filled: 1 })
  })

  test('known values stay, the counts add up, and the input is not touched', () => {
    fc.assert(
      fc.property(gappy, fc.constantFrom<MissingValues>('interpolate', 'ffill', 'mask'), (values, method) => {
        const before = [...values]
        const result = treatMissing(series(values), { missing: method })
        const after = Array.from(result.series.values)
        values.forEach((value, step) => !Number.isNaN(value) && expect(after[step]).toBe(value))
        expect(result.missing).toBe(values.filter(Number.isNaN).length)
        expect(after.filter(Number.isNaN).length).toBe(result.missing - result.filled)
        expect(values).toEqual(before)
      }),
    )
  })

  test('filled values lie between their neighbours', () => {
    fc.assert(
      fc.property(gappy, (values) => {
        const known = values.filter((value) => !Number.isNaN(value))
        for (const value of treated(values, { missing: 'interpolate' }).filter((x) => !Number.isNaN(x))) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...known) - 1e-12)
          expect(value).toBeLessThanOrEqual(Math.max(...known) + 1e-12)
        }
      }),
    )
  })

  test('refuses an unknown way, and a longest gap where nothing is filled', () => {
    expect(caught(() => treated([1], { missing: 'mean' as MissingValues })).path).toBe('options.missing')
    for (const options of [{ longestGap: 2 }, { missing: 'mask', longestGap: 2 }] as const) {
      expect(caught(() => treated([1], options))).toMatchObject({ code: 'invalid-option', path: 'options.longestGap' })
    }
  })
})

describe('dropMissing', () => {
  test('drops steps with a gap in any column, which leaves pieces', () => {
    const result = dropMissing({
      values: [1, 2, missing, 4, 5, 6],
      features: { memory: [9, 8, 7, 6, missing, 4] },
      stepSeconds: 300,
      id: 'a',
    })
    expect(result.ranges).toEqual([
      { start: 0, end: 2 },
      { start: 3, end: 4 },
      { start: 5, end: 6 },
    ])
    expect(result.pieces.map(({ values }) => Array.from(values))).toEqual([[1, 2], [4], [6]])
    expect(result.pieces.map(({ features }) => Array.from(features!['memory']!))).toEqual([[9, 8], [6], [4]])
    expect(result).toMatchObject({ missing: 2, droppedSteps: 2 })
    expect(result.gaps).toEqual([
      { column: 'value', start: 2, steps: 1, action: 'dropped' },
      { column: 'memory', start: 4, steps: 1, action: 'dropped' },
    ])
  })

  test('of a series that is missing altogether nothing is left', () => {
    expect(dropMissing(series([missing, missing])).pieces).toEqual([])
  })

  test('the pieces are the series at their ranges, without a missing value', () => {
    fc.assert(
      fc.property(gappy, (values) => {
        const { pieces, ranges, droppedSteps } = dropMissing(series(values))
        ranges.forEach(({ start, end }, k) => {
          expect(Array.from(pieces[k]!.values)).toEqual(values.slice(start, end))
        })
        expect(pieces.flatMap((piece) => Array.from(piece.values))).toEqual(values.filter((x) => !Number.isNaN(x)))
        expect(droppedSteps).toBe(values.filter(Number.isNaN).length)
      }),
    )
  })
})
