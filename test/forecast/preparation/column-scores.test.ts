import { describe, expect, test } from 'vitest'
import {
  correlationScores,
  mutualInformationScores,
  selectColumns,
} from '../../../src/forecast/preparation/column-scores.ts'
import { permutationImportance } from '../../../src/forecast/preparation/permutation-importance.ts'
import { createSamples } from '../../../src/forecast/regression/samples.ts'
import { caught } from '../../caught.ts'
import { randomSamples } from '../regression/random-samples.ts'

/** The target is the first column's square and half the second column; the third is noise. */
const bowl = randomSamples(2000, 3, 13, ([a, b]) => a! * a! + 0.5 * b!)

describe('correlationScores', () => {
  test('hand-computed', () => {
    // x = 1 2 3, y = 1 3 2: products (-1)(-1) + 0 + (1)(0) = 1, squares 2 and 2: 1/2. -x scores the same, 5 5 5 nothing.
    const samples = createSamples(
      [
        [1, -1, 5],
        [2, -2, 5],
        [3, -3, 5],
      ],
      [1, 3, 2],
      ['a', 'b', 'c'],
    )
    const scores = correlationScores(samples)
    expect(scores.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(scores[0]!.score).toBeCloseTo(0.5, 12)
    expect(scores[1]!.score).toBeCloseTo(0.5, 12)
    expect(scores[2]!.score).toBe(0)
  })

  test('does not see a bowl', () => {
    expect(correlationScores(bowl).find(({ column }) => column === 0)!.score).toBeLessThan(0.1)
  })
})

describe('mutualInformationScores', () => {
  test('of a copy is the entropy of its ranges, of two halves ln 2', () => {
    const rows = Array.from({ length: 4000 }, (_, i) => [i % 4, (i >> 2) % 2])
    const samples = createSamples(
      rows,
      rows.map(([a]) => a!),
    )
    const [copy, independent] = mutualInformationScores(samples, { bins: 4 })
    // Entropy ln 4 of four equally frequent values, each with the correction of (4 - 1) / (2 * 4000).
    expect(copy!.score).toBeCloseTo(Math.log(4) + 3 / 8000, 10)
    expect(independent!.score).toBe(0)
  })

  test('sees a bowl, and nothing in noise', () => {
    const scores = mutualInformationScores(bowl)
    expect(scores.map(({ column }) => column)).toEqual([1, 0, 2])
    expect(scores[1]!.score).toBeGreaterThan(0.3)
    expect(scores[2]!.score).toBeLessThan(0.02)
  })

  test('works with more cells than a byte counts', () => {
    expect(mutualInformationScores(bowl, { bins: 32 })[2]!.column).toBe(2)
  })
})

describe('permutationImportance', () => {
  test('hand-checked: a column that the model ignores scores 0, the one it uses twice its variance', () => {
    // Prediction = target = 2 a; shuffled independently the expected squared distance is 2 * 4 var(a) = 8 / 3 for a uniform in [-1, 1).
    const samples = randomSamples(3000, 2, 14, ([a]) => 2 * a!)
    const scores = permutationImportance(samples, (row) => 2 * row[0]!)
    expect(scores[0]).toMatchObject({ column: 0, name: 'x0' })
    expect(scores[0]!.score).toBeGreaterThan(2.5)
    expect(scores[0]!.score).toBeLessThan(2.85)
    expect(scores[1]!.score).toBe(0)
  })

  test('repeats by its seed', () => {
    const scoresOf = (seed: number) => permutationImportance(bowl, (row) => row[0]! * row[0]!, { seed, repeats: 1 })
    expect(scoresOf(1)).toEqual(scoresOf(1))
    expect(scoresOf(2)).not.toEqual(scoresOf(1))
  })
})

describe('selectColumns', () => {
  test('keeps the best, in their old order, and says what went', () => {
    const { samples, kept, dropped } = selectColumns(bowl, mutualInformationScores(bowl), { count: 2 })
    expect(samples.names).toEqual(['x0', 'x1'])
    expect(kept.map(({ column }) => column)).toEqual([1, 0])
    expect(dropped.map(({ name }) => name)).toEqual(['x2'])
  })

  test('a score that none reaches is an error', () => {
    expect(caught(() => selectColumns(bowl, correlationScores(bowl), { leastScore: 2 }))).toMatchObject({
      code: 'invalid-option',
      path: 'options.leastScore',
    })
  })
})
