import type { Rng } from '../../../random/rng.ts'
import { pickIndex } from '../../../random/sample.ts'

/** Writes the genes of a child of two parents into `child`; the parents stay as they are. */
export type Crossover = (child: Int32Array, first: Int32Array, second: Int32Array, rng: Rng) => void

/** The first parent up to a cut, the second from there on; each has at least one gene of the child. */
export const onePointCrossoverInto: Crossover = (child, first, second, rng) => {
  child.set(first)
  if (child.length < 2) return
  const cut = 1 + pickIndex(rng, child.length - 1)
  child.set(second.subarray(cut), cut)
}

/** A stretch of the second parent between two cuts, at least one gene long, inside the first. */
export const twoPointCrossoverInto: Crossover = (child, first, second, rng) => {
  child.set(first)
  if (child.length < 2) return
  const cut = pickIndex(rng, child.length + 1)
  const other = pickIndex(rng, child.length)
  // The other cut skips the first one, so that the stretch is never empty.
  const end = other < cut ? cut : other + 1
  const start = Math.min(cut, other)
  child.set(second.subarray(start, end), start)
}

/** Each gene from either parent with equal probability; 32 genes share a random number, one bit each. */
export const uniformCrossoverInto: Crossover = (child, first, second, rng) => {
  let bits = 0
  for (let i = 0; i < child.length; i++) {
    if ((i & 31) === 0) bits = (rng() * 0x1_0000_0000) | 0
    const gene = first[i]!
    // Without a branch: a coin that is tossed anew at each gene cannot be foreseen.
    child[i] = gene ^ ((gene ^ second[i]!) & -(bits & 1))
    bits >>>= 1
  }
}
