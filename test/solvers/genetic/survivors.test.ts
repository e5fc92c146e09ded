import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nonDominatedRanks } from '../../../src/solvers/genetic/non-dominated-ranks.ts'
import { survivorsFirst } from '../../../src/solvers/genetic/survivors.ts'

type Points = readonly (readonly [number, number])[]

function survivorsOf(points: Points, count: number): { survivors: number[]; order: number[]; ranks: Int32Array } {
  const timeSeconds = Float64Array.from(points, ([time]) => time)
  const cost = Float64Array.from(points, ([, money]) => money)
  const ranks = nonDominatedRanks(timeSeconds, cost)
  const order = [...survivorsFirst(timeSeconds, cost, ranks, count)]
  return { survivors: order.slice(0, count).sort((a, b) => a - b), order, ranks }
}

test('whole fronts go first', () => {
  const points: Points = [
    [5, 5],
    [1, 2],
    [2, 1],
    [6, 6],
  ]
  expect(survivorsOf(points, 2).survivors).toEqual([1, 2])
  expect(survivorsOf(points, 3).survivors).toEqual([0, 1, 2])
})

test('the last front is pruned point by point', () => {
  // Times 0, 1, 2, 3, 10 and costs 10 minus that, so a distance is twice the gap between the neighbours over 10:
  // index 1: 0.4, index 2: 0.4, index 3: (10 - 2)/10 * 2 = 1.6. Index 1 goes first, the first of two equal ones.
  const points: Points = [0, 1, 2, 3, 10].map((time) => [time, 10 - time])
  expect(survivorsOf(points, 4).survivors).toEqual([0, 2, 3, 4])
  // Now index 2 lies between 0 and 3: 0.6, against index 3 between 2 and 10: 1.6. Dropped together with index 1 by its
  // old distance of 0.4 it would be, too; with three to keep it goes by its new one.
  expect(survivorsOf(points, 3).survivors).toEqual([0, 3, 4])
  expect(survivorsOf(points, 2).survivors).toEqual([0, 4])
  expect(survivorsOf(points, 1).survivors).toEqual([0])
})

test('neighbours of a point that goes are measured anew', () => {
  // Times 0, 4, 5, 6, 7, 12 with costs 12 minus that: distances over 12, doubled: 1: 5/6, 2: 2/6, 3: 2/6, 4: 7/6.
  // 2 goes; then 3 lies between 4 and 7 (3/6) and 1 between 0 and 6 (1): 3 goes. All at once would drop 2 and 3, as well;
  // of four dropped points the third is 4 (7 to 12 and 4: 8/6) against 1 (7/6): 1 goes, which lay farther off before.
  const points: Points = [0, 4, 5, 6, 7, 12].map((time) => [time, 12 - time])
  expect(survivorsOf(points, 3).survivors).toEqual([0, 4, 5])
})

test('loses nobody, and nobody of a better front for one of a worse', () => {
  const points = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(points, fc.nat(), (all, any) => {
      const count = 1 + (any % all.length)
      const { order, ranks } = survivorsOf(all, count)
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from(all.keys()))
      const worstKept = Math.max(...order.slice(0, count).map((k) => ranks[k]!))
      for (const k of order.slice(count)) expect(ranks[k]!).toBeGreaterThanOrEqual(worstKept)
    }),
  )
})
