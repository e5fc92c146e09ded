import fc from 'fast-check'
import { expect, test } from 'vitest'

test('our own code cannot draw an unseeded number', () => {
  expect(() => Math.random()).toThrow('take an Rng from createRng(seed)')
})

test('a package can: fast-check picks a seed of its own', () => {
  expect(() => fc.assert(fc.property(fc.integer(), Number.isInteger))).not.toThrow()
})
