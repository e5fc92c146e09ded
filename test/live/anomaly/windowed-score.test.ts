import { expect, test } from 'vitest'
import { windowedScore } from '../../../src/live/anomaly/windowed-score.ts'

const windows = [
  { firstStep: 200, lastStep: 299 },
  { firstStep: 600, lastStep: 699 },
]

test('an alarm at the start of each window and nowhere else scores 100', () => {
  expect(windowedScore([200, 600], windows, 1000)).toMatchObject({ score: 100, precision: 1, recall: 1, f1: 1 })
})

test('silence scores 0', () => {
  expect(windowedScore([], windows, 1000)).toMatchObject({ score: 0, precision: null, recall: 0, raw: -2 })
})

test('one late alarm, one false one and a missed window, by hand', () => {
  // Alarm at 250: y = -(299 - 250 + 1) / 100 = -0.5, worth 2 / (1 + e^-2.5) - 1 = 0.848284.
  // Alarm at 450: 151 steps behind a window of 100, y = 1.51, worth 0.11 (2 / (1 + e^7.55) - 1) = -0.109884.
  // The second window is missed: -1. Sum -0.261600; perfect is 2 (2 / (1 + e^-5) - 1) = 1.973229, silence -2.
  const { raw, score, precision, recall } = windowedScore([250, 450], windows, 1000)
  expect(raw).toBeCloseTo(0.848284 - 0.109884 - 1, 5)
  expect(score).toBeCloseTo((100 * (2 - 0.2616)) / 3.973229, 3)
  expect([precision, recall]).toEqual([0.5, 0.5])
})

test('a second alarm in a window earns nothing and costs nothing', () => {
  expect(windowedScore([250, 260, 600], windows, 1000).raw).toBe(windowedScore([250, 600], windows, 1000).raw)
})

test('an alarm before any window costs the full 0.11, one in the first 15 per cent nothing', () => {
  expect(windowedScore([160, 200, 600], windows, 1000).raw).toBeCloseTo(
    windowedScore([200, 600], windows, 1000).raw - 0.11,
    12,
  )
  expect(windowedScore([149, 200, 600], windows, 1000)).toEqual(windowedScore([200, 600], windows, 1000))
})

test('a series without windows has no score, with a reason to be read from `windows`', () => {
  expect(windowedScore([500], [], 1000)).toMatchObject({ score: null, recall: null, precision: 0, windows: 0 })
})
