import { type Rng, type Seed, substream } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import type { Cloud } from '../clouds/cloud.ts'
import { trueCorrections } from '../clouds/corrections.ts'
import { exploreTasks } from '../clouds/support.ts'
import { allQuestions } from '../features/belief.ts'
import {
  type PairFeatures,
  pairInputs,
  pairRelations,
  pairSlotsFrom,
  standardised,
  viewPairs,
} from '../features/pair-features.ts'
import { type EpisodeBatch, type EpisodeSource, joinEpisodes, type Rows } from './episode.ts'

/** How clouds become episodes. */
export interface CloudEpisodeOptions {
  readonly seed: Seed
  /** Numbers of records K, one of which is drawn for each batch. */
  readonly recordCounts: readonly number[]
  /** Resources that each decision of the past used. */
  readonly spread: number
  /** Standard deviation of ln(observed time). */
  readonly noise: number
}

/** Query rows of one task in training: a part of all questions, drawn anew each time. */
const queryRows = 64

/**
 * Episodes of the pair scorer: the support set is what K records of a cloud tell about corrections, the query set asks
 * about any pair, with the true correction as the target.
 */
export function pairEpisodes(
  features: PairFeatures,
  training: readonly Cloud[],
  heldOut: readonly Cloud[],
  { seed, recordCounts, spread, noise }: CloudEpisodeOptions,
): EpisodeSource {
  const slots = [...training, ...heldOut].reduce((most, { resources }) => Math.max(most, resources.length), 0)
  const inputs = pairSlotsFrom(features) + slots

  function episode(cloud: Cloud, records: number, rng: Rng): { support: Rows; query: Rows } {
    const history = Array.from({ length: records }, () => cloud.history[pickIndex(rng, cloud.history.length)]!)
    const view = viewPairs(features, exploreTasks(cloud, history, spread, noise, rng), slots)
    const truth = trueCorrections(cloud)
    const values = [...truth.compute, ...truth.network]
    const all = allQuestions(features.prior.classCount, cloud.resources.length)
    const asked = Array.from({ length: queryRows }, () => pickIndex(rng, all.length))
    return {
      support: repeated(view.support, records * spread, inputs),
      query: {
        count: queryRows,
        x: pairInputs(
          features,
          cloud.resources,
          asked.map((k) => all[k]!),
          asked.map((k) => view.guesses[k]!),
          slots,
        ),
        y: Float32Array.from(asked, (k) => standardised(values[k]!, view.guesses[k]!)),
      },
    }
  }

  const batchOf = (clouds: readonly Cloud[], records: number, rng: Rng): EpisodeBatch =>
    joinEpisodes(clouds.map((cloud) => episode(cloud, records, rng)))
  return {
    inputs,
    outputs: 1,
    loss: 'squared-error',
    relations: pairRelations(features, slots),
    slotsFrom: pairSlotsFrom(features),
    batch: (tasks, rng) => {
      const clouds = Array.from({ length: tasks }, () => training[pickIndex(rng, training.length)]!)
      return batchOf(clouds, recordCounts[pickIndex(rng, recordCounts.length)]!, rng)
    },
    heldOut: () =>
      recordCounts.map((records) => batchOf(heldOut, records, substream(seed, `meta/held-out/${records}`))),
  }
}

/** Rows over and over until there are `count`: a cloud with fewer resources than a decision uses gives fewer. */
function repeated({ count: has, x, y }: Rows, count: number, inputs: number): Rows {
  if (has === count) return { count, x, y }
  return {
    count,
    x: Float32Array.from(
      { length: count * inputs },
      (_, k) => x[(Math.floor(k / inputs) % has) * inputs + (k % inputs)]!,
    ),
    y: Float32Array.from({ length: count }, (_, k) => y[k % has]!),
  }
}
