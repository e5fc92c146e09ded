import { expect, test } from 'vitest'
import { sortedQuantile } from '../../../src/forecast/fitted/error-quantiles.ts'

test('a quantile lies on the line between its neighbours', () => {
  // Four values are at the levels 0, 1/3, 2/3, 1: level 0.9 is at 2.7 of three steps, so 7 + 0.7 x (9 - 7).
  const sorted = [1, 3, 7, 9]
  expect([0, 0.5, 0.9, 1].map((level) => sortedQuantile(sorted, level))).toEqual([1, 5, 8.4, 9])
  expect([0, 0.3, 1].map((level) => sortedQuantile([4], level))).toEqual([4, 4, 4])
})
