import type { Rng } from '../random/rng.ts'

/**
 * Gives `values` a rank correlation with `reference` of about `share`, in place: in a random subset of that share the
 * values are put in the order of the reference. The values themselves stay the same, and so does their distribution.
 */
export function alignRanks(values: number[], reference: readonly number[], share: number, rng: Rng): void {
  const chosen = values.flatMap((_, index) => (rng() < share ? [index] : []))
  const sorted = chosen.map((index) => values[index]!).sort((a, b) => a - b)
  const byReference = chosen.toSorted((a, b) => reference[a]! - reference[b]! || a - b)
  byReference.forEach((index, rank) => {
    values[index] = sorted[rank]!
  })
}
