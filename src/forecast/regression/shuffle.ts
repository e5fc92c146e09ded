import type { Rng } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'

/** Puts a list into random order, in place (Fisher, Yates; Durstenfeld 1964): each order is equally likely. */
export function shuffle(list: Int32Array, rng: Rng): void {
  for (let last = list.length - 1; last > 0; last--) {
    const other = pickIndex(rng, last + 1)
    const kept = list[last]!
    list[last] = list[other]!
    list[other] = kept
  }
}
