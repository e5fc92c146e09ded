import type { Rng } from '../../../src/random/rng.ts'

/** A source that gives these numbers in turn, and fails when more are asked for. */
export function scriptedRng(...numbers: number[]): Rng {
  let at = 0
  const next = (): number => {
    if (at === numbers.length) throw new Error(`Only ${numbers.length} numbers were scripted.`)
    return numbers[at++]!
  }
  return Object.assign(next, { state: () => ({ s0: 0, s1: 0, s2: 0, c: at }) })
}
