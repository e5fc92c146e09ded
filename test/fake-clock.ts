/**
 * Stands in for `src/run/clock.ts`, so that a time limit needs no time: the clock goes one millisecond on at each look.
 *
 * @example
 * vi.mock('../../src/run/clock.ts', () => import('../fake-clock.ts'))
 */
let ms = 0

export function nowMs(): number {
  return ms++
}
