import { expect, test } from 'vitest'
import { isRecord } from '../../src/errors/is-record.ts'

test('objects that are no list are records', () => {
  expect([{}, { a: 1 }, Object.create(null)].every(isRecord)).toBe(true)
  expect([null, undefined, [], [1], 'text', 5, true, () => 1].some(isRecord)).toBe(false)
})
