import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dominates, hypervolume, type ParetoPoint, paretoFront } from '../../src/objective/pareto.ts'

const at = (timeSeconds: number, cost: number): ParetoPoint => ({ timeSeconds, cost })
const grid = fc.integer({ min: 0, max: 8 })
const points = fc.array(fc.record({ timeSeconds: grid, cost: grid }), { maxLength: 12 })

test('a point dominates what is nowhere better and somewhere worse', () => {
  expect(dominates(at(1, 2), at(2, 2)) && dominates(at(1, 2), at(1, 3)) && dominates(at(1, 2), at(2, 3))).toBe(true)
  expect(dominates(at(1, 2), at(1, 2)) || dominates(at(1, 2), at(0, 9)) || dominates(at(1, 2), at(1, 1))).toBe(false)
})

describe('paretoFront', () => {
  test('by hand: by rising time, of equal points the first', () => {
    const first = { ...at(2, 4), name: 'first' }
    const second = { ...at(2, 4), name: 'second' }
    const kept = [at(1, 9), first, at(5, 1)].map((point) => ({ name: '', ...point }))
    expect(
      paretoFront([kept[2]!, first, second, { ...at(2, 5), name: '' }, kept[0]!, { ...at(6, 1), name: '' }]),
    ).toEqual(kept)
  })

  test('of nothing is nothing', () => {
    expect(paretoFront([])).toEqual([])
  })

  test('is exactly what nothing dominates', () => {
    fc.assert(
      fc.property(points, (all) => {
        const undominated = all.filter((point) => !all.some((other) => dominates(other, point)))
        const distinct = new Set(undominated.map(({ timeSeconds, cost }) => `${timeSeconds} ${cost}`))
        const front = paretoFront(all)
        expect(new Set(front.map(({ timeSeconds, cost }) => `${timeSeconds} ${cost}`))).toEqual(distinct)
        expect(front).toHaveLength(distinct.size)
        expect(front.map(({ timeSeconds }) => timeSeconds)).toEqual(
          front.map(({ timeSeconds }) => timeSeconds).toSorted((a, b) => a - b),
        )
      }),
    )
  })

  test('leaves the list as it was', () => {
    const given = Object.freeze([at(2, 2), at(1, 1)])
    paretoFront(given)
    expect(given).toEqual([at(2, 2), at(1, 1)])
  })
})

describe('hypervolume', () => {
  test('by hand', () => {
    // Up to (10, 10): (1, 8) gives 9 x 2 = 18; (4, 3) adds 6 x (8 - 3) = 30; (9, 1) adds 1 x (3 - 1) = 2.
    expect(hypervolume([at(1, 8), at(4, 3), at(9, 1)], at(10, 10))).toBe(50)
  })

  test('what is not better than the reference in both counts nothing', () => {
    expect(hypervolume([at(10, 0), at(0, 10), at(11, 0), at(12, 12)], at(10, 10))).toBe(0)
    expect(hypervolume([], at(10, 10))).toBe(0)
    expect(hypervolume([at(5, 5), at(0, 10)], at(10, 10))).toBe(25)
  })

  test('counts the cells of the grid that some point dominates', () => {
    fc.assert(
      fc.property(points, grid, grid, (all, time, cost) => {
        let cells = 0
        for (let x = 0; x < time; x++) {
          for (let y = 0; y < cost; y++) if (all.some((point) => point.timeSeconds <= x && point.cost <= y)) cells++
        }
        expect(hypervolume(all, at(time, cost))).toBe(cells)
      }),
    )
  })
})
