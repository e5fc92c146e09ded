import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { weightedEst } from '../../../src/objective/weighted.ts'
import { boxOf, cutRegion, type Region } from '../../../src/solvers/exact/trade-off.ts'

const corner: Region = { time: 1, cost: 1, bound: 0 }
const far = { time: 1e6, cost: 1e6 }

describe('boxOf', () => {
  test('ends where the curve of the target cuts the sides of the region', () => {
    // Weight 1/2: T C = 4 has est ln 2. At C = 1 the curve is at T = 4, at T = 1 at C = 4.
    const box = boxOf(corner, Math.log(2), 0.5, far)!
    expect(box.time.span).toBeCloseTo(3, 12)
    expect(box.cost!.span).toBeCloseTo(3, 12)
    expect(box.mostValue).toBeCloseTo(1, 12)
  })

  test('lets the chord move out where the box is cut short', () => {
    // T C = 4 within C <= 2: the box ends at T = 4 and C = 2, its curve at T = 2. (2 - 1) / 3 + (2 - 1) / 1 = 4 / 3.
    const box = boxOf(corner, Math.log(2), 0.5, { time: 1e6, cost: 2 })!
    expect(box.cost!.span).toBeCloseTo(1, 12)
    expect(box.mostValue).toBeCloseTo(4 / 3, 12)
  })

  test('has no side of costs where time alone counts', () => {
    const box = boxOf(corner, Math.log(3), 1, far)!
    expect(box.time.span).toBeCloseTo(2, 12)
    expect(box.cost).toBeNull()
  })

  test('is none when the bound or the corner reaches the target', () => {
    expect(boxOf({ ...corner, bound: 0.7 }, 0.69, 0.5, far)).toBeNull()
    expect(boxOf({ time: 2, cost: 2.1, bound: 0 }, Math.log(2), 0.5, far)).toBeNull()
    expect(boxOf({ time: 2, cost: 1, bound: 0 }, Math.log(2), 1, far)).toBeNull()
  })
})

describe('cutRegion', () => {
  test('leaves a region at each end of a line that passes above the curve', () => {
    // T C = 4, box [1, 4] x [1, 4]: T + C >= 4.5, the value 2.5 / 3, meets the curve where T^2 - 4.5 T + 4 = 0: at (9 -+ sqrt 17) / 4.
    const box = boxOf(corner, Math.log(2), 0.5, far)!
    const [left, right] = cutRegion(corner, box, 2.5 / 3, Math.log(2), 0.5)
    const [first, last] = [(9 - Math.sqrt(17)) / 4, (9 + Math.sqrt(17)) / 4]
    expect(left!.time).toBe(1)
    expect(left!.cost).toBeCloseTo(last, 9)
    expect(right!.time).toBeCloseTo(last, 9)
    expect(right!.cost).toBe(1)
    // The ends of the line: (1, 3.5) and (3.5, 1).
    expect(left!.bound).toBeCloseTo(Math.log(3.5) / 2, 12)
    expect(right!.bound).toBeCloseTo(Math.log(3.5) / 2, 12)
    expect(first).toBeCloseTo(4 / last, 12)
  })

  test('leaves nothing of a region whose chord the line reaches', () => {
    const box = boxOf(corner, Math.log(2), 0.5, far)!
    for (const region of cutRegion(corner, box, 1, Math.log(2), 0.5))
      expect(boxOf(region, Math.log(2) - 1e-12, 0.5, far)).toBeNull()
  })

  test('moves the region up to the line where time alone counts', () => {
    const box = boxOf(corner, Math.log(3), 1, far)!
    expect(cutRegion(corner, box, 0.25, Math.log(3), 1)).toEqual([{ time: 1.5, cost: 1, bound: Math.log(1.5) }])
  })

  test('loses no point that is above the line and better than the target', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: 0.001, max: 2, noNaN: true }),
        fc.double({ min: 1.5, max: 9, noNaN: true }),
        share,
        share,
        share,
        (weight, target, mostCost, height, u, v) => {
          const most = { time: 1e6, cost: mostCost }
          const box = boxOf(corner, target, weight, most)!
          const value = height * box.mostValue
          const point = { time: 1 + u * box.time.span, cost: 1 + v * box.cost!.span }
          const est = weightedEst(weight, point.time, point.cost)
          if (u + v < value || est >= target - 1e-9) return
          expect(u + v).toBeLessThanOrEqual(box.mostValue + 1e-9)
          const holds = cutRegion(corner, box, value, target, weight).some(
            ({ time, cost, bound }) => point.time >= time - 1e-9 && point.cost >= cost - 1e-9 && est >= bound - 1e-9,
          )
          expect(holds).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})
