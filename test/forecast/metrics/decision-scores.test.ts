import { averagePrecision, confusionCounts, decisionScores, impliedBaseRate } from 'cloudsched/forecast'
import { assert, integer, property, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caught } from '../../caught.ts'

describe('decisionScores', () => {
  test('by hand', () => {
    // tp 2, fn 1, fp 1, tn 4
    const labels = [1, 1, 1, 0, 0, 0, 0, 0]
    const decisions = [1, 1, 0, 1, 0, 0, 0, 0]
    expect(confusionCounts(labels, decisions)).toEqual({
      truePositives: 2,
      falsePositives: 1,
      trueNegatives: 4,
      falseNegatives: 1,
    })
    const scores = decisionScores(labels, decisions)
    expect(scores).toMatchObject({
      count: 8,
      baseRate: 3 / 8,
      accuracy: 6 / 8,
      precision: 2 / 3,
      recall: 2 / 3,
      f1: 4 / 6,
    })
    // (2 x 4 - 1 x 1) / sqrt(3 x 3 x 5 x 5) = 7 / 15
    expect(scores.mcc).toBeCloseTo(7 / 15, 15)
    expect(scores.reasons).toEqual({})
  })

  test('what is not defined is null, with the reason', () => {
    const none = decisionScores([0, 0], [0, 0])
    expect(none).toMatchObject({ accuracy: 1, precision: null, recall: null, f1: null, mcc: null })
    expect(none.reasons.recall).toBe('no label is positive')
    expect(decisionScores([1, 0], [0, 0])).toMatchObject({ precision: null, recall: 0, f1: 0, mcc: null })
    expect(decisionScores([], []).reasons.accuracy).toBe('there are no labels')
  })
})

test('labels and decisions are 0 or 1, scores are numbers', () => {
  expect(caught(() => decisionScores([1, 2], [1, 0])).path).toBe('labels[1]')
  expect(caught(() => decisionScores([1, 0], [Number.NaN, 0])).path).toBe('decisions[0]')
  expect(caught(() => averagePrecision([1, 0], [0.5, Number.NaN])).path).toBe('scores[1]')
})

describe('averagePrecision', () => {
  test('by hand', () => {
    // In order of score: 1, 0, 1: precision 1 at recall 1/2, 2/3 at recall 1.
    expect(averagePrecision([1, 0, 1], [0.9, 0.8, 0.7])).toBeCloseTo(0.5 + 0.5 * (2 / 3), 15)
  })

  test('equal scores are one step, whatever their order', () => {
    expect(averagePrecision([1, 0, 0, 1], [5, 5, 5, 5])).toBe(0.5)
    expect(averagePrecision([0, 1, 1, 0], [5, 5, 5, 5])).toBe(0.5)
  })

  test('is null without a positive label', () => {
    expect(averagePrecision([0, 0], [1, 2])).toBeNull()
  })
})

describe('impliedBaseRate', () => {
  test('holds the true base rate of every confusion table', () => {
    const count = integer({ min: 0, max: 50 })
    assert(
      property(tuple(integer({ min: 1, max: 50 }), count, count, count), ([tp, fp, tn, fn]) => {
        if (fp + fn === 0) return
        const n = tp + fp + tn + fn
        const range = impliedBaseRate((tp + tn) / n, (2 * tp) / (2 * tp + fp + fn))!
        expect(range.low).toBeCloseTo(tp / n, 9)
        expect((tp + fn) / n).toBeLessThanOrEqual(range.high + 1e-9)
      }),
    )
  })

  test('shows that the means of the published table 2 are not of one test set', () => {
    const [vtgru, igru, gru, lstm] = [
      [0.975, 0.896],
      [0.962, 0.895],
      [0.878, 0.817],
      [0.877, 0.807],
    ].map(([accuracy, f1]) => impliedBaseRate(accuracy!, f1!)!)
    const shown = [vtgru, igru, gru, lstm].map((range) => [range!.low, range!.high].map((x) => (100 * x).toFixed(1)))
    expect(shown).toEqual([
      ['10.8', '13.3'],
      ['16.2', '20.0'],
      ['27.2', '39.4'],
      ['25.7', '38.0'],
    ])
    expect(vtgru!.high).toBeLessThan(igru!.low)
    expect(igru!.high).toBeLessThan(Math.min(gru!.low, lstm!.low))
  })

  test('is null for F1 = 1 and for a pair that no test set gives', () => {
    expect(impliedBaseRate(1, 1)).toBeNull()
    // Errors 0.5 and F1 0.9 would need 2.25 times the whole set as true positives.
    expect(impliedBaseRate(0.5, 0.9)).toBeNull()
  })
})
