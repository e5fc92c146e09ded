import { exp, ln } from './portable-math.ts'
import type { Rng } from './rng.ts'

/**
 * Draws from the usual distributions, on portable mathematics alone: the same stream gives the same numbers on every
 * engine.
 */

/** Exponential with the given mean, by inversion. */
export function exponential(rng: Rng, mean: number): number {
  return -mean * ln(1 - rng())
}

/** Pareto: at least `min`, with P(X > x) = (min / x)^shape, by inversion. Its mean is infinite for a shape of 1 or less. */
export function pareto(rng: Rng, min: number, shape: number): number {
  return min * exp(-ln(1 - rng()) / shape)
}

/** Normal, by the polar method of Marsaglia (1962), which takes no sine; draws two or more numbers. */
export function normal(rng: Rng, mean: number, deviation: number): number {
  for (;;) {
    const x = 2 * rng() - 1
    const y = 2 * rng() - 1
    const square = x * x + y * y
    if (square > 0 && square < 1) return mean + deviation * x * Math.sqrt((-2 * ln(square)) / square)
  }
}

/** Gamma with mean shape * scale, by the method of Marsaglia and Tsang (2000). */
export function gamma(rng: Rng, shape: number, scale: number): number {
  // Below 1 the density has a pole; a draw of shape + 1, scaled by U^(1/shape), has the wanted law.
  if (shape < 1) return gamma(rng, shape + 1, scale) * exp(ln(1 - rng()) / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(rng, 0, 1)
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    if (ln(1 - rng()) < 0.5 * x * x + d - d * v + d * ln(v)) return d * v * scale
  }
}
