import { expect, test } from 'vitest'
import { columnsOf, inputColumns, trainingWindows, writeWindow } from '../../../src/forecast/neural/training-windows.ts'
import type { TimeSeries } from '../../../src/model/forecaster.ts'

const series: TimeSeries = {
  values: [1, 2, 3, 4, 5],
  features: { memory: [10, 20, 30, 40, 50], network: [0, 5, 0, 5, 0] },
  stepSeconds: 300,
}
const input = {
  window: 2,
  features: ['memory', 'network'],
  normalisation: {
    normalization: 'minmax',
    target: { centre: 1, scale: 2 },
    scales: {},
    features: [
      { centre: 10, scale: 10 },
      { centre: 0, scale: 5 },
    ],
  },
  reference: null,
} as const

test('a window is the target and each feature in its own unit, oldest step first', () => {
  const written = new Float64Array(6)
  writeWindow(input, columnsOf(series, input.features), 2, { centre: 1, scale: 2 }, written, 0, 1)
  // Steps 1 and 2: (2 - 1) / 2, (20 - 10) / 10, 5 / 5; (3 - 1) / 2, (30 - 10) / 10, 0.
  expect([...written]).toEqual([0.5, 1, 1, 1, 2, 0])
})

test('a reference level is a column between the target and the features', () => {
  const withReference = { ...input, reference: 4 }
  expect(inputColumns(withReference)).toBe(4)
  const written = new Float64Array(8)
  writeWindow(withReference, columnsOf(series, input.features), 2, { centre: 1, scale: 2 }, written, 0, 1)
  expect([...written]).toEqual([0.5, -1, 1, 1, 1, -0.5, 2, 0])
})

test('windows of a batch stand side by side at each step', () => {
  const plain = { ...input, features: [], normalisation: { ...input.normalisation, features: [] } }
  const written = new Float64Array(4)
  ;[1, 2].forEach((origin, b) =>
    writeWindow(plain, columnsOf(series, []), origin, { centre: 0, scale: 1 }, written, b, 2),
  )
  expect([...written]).toEqual([1, 2, 2, 3])
})

test('a missing value is left out where a window sees it: a target anywhere, a feature up to the present', () => {
  const originsOf = (change: Partial<TimeSeries>): { origins: number[]; skipped: number } => {
    const { origin, skipped } = trainingWindows(input, 1, [{ ...series, ...change }], [{ start: 0, end: 5 }])
    return { origins: [...origin], skipped }
  }
  expect(originsOf({})).toEqual({ origins: [1, 2, 3], skipped: 0 })
  // Step 3 is the target of origin 2 and an input of origin 3.
  expect(originsOf({ values: [1, 2, 3, Number.NaN, 5] })).toEqual({ origins: [1], skipped: 2 })
  const network = [0, 5, 0, Number.NaN, 0]
  expect(originsOf({ features: { ...series.features, network } })).toEqual({ origins: [1, 2], skipped: 1 })
})
