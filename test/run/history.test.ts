import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHistory, type HistoryPoint } from '../../src/run/history.ts'

const point = (iteration: number): HistoryPoint => ({ iteration, evaluations: iteration, best: -iteration })

function iterations(limit: number, count: number): number[] {
  const history = createHistory(limit)
  for (let i = 0; i < count; i++) history.record(point(i))
  return history.points().map(({ iteration }) => iteration)
}

test('nothing recorded is an empty curve', () => {
  expect(iterations(4, 0)).toEqual([])
})

test('a full curve loses every second point, and the last point is always there', () => {
  // 0 1 2 | 3 fills it -> 0 2 | 4 -> 0 2 4 | 6 fills it -> 0 4 | 8 ...
  expect(iterations(4, 3)).toEqual([0, 1, 2])
  expect(iterations(4, 4)).toEqual([0, 2, 3])
  expect(iterations(4, 6)).toEqual([0, 2, 4, 5])
  expect(iterations(4, 7)).toEqual([0, 4, 6])
  expect(iterations(4, 9)).toEqual([0, 4, 8])
})

test('the curve is bounded, evenly spread from the first point on, and ends at the last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 3000 }), (limit, count) => {
      const kept = iterations(limit, count)
      expect(kept.length).toBeLessThanOrEqual(limit)
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, Math.floor(limit / 2)))
      expect(kept[0]).toBe(0)
      expect(kept.at(-1)).toBe(count - 1)
      const gaps = new Set(kept.slice(1, -1).map((iteration, k) => iteration - kept[k]!))
      expect(gaps.size).toBeLessThanOrEqual(1)
    }),
  )
})

test('the caller may keep what it got', () => {
  const history = createHistory(4)
  history.record(point(0))
  const before = history.points()
  history.record(point(1))
  expect(before).toEqual([point(0)])
})
