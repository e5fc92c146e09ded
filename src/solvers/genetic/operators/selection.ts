import type { Rng } from '../../../random/rng.ts'
import { pickIndex } from '../../../random/sample.ts'

/** The index of a parent, a new one at each call. */
export type Draw = () => number

/**
 * Looks at a generation once and then draws parents from it.
 *
 * @param values - one number per individual, smaller is better; not to be written to
 */
export type Selection = (values: Float64Array, rng: Rng) => Draw

/** The best of `size` individuals drawn with replacement; of equal ones the first drawn. */
export function tournamentSelection(size: number): Selection {
  return (values, rng) => () => {
    let winner = pickIndex(rng, values.length)
    for (let k = 1; k < size; k++) {
      const rival = pickIndex(rng, values.length)
      if (values[rival]! < values[winner]!) winner = rival
    }
    return winner
  }
}

/**
 * Linear ranking (Baker 1985): of N individuals the best has `pressure` children on average, the worst 2 - pressure,
 * with even steps between. Drawn as a mixture: the better of two different ranks has pressure 2, a plain draw 1.
 *
 * @param pressure - in [1, 2]
 */
export function rankSelection(pressure: number): Selection {
  return (values, rng) => {
    const byRank = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b)
    return () => {
      const rank = pickIndex(rng, byRank.length)
      if (rng() >= pressure - 1) return byRank[rank]!
      const other = pickIndex(rng, byRank.length - 1)
      return byRank[other < rank ? other : rank]!
    }
  }
}

/**
 * Fitness-proportional selection, the roulette wheel: an individual's sector is the distance of its value from the
 * worst one. All sectors are equal when all values are.
 */
export const rouletteSelection: Selection = (values, rng) => {
  const worst = values.reduce((most, value) => Math.max(most, value), -Infinity)
  const ends = new Float64Array(values.length)
  let end = 0
  for (let k = 0; k < values.length; k++) {
    end += worst - values[k]!
    ends[k] = end
  }
  return () => (end > 0 ? sectorOf(ends, rng() * end) : pickIndex(rng, values.length))
}

/** The first sector that ends above the ball. */
function sectorOf(ends: Float64Array, ball: number): number {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! > ball) high = middle
    else low = middle + 1
  }
  return low
}
