import { expect, test } from 'vitest'
import { nowMs } from '../../src/run/clock.ts'

test('the clock does not run backwards', () => {
  const first = nowMs()
  expect(nowMs()).toBeGreaterThanOrEqual(first)
})
