import { chronologicalSplit, forecastOrigins, windowsOf } from 'cloudsched/forecast'
import { assert, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

describe('chronologicalSplit', () => {
  test('cuts 4032 steps as 3225, 403 and 404, boundaries rounded down', () => {
    // 0.8 x 4032 = 3225.6; 0.9 x 4032 = 3628.8
    expect(chronologicalSplit(4032)).toEqual({
      training: { start: 0, end: 3225 },
      validation: { start: 3225, end: 3628 },
      test: { start: 3628, end: 4032 },
    })
  })

  test('is not moved by the rounding of 0.7 + 0.1', () => {
    expect(chronologicalSplit(10, [0.7, 0.1, 0.2]).test).toEqual({ start: 8, end: 10 })
  })

  test('refuses what is no length', () => {
    for (const length of [Number.NaN, -1, 2.5])
      expect(caught(() => chronologicalSplit(length))).toMatchObject({ code: 'invalid-input', path: 'length' })
  })

  test('refuses shares that do not sum to 1', () => {
    expect(caught(() => chronologicalSplit(10, [0.8, 0.1, 0.2])).code).toBe('invalid-option')
    expect(caught(() => chronologicalSplit(10, [1.2, -0.1, -0.1])).code).toBe('invalid-option')
  })
})

describe('forecastOrigins', () => {
  test('gives 393 origins of 12 steps in the last 404 of 4032', () => {
    const origins = forecastOrigins(chronologicalSplit(4032).test, { contextSteps: 36, horizon: 12 })
    expect([origins.length, origins[0], origins.at(-1)]).toEqual([393, 3627, 4019])
  })

  test('never lets a target straddle a boundary nor an input start before the series', () => {
    const small = integer({ min: 1, max: 30 })
    assert(
      property(
        integer({ min: 0, max: 60 }),
        integer({ min: 0, max: 60 }),
        small,
        small,
        small,
        (start, size, c, h, s) => {
          const range = { start, end: start + size }
          for (const origin of forecastOrigins(range, { contextSteps: c, horizon: h, stride: s })) {
            expect(origin + 1).toBeGreaterThanOrEqual(range.start)
            expect(origin + h).toBeLessThan(range.end)
            expect(origin - c + 1).toBeGreaterThanOrEqual(0)
          }
        },
      ),
    )
  })
})

test.each(['contextSteps', 'horizon', 'stride'])('a shape without %s is refused', (name) => {
  const shape = { contextSteps: 2, horizon: 1, stride: 1, [name]: 0 }
  expect(caught(() => forecastOrigins({ start: 0, end: 9 }, shape)).path).toBe(`shape.${name}`)
})

describe('windowsOf', () => {
  test('lists inputs and targets, oldest first', () => {
    const windows = windowsOf(Float64Array.of(1, 2, 3, 4, 5), { start: 0, end: 5 }, { contextSteps: 2, horizon: 2 })
    expect([...windows.inputs]).toEqual([1, 2, 2, 3])
    expect([...windows.targets]).toEqual([3, 4, 4, 5])
    expect([...windows.origins]).toEqual([1, 2])
  })

  test('leaves out and counts windows with a missing value', () => {
    const values = Float64Array.of(1, 2, 3, Number.NaN, 5, 6, 7)
    const windows = windowsOf(values, { start: 0, end: 7 }, { contextSteps: 2, horizon: 1 })
    // Origins 1 .. 5 exist; 2, 3 and 4 have step 3 among their inputs or targets.
    expect([[...windows.origins], windows.skipped]).toEqual([[1, 5], 3])
  })

  test('keeps the inputs of a range inside it', () => {
    const windows = windowsOf(Float64Array.of(1, 2, 3, 4, 5), { start: 2, end: 5 }, { contextSteps: 2, horizon: 1 })
    expect([...windows.inputs]).toEqual([3, 4])
  })
})
