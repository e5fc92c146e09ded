import fc from 'fast-check'
import { expect, test } from 'vitest'
import { weightedEst } from '../../../src/objective/weighted.ts'
import { createScore } from '../../../src/solvers/genetic/score.ts'

test.each([0, 0.2, 0.5, 0.9, 1])('orders schedules as est does at a time weight of %s', (timeWeight) => {
  const amount = fc.oneof(fc.double({ min: 1e-100, max: 1e100, noNaN: true }), fc.constantFrom(0, 1))
  const score = createScore(timeWeight)
  fc.assert(
    fc.property(amount, amount, amount, amount, (timeA, costA, timeB, costB) => {
      const byEst = weightedEst(timeWeight, timeA, costA) - weightedEst(timeWeight, timeB, costB)
      // Closer than this, the two round differently.
      fc.pre(Math.abs(byEst) > 1e-9)
      expect(Math.sign(score(timeA, costA) - score(timeB, costB))).toBe(Math.sign(byEst))
    }),
    { numRuns: 500 },
  )
})
