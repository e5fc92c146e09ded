import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRng } from '../../src/random/rng.ts'
import { pickIndex, shuffle, uniform } from '../../src/random/sample.ts'

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

test('shuffle is Fisher-Yates from the end', () => {
  // i = 3: j = floor(0 * 4) = 0 swaps 4 and 1 -> 4 2 3 1; i = 2: j = floor(0.5 * 3) = 1 -> 4 3 2 1; i = 1: j = floor(0.9 * 2) = 1.
  expect(shuffle(fixed(0, 0.5, 0.9), [1, 2, 3, 4])).toEqual([4, 3, 2, 1])
})

test('shuffle keeps the values, works in place and on typed arrays', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (values, seed) => {
      const copy = [...values]
      expect(shuffle(createRng(seed), copy)).toBe(copy)
      expect(copy.toSorted((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b))
      expect(Array.from(shuffle(createRng(seed), Int32Array.from(values)))).toEqual(copy)
    }),
  )
})

test('each of the 6 orders of three is as likely as the others', () => {
  // 6000 shuffles: 1000 each, standard deviation sqrt(6000 * 1/6 * 5/6) = 28.9; 5 of them are 145.
  const counts = new Map<string, number>()
  const rng = createRng('orders')
  for (let k = 0; k < 6000; k++) {
    const order = shuffle(rng, [0, 1, 2]).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  expect(counts.size).toBe(6)
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145)
})
