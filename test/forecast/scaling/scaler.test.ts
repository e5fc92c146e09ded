import { fitScaler, outOfRange, type ScalerKind, scale, scalingOf, unscale } from 'cloudsched/forecast'
import { array, assert, constantFrom, double, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

describe('fitScaler', () => {
  test('min-max maps the training range to [0, 1] and clips nothing', () => {
    const scaler = fitScaler('min-max', [2, 4, 6])
    expect([...scale([2, 5, 8], scalingOf(scaler, []))]).toEqual([0, 0.75, 1.5])
    expect(outOfRange(scaler, [2, 5, 8, Number.NaN])).toBe(1 / 3)
    expect(outOfRange(scaler, [Number.NaN])).toBeNull()
  })

  test('z-score followed by min-max equals min-max: mean and deviation cancel', () => {
    const training = [3, 9, 4, 8, 1]
    const standard = scale(training, scalingOf(fitScaler('z-score', training), []))
    const both = scale(standard, scalingOf(fitScaler('min-max', standard), []))
    const direct = scale(training, scalingOf(fitScaler('min-max', training), []))
    both.forEach((value, i) => expect(value).toBeCloseTo(direct[i]!, 12))
  })

  test('z-score has the divisor n', () => {
    // Mean 4, squared deviations 4 + 0 + 4, over 3.
    expect(fitScaler('z-score', [2, 4, 6])).toMatchObject({ offset: 4, factor: Math.sqrt(8 / 3) })
  })

  test('window-median takes each window its own middle off', () => {
    // Windows of 2: medians 1.5 and 2.5; the values after them are 3 and 9: (1.5 + 6.5) / 2 = 4.
    const scaler = fitScaler('window-median', [1, 2, 3, 9], 2)
    expect(scaler).toMatchObject({ offset: null, factor: 4 })
    expect([...scale([100, 108], scalingOf(scaler, [100, 108]))]).toEqual([-1, 1])
  })

  test('a constant column becomes 0', () => {
    for (const kind of ['min-max', 'z-score'] as const)
      expect([...scale([5, 5], scalingOf(fitScaler(kind, [5, 5, 5]), []))]).toEqual([0, 0])
  })

  test('refuses training rows without a value', () => {
    expect(caught(() => fitScaler('min-max', [Number.NaN])).code).toBe('invalid-input')
    expect(caught(() => fitScaler('window-median', [1, 2, 3], 3)).code).toBe('invalid-input')
  })

  test('refuses another kind, and windows of no length', () => {
    expect(caught(() => fitScaler('minmax' as never, [1, 2])).path).toBe('kind')
    expect(caught(() => fitScaler('window-median', [1, 2], 0)).path).toBe('windowSteps')
  })

  test('unscale is the inverse of scale', () => {
    const values = array(double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 5, maxLength: 20 })
    assert(
      property(values, constantFrom<ScalerKind>('window-median', 'min-max', 'z-score'), (list, kind) => {
        const scaler = fitScaler(kind, list, 3)
        if (scaler.factor < 1e-3) return
        const scaling = scalingOf(scaler, list)
        unscale(scale(list, scaling), scaling).forEach((value, i) => expect(value).toBeCloseTo(list[i]!, 6))
      }),
    )
  })
})
