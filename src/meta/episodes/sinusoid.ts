import { integerIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { defaultSeed, type Rng, type Seed, substream } from '../../random/rng.ts'
import { uniform } from '../../random/sample.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import type { EpisodeBatch, EpisodeSource } from './episode.ts'

/** Options of `sinusoidEpisodes`. */
export interface SinusoidOptions {
  /** Points of the support set, K. @defaultValue 10 */
  readonly supportRows?: number
  /** Points of the query set. @defaultValue 10 */
  readonly queryRows?: number
  /** Names the held-out tasks. @defaultValue 'cloudsched' */
  readonly seed?: Seed
}

const entries: OptionEntries = {
  supportRows: integerIn(1, 1e6),
  queryRows: integerIn(1, 1e6),
  seed: runOptionEntries['seed']!,
}
const defaults = { supportRows: 10, queryRows: 10, seed: defaultSeed as Seed }

/**
 * The sinusoids of Finn, Abbeel and Levine (2017, section 5.1): y = a sin(x - p), amplitude a uniform in [0.1, 5], phase p
 * uniform in [0, pi], x uniform in [-5, 5]. The public benchmark of few-shot regression.
 */
export function sinusoidEpisodes(options: SinusoidOptions = {}): EpisodeSource {
  const { supportRows, queryRows, seed } = readOptions(entries, defaults, options)
  return {
    inputs: 1,
    outputs: 1,
    loss: 'squared-error',
    relations: [],
    slotsFrom: 1,
    batch: (tasks, rng) => sinusoidBatch(tasks, supportRows, queryRows, rng),
    heldOut: () => {
      const rng = substream(seed, 'meta/sinusoid/held-out')
      return Array.from({ length: 4 }, () => sinusoidBatch(25, supportRows, queryRows, rng))
    },
  }
}

/** A batch of test tasks, named by its seed and disjoint from all that training draws. */
export function sinusoidTestBatch(tasks: number, options: SinusoidOptions = {}): EpisodeBatch {
  const { supportRows, queryRows, seed } = readOptions(entries, defaults, options)
  return sinusoidBatch(tasks, supportRows, queryRows, substream(seed, 'meta/sinusoid/test'))
}

/** Draws sinusoids, and points on each. */
function sinusoidBatch(tasks: number, supportRows: number, queryRows: number, rng: Rng): EpisodeBatch {
  const supportX = new Float32Array(tasks * supportRows)
  const supportY = new Float32Array(tasks * supportRows)
  const queryX = new Float32Array(tasks * queryRows)
  const queryY = new Float32Array(tasks * queryRows)
  for (let task = 0; task < tasks; task++) {
    const amplitude = uniform(rng, 0.1, 5)
    const phase = uniform(rng, 0, Math.PI)
    const fill = (x: Float32Array, y: Float32Array, rows: number): void => {
      for (let k = task * rows; k < (task + 1) * rows; k++) {
        const at = uniform(rng, -5, 5)
        x[k] = at
        y[k] = amplitude * Math.sin(at - phase)
      }
    }
    fill(supportX, supportY, supportRows)
    fill(queryX, queryY, queryRows)
  }
  return { tasks, supportRows, queryRows, supportX, supportY, queryX, queryY }
}
