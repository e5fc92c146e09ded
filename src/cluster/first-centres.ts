import { pickIndex } from '../random/sample.ts'
import type { Rng } from '../random/rng.ts'
import { type Rows, squaredDistance } from './sorted-rows.ts'

/**
 * First centres by k-means++: a row drawn uniformly, then each next one with a probability that grows with the square
 * of its distance to the centres so far. Source: Arthur, Vassilvitskii: k-means++: the advantages of careful seeding,
 * SODA 2007.
 *
 * @param rows - at least `clusters` of them distinct
 */
export function firstCentres(rows: Rows, clusters: number, rng: Rng): number[][] {
  const centres = [[...rows[pickIndex(rng, rows.length)]!]]
  const nearest = rows.map((row) => squaredDistance(row, centres[0]!))
  while (centres.length < clusters) {
    const centre = [...rows[drawByWeight(nearest, rng)]!]
    centres.push(centre)
    rows.forEach((row, i) => {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(row, centre))
    })
  }
  return centres
}

/** An index with a probability in proportion to its weight; never one of weight 0. */
function drawByWeight(weights: readonly number[], rng: Rng): number {
  let rest = rng() * weights.reduce((sum, weight) => sum + weight, 0)
  let drawn = 0
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue
    drawn = i
    rest -= weights[i]!
    if (rest < 0) break
  }
  return drawn
}
