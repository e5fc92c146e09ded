import seedrandom from 'seedrandom'

/** The state that the library's random streams start from: Alea as `seedrandom` seeds it. */
export function createRng(seed: string): { state(): { s0: number; s1: number; s2: number; c: number } } {
  return seedrandom.alea(seed, { state: true }) as unknown as {
    state(): { s0: number; s1: number; s2: number; c: number }
  }
}
