import { expect, test } from 'vitest'
import { crowdingDistances } from '../../../src/solvers/genetic/crowding-distance.ts'

function distancesOf(points: readonly (readonly [time: number, cost: number, rank: number])[]): number[] {
  const column = (k: 0 | 1 | 2) => points.map((point) => point[k])
  return [...crowdingDistances(Float64Array.from(column(0)), Float64Array.from(column(1)), Int32Array.from(column(2)))]
}

test('distances by hand, front by front', () => {
  // Front 0 by time: (0,10), (1,6), (4,4), (10,0); width 10 in both.
  // (1,6): (4 - 0)/10 + (10 - 4)/10 = 1; (4,4): (10 - 1)/10 + (6 - 0)/10 = 1.5
  // Front 1 has two points, which are its ends.
  expect(
    distancesOf([
      [4, 4, 0],
      [0, 10, 0],
      [5, 9, 1],
      [10, 0, 0],
      [1, 6, 0],
      [9, 5, 1],
    ]),
  ).toEqual([1.5, Infinity, Infinity, Infinity, 1, Infinity])
})

test('a front of equal points has no width: only its ends count', () => {
  expect(
    distancesOf([
      [3, 3, 0],
      [3, 3, 0],
      [3, 3, 0],
    ]),
  ).toEqual([Infinity, 0, Infinity])
})

test('a single point is both ends; no points have no distances', () => {
  expect(distancesOf([[3, 3, 0]])).toEqual([Infinity])
  expect(distancesOf([])).toEqual([])
})
