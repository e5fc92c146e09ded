import type { Rng } from './rng.ts'

/** A whole number, uniform in [0, count). */
export function pickIndex(rng: Rng, count: number): number {
  return (rng() * count) | 0
}

/** A number, uniform in [low, high). */
export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng()
}

/** Puts the entries in a random order, in place (Fisher-Yates), and returns the same array. */
export function shuffle<A extends { length: number; [index: number]: number }>(rng: Rng, values: A): A {
  for (let i = values.length - 1; i > 0; i--) {
    const j = pickIndex(rng, i + 1)
    const kept = values[i]!
    values[i] = values[j]!
    values[j] = kept
  }
  return values
}
