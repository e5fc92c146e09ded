import { expect, test } from 'vitest'
import { createRng } from '../../src/random/rng.ts'
import { pickIndex, uniform } from '../../src/random/sample.ts'

const fixed = (...numbers: number[]) => {
  const rng = (): number => numbers.shift()!
  return Object.assign(rng, { state: createRng(1).state })
}

test('pickIndex cuts [0, 1) in equal parts', () => {
  expect([0, 0.3333, 0.34, 0.67, 0.999999].map((x) => pickIndex(fixed(x), 3))).toEqual([0, 0, 1, 2, 2])
})

test('uniform stretches [0, 1) to [low, high)', () => {
  expect(uniform(fixed(0.25), -2, 6)).toBe(0)
})
