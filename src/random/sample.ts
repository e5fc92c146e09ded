import type { Rng } from './rng.ts'

/** A whole number, uniform in [0, count). */
export function pickIndex(rng: Rng, count: number): number {
  return (rng() * count) | 0
}

/** A number, uniform in [low, high). */
export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng()
}
