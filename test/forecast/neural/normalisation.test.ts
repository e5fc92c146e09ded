import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitNormalisation, frameOf } from '../../../src/forecast/neural/normalisation.ts'

const rows = (values: number[], id?: string) => ({
  series: { ...(id !== undefined && { id }), values, features: { load: values.map((x) => 2 * x) }, stepSeconds: 300 },
  range: { start: 0, end: values.length },
})

test("the source's z-score followed by min-max is plain min-max", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 40 }), (values) => {
      fc.pre(new Set(values).size > 1)
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length
      const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length)
      const scores = values.map((x) => (x - mean) / deviation)
      const [low, high] = [Math.min(...scores), Math.max(...scores)]
      const { target } = fitNormalisation('minmax', [rows(values)], [], 2, 1)
      values.forEach((x, i) => {
        expect((x - target.centre) / target.scale).toBeCloseTo((scores[i]! - low) / (high - low), 9)
      })
    }),
  )
})

test('only the given rows teach', () => {
  const { series } = rows([1, 3, 100])
  const { target } = fitNormalisation('minmax', [{ series, range: { start: 0, end: 2 } }], [], 2, 1)
  expect(target).toEqual({ centre: 1, scale: 2 })
})

test('a column without spread becomes 0', () => {
  for (const normalization of ['minmax', 'zscore'] as const) {
    expect(fitNormalisation(normalization, [rows([4, 4, 4])], [], 2, 1).target).toEqual({ centre: 4, scale: 1 })
  }
  expect(fitNormalisation('window', [rows([4, 4, 4])], [], 2, 1).target).toEqual({ centre: 0, scale: 1 })
  // The mean of three times 0.1 is rounded up, which is no spread.
  expect(fitNormalisation('zscore', [rows([0.1, 0.1, 0.1])], [], 2, 1).target.scale).toBe(1)
})

test("'window' leaves out windows with a missing value", () => {
  // Of the windows of 3 only (4, 6, 8) is complete: the next value lies 5 from its median.
  const fitted = fitNormalisation('window', [rows([1, 2, Number.NaN, 4, 6, 8, 11], 'a')], [], 3, 1)
  expect(fitted.scales).toEqual({ a: 5 })
})

test("'window' centres at the median of the window and divides by the mean distance of what comes next", () => {
  // Windows of 2, one step ahead: (1, 3) -> 8: |8 - 2| = 6; (3, 8) -> 5: |5 - 5.5| = .5. Mean 3.25.
  const fitted = fitNormalisation('window', [rows([1, 3, 8, 5], 'a')], ['load'], 2, 1)
  expect(fitted.scales).toEqual({ a: 3.25 })
  expect(frameOf(fitted, Float64Array.of(10, 30), 'a')).toEqual({ centre: 20, scale: 3.25 })
  // A single training series lends its scale to every other; features keep the fixed statistics of min-max.
  expect(frameOf(fitted, Float64Array.of(10, 30), 'b')).toEqual({ centre: 20, scale: 3.25 })
  expect(fitted.features).toEqual([{ centre: 2, scale: 14 }])
})

test('of several series each has its scale, and an unknown one is measured by its window', () => {
  const fitted = fitNormalisation('window', [rows([0, 0, 1, 1], 'a'), rows([0, 0, 10, 10], 'b')], [], 2, 1)
  // a: (0, 0) -> 1: 1; (0, 1) -> 1: .5. Mean .75.
  expect(fitted.scales).toEqual({ a: 0.75, b: 7.5 })
  expect(frameOf(fitted, Float64Array.of(100, 300), 'a')).toEqual({ centre: 200, scale: 0.75 })
  expect(frameOf(fitted, Float64Array.of(100, 300), 'b')).toEqual({ centre: 200, scale: 7.5 })
  expect(frameOf(fitted, Float64Array.of(100, 300), 'c')).toEqual({ centre: 200, scale: 100 })
  expect(frameOf(fitted, Float64Array.of(5, 5), 'c')).toEqual({ centre: 5, scale: 4.125 })
})
