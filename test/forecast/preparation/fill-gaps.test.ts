import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillGaps, type GapMethod } from '../../../src/forecast/preparation/fill-gaps.ts'
import { caught } from '../../caught.ts'

const { NaN: missing } = Number
const series = (values: readonly number[]) => ({ values, stepSeconds: 300 })
const filled = (values: readonly number[], method: GapMethod, longestGap = Infinity): number[] =>
  Array.from(fillGaps(series(values), { method, longestGap }).series[0]!.values)

describe('fillGaps', () => {
  test('interpolates by a straight line', () => {
    expect(filled([1, missing, missing, 4, missing, 2], 'interpolate')).toEqual([1, 2, 3, 4, 3, 2])
  })

  test('carries the last value forward', () => {
    expect(filled([1, missing, missing, 4, missing], 'forward-fill')).toEqual([1, 1, 1, 4, 4])
  })

  test('says what it did, and what it could not do', () => {
    const result = fillGaps(series([missing, 1, missing, 3, missing, missing, missing, 7, missing]), { longestGap: 2 })
    expect(Array.from(result.series[0]!.values)).toEqual([missing, 1, 2, 3, missing, missing, missing, 7, missing])
    expect(result.gaps).toEqual([
      { column: 'value', start: 0, steps: 1, action: 'left: nothing before it' },
      { column: 'value', start: 2, steps: 1, action: 'filled' },
      { column: 'value', start: 4, steps: 3, action: 'left: too long' },
      { column: 'value', start: 8, steps: 1, action: 'left: nothing after it' },
    ])
    expect(result).toMatchObject({ method: 'interpolate', missing: 6, filled: 1, droppedSteps: 0 })
  })

  test('drops steps with a gap in any column, which leaves pieces', () => {
    const result = fillGaps(
      { values: [1, 2, missing, 4, 5, 6], features: { memory: [9, 8, 7, 6, missing, 4] }, stepSeconds: 300, id: 'a' },
      { method: 'drop' },
    )
    expect(result.ranges).toEqual([
      { start: 0, end: 2 },
      { start: 3, end: 4 },
      { start: 5, end: 6 },
    ])
    expect(result.series.map(({ values }) => Array.from(values))).toEqual([[1, 2], [4], [6]])
    expect(result.series.map(({ features }) => Array.from(features!['memory']!))).toEqual([[9, 8], [6], [4]])
    expect(result).toMatchObject({ missing: 2, filled: 0, droppedSteps: 2 })
    expect(result.gaps.map(({ column, start }) => [column, start])).toEqual([
      ['value', 2],
      ['memory', 4],
    ])
  })

  test('of a series that is missing altogether nothing is left', () => {
    expect(fillGaps(series([missing, missing]), { method: 'drop' }).series).toEqual([])
    expect(filled([missing, missing], 'forward-fill')).toEqual([missing, missing])
  })

  const gappy = fc.array(fc.oneof(fc.constant(missing), fc.double({ min: -9, max: 9, noNaN: true })), { minLength: 1 })

  test('known values stay, the counts add up, and the input is not touched', () => {
    fc.assert(
      fc.property(gappy, fc.constantFrom<GapMethod>('interpolate', 'forward-fill'), (values, method) => {
        const before = [...values]
        const result = fillGaps(series(values), { method })
        const after = Array.from(result.series[0]!.values)
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
        for (const value of filled(values, 'interpolate').filter((x) => !Number.isNaN(x))) {
          expect(value).toBeGreaterThanOrEqual(Math.min(...known) - 1e-12)
          expect(value).toBeLessThanOrEqual(Math.max(...known) + 1e-12)
        }
      }),
    )
  })

  test('refuses an unknown method', () => {
    expect(caught(() => fillGaps(series([1]), { method: 'mean' as GapMethod }))).toMatchObject({
      code: 'invalid-option',
    })
  })
})
