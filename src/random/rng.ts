import alea from 'seedrandom/lib/alea.js'

/** Where a stream of random numbers stands (the four state numbers of Alea): plain data. */
export interface RngState {
  readonly s0: number
  readonly s1: number
  readonly s2: number
  readonly c: number
}

/** A source of random numbers: each call gives the next one, uniform in [0, 1) with 32 random bits. */
export interface Rng {
  (): number
  /** Where the stream stands; `createRng` accepts it and goes on from there. */
  state(): RngState
}

/** What users give as a seed. `7` and `'7'` are the same seed. */
export type Seed = number | string

/** The seed of every run that names none: never the time, so that a run repeats. */
export const defaultSeed = 'cloudsched'

/**
 * The library's random source: Alea, as `seedrandom.alea` computes it, the same on every engine.
 *
 * @param seed - a seed, or the state of another stream, which is then continued
 */
export function createRng(seed: Seed | RngState): Rng {
  return typeof seed === 'object' ? alea('', { state: { ...seed } }) : alea(String(seed), { state: true })
}

/**
 * An own stream for one purpose of a run: adding a draw in one place then never shifts the numbers of another.
 *
 * @param label - what the stream is for, e.g. `'whaql/explore'`
 */
export function substream(seed: Seed, label: string): Rng {
  return createRng(`${seed}/${label}`)
}
