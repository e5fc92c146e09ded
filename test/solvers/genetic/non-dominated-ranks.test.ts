import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dominates } from '../../../src/objective/pareto.ts'
import { nonDominatedRanks } from '../../../src/solvers/genetic/non-dominated-ranks.ts'

function ranksOf(points: readonly (readonly [number, number])[]): number[] {
  const timeSeconds = Float64Array.from(points, ([time]) => time)
  const cost = Float64Array.from(points, ([, money]) => money)
  return [...nonDominatedRanks(timeSeconds, cost)]
}

/** Section III-A to the letter: a front is what no point outside the fronts before it dominates. */
function peeledRanks(points: readonly (readonly [number, number])[]): number[] {
  const ranks = points.map(() => -1)
  const better = (a: number, b: number): boolean =>
    dominates({ timeSeconds: points[a]![0], cost: points[a]![1] }, { timeSeconds: points[b]![0], cost: points[b]![1] })
  for (let rank = 0; ranks.includes(-1); rank++) {
    const left = ranks.flatMap((known, k) => (known < 0 ? [k] : []))
    for (const k of left.filter((b) => !left.some((a) => better(a, b)))) ranks[k] = rank
  }
  return ranks
}

test('ranks by hand', () => {
  // (1,9), (4,4), (9,1) are dominated by none; (5,5) by (4,4) alone; (5,4) by (4,4); (6,6) by (5,5), which is in front 1;
  // (1,9) again is as good as the first one
  expect(
    ranksOf([
      [6, 6],
      [1, 9],
      [5, 5],
      [4, 4],
      [9, 1],
      [5, 4],
      [1, 9],
    ]),
  ).toEqual([3, 0, 2, 0, 0, 1, 0])
})

test('no points, one point', () => {
  expect(ranksOf([])).toEqual([])
  expect(ranksOf([[3, 3]])).toEqual([0])
})

test('equals the definition', () => {
  const small = fc.tuple(fc.nat(6), fc.nat(6))
  const wide = fc.tuple(fc.double({ noNaN: true, min: 0 }), fc.double({ noNaN: true, min: 0 }))
  fc.assert(
    fc.property(fc.oneof(fc.array(small, { maxLength: 30 }), fc.array(wide, { maxLength: 30 })), (points) => {
      expect(ranksOf(points)).toEqual(peeledRanks(points))
    }),
    { numRuns: 300 },
  )
})
