import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cut, leastEst, slopeOfEst } from '../../src/objective/frontier.ts'
import { weightedEst } from '../../src/objective/weighted.ts'

describe('leastEst by hand', () => {
  test('without lines it is the corner', () => {
    expect(leastEst([], 2, 3, 0.5)).toEqual({ timeSeconds: 2, cost: 3, est: weightedEst(0.5, 2, 3) })
  })

  // T + 2 C >= 12 above the corner (2, 3) leaves the corners (2, 5) and (6, 3): at 0.5 10 < 18, at 0.9 as well, at 0.1
  // 2^0.1 5^0.9 = 4.56 > 6^0.1 3^0.9 = 3.22.
  const line: Cut = { costWeight: 2, value: 12 }
  test.each([
    [0.1, 6, 3],
    [0.5, 2, 5],
    [0.9, 2, 5],
  ])('one line at a weight of %s', (timeWeight, timeSeconds, cost) => {
    expect(leastEst([line], 2, 3, timeWeight)).toMatchObject({ timeSeconds, cost })
  })

  test('two lines meet in a third corner', () => {
    // T + C >= 9 and T + 4 C >= 15 meet at (7, 2); the corners on the sides are (1, 8) and (11, 1). 2^14 ...: at 0.3
    // 1 8^0.7 = 4.29, 7^0.3 2^0.7 = 2.91, 11^0.3 = 2.05.
    const steep: Cut = { costWeight: 1, value: 9 }
    const flat: Cut = { costWeight: 4, value: 15 }
    for (const cuts of [
      [steep, flat],
      [flat, steep],
    ]) {
      expect(leastEst(cuts, 1, 1, 0.3)).toMatchObject({ timeSeconds: 11, cost: 1 })
      // With a cost of 2 at least, the flat line is of no use: (7, 2) 3.5^... 2.91 < 4.29.
      expect(leastEst(cuts, 1, 2, 0.3)).toMatchObject({ timeSeconds: 7, cost: 2 })
    }
  })
})

const positive = fc.double({ min: 0.01, max: 50, noNaN: true })

test('no point of the region has less est', () => {
  const cut = fc.record({ costWeight: positive, value: positive })
  const weight = fc.double({ min: 0.05, max: 0.95, noNaN: true })
  fc.assert(
    fc.property(fc.array(cut, { maxLength: 6 }), positive, positive, weight, (cuts, timeSeconds, cost, timeWeight) => {
      const costAt = (time: number) => Math.max(cost, ...cuts.map((line) => (line.value - time) / line.costWeight))
      const least = leastEst(cuts, timeSeconds, cost, timeWeight)
      expect(least.timeSeconds).toBeGreaterThanOrEqual(timeSeconds)
      expect(least.cost / costAt(least.timeSeconds)).toBeCloseTo(1, 9)
      for (let k = 0; k <= 200; k++) {
        const time = timeSeconds + k / 4
        expect(weightedEst(timeWeight, time, costAt(time))).toBeGreaterThanOrEqual(least.est - 1e-9)
      }
    }),
  )
})

test('slopeOfEst is the slope of the curve of equal est', () => {
  // d est = w dT / T + (1 - w) dC / C = 0 along T + mu C = const for mu = (1 - w) T / (w C): 0.6 10 / (0.4 3) = 5.
  expect(slopeOfEst({ timeSeconds: 10, cost: 3, est: 0 }, 0.4)).toBeCloseTo(5, 12)
})
