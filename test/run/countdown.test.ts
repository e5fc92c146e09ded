import { expect, test, vi } from 'vitest'
import { startCountdown } from '../../src/run/countdown.ts'

vi.mock('../../src/run/clock.ts', () => import('../fake-clock.ts'))

test('counts down to 0 and stays there; the clock goes on by 1 ms at each look', () => {
  const remainingMs = startCountdown(3)
  expect([remainingMs(), remainingMs(), remainingMs(), remainingMs()]).toEqual([2, 1, 0, 0])
})

test('never ends without a budget', () => {
  expect(startCountdown()()).toBe(Infinity)
})
