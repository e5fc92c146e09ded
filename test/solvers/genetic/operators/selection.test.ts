import { describe, expect, test } from 'vitest'
import { createRng } from '../../../../src/random/rng.ts'
import {
  rankSelection,
  rouletteSelection,
  type Selection,
  tournamentSelection,
} from '../../../../src/solvers/genetic/operators/selection.ts'
import { scriptedRng } from '../scripted-rng.ts'

/** How often each index is drawn in 20 000 draws, as a share. */
function shares(select: Selection, values: number[]): number[] {
  const counts = values.map(() => 0)
  const draw = select(Float64Array.from(values), createRng(1))
  for (let k = 0; k < 20_000; k++) counts[draw()]!++
  return counts.map((count) => count / 20_000)
}

describe('tournamentSelection', () => {
  test('returns the best of those drawn', () => {
    // floor(4u): 3, 1, 2 with the values 2, 1, 3
    const draw = tournamentSelection(3)(Float64Array.of(5, 1, 3, 2), scriptedRng(0.9, 0.3, 0.6))
    expect(draw()).toBe(1)
  })

  test('returns the first drawn of equal ones', () => {
    const draw = tournamentSelection(2)(Float64Array.of(7, 7), scriptedRng(0.5, 0))
    expect(draw()).toBe(1)
  })

  test('draws the best of N with probability 1 - (1 - 1/N)^size', () => {
    // N = 4, size 2: 1 - (3/4)^2 = 7/16
    expect(shares(tournamentSelection(2), [5, 1, 3, 2])[1]).toBeCloseTo(7 / 16, 2)
  })
})

describe('rankSelection', () => {
  const values = Float64Array.of(30, 10, 20)

  test('draws a rank plainly with probability 2 - pressure', () => {
    // ranks 1, 2, 0 are individuals 1, 2, 0; floor(3 * 0.9) = rank 2, and 0.6 is not below 1.5 - 1
    expect(rankSelection(1.5)(values, scriptedRng(0.9, 0.6))()).toBe(0)
  })

  test('else takes the better of two different ranks', () => {
    // rank 2 against floor(2 * 0.5) = rank 1
    expect(rankSelection(1.5)(values, scriptedRng(0.9, 0.4, 0.5))()).toBe(2)
    // rank 0 against floor(2 * 0) = 0, which stands for the one above 0: rank 0 stays
    expect(rankSelection(1.5)(values, scriptedRng(0, 0.4, 0))()).toBe(1)
  })

  test('falls in even steps from pressure / N to (2 - pressure) / N', () => {
    // N = 3, pressure 1.6: 1.6/3, 1/3, 0.4/3
    const [worst, best, middle] = shares(rankSelection(1.6), [30, 10, 20])
    expect(best).toBeCloseTo(1.6 / 3, 2)
    expect(middle).toBeCloseTo(1 / 3, 2)
    expect(worst).toBeCloseTo(0.4 / 3, 2)
  })
})

describe('rouletteSelection', () => {
  test('gives each a sector as wide as its distance from the worst', () => {
    // distances 0, 3, 1: sectors end at 0, 3, 4; balls at 0, 2.96, 3, 3.96
    const draw = rouletteSelection(Float64Array.of(4, 1, 3), scriptedRng(0, 0.74, 0.75, 0.99))
    expect([draw(), draw(), draw(), draw()]).toEqual([1, 1, 2, 2])
  })

  test('draws evenly when all are equal', () => {
    const draw = rouletteSelection(Float64Array.of(2, 2, 2, 2), scriptedRng(0, 0.3, 0.5, 0.9))
    expect([draw(), draw(), draw(), draw()]).toEqual([0, 1, 2, 3])
  })
})

test('no selection writes to the values', () => {
  for (const select of [tournamentSelection(3), rankSelection(1.5), rouletteSelection]) {
    const values = Float64Array.of(3, 1, 2)
    const draw = select(values, createRng(1))
    for (let k = 0; k < 50; k++) draw()
    expect([...values]).toEqual([3, 1, 2])
  }
})
