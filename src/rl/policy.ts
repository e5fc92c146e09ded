import type { Rng } from '../random/rng.ts'
import { pickIndex } from '../random/sample.ts'

/**
 * Index of the largest of `count` values from `start` on, ties broken at random: taking the first would send every
 * state that was not seen yet to VM 0. One random number is drawn, and only when there is a tie.
 */
export function argmax(rng: Rng, values: Float64Array, start: number, count: number): number {
  let best = values[start]!
  let first = 0
  let ties = 1
  for (let a = 1; a < count; a++) {
    const value = values[start + a]!
    if (value > best) {
      best = value
      first = a
      ties = 1
    } else if (value === best) ties++
  }
  if (ties === 1) return first
  let skip = pickIndex(rng, ties)
  for (let a = first; ; a++) if (values[start + a] === best && skip-- === 0) return a
}

/** `argmax` as it would be with another value in one place. */
export function argmaxWith(
  rng: Rng,
  values: Float64Array,
  start: number,
  count: number,
  place: number,
  value: number,
): number {
  const own = values[start + place]!
  values[start + place] = value
  const best = argmax(rng, values, start, count)
  values[start + place] = own
  return best
}

/** Largest of `count` values from `start` on. */
export function largest(values: Float64Array, start: number, count: number): number {
  let best = values[start]!
  for (let a = 1; a < count; a++) if (values[start + a]! > best) best = values[start + a]!
  return best
}
