import { type Rng, substream } from '../../random/rng.ts'
import { pickIndex } from '../../random/sample.ts'
import type { Cloud, CloudTask } from '../clouds/cloud.ts'
import { exploreTasks } from '../clouds/support.ts'
import { taskInputCount, taskInputs, taskSupport, taskTargets, type TaskFeatures } from '../features/task-features.ts'
import { type EpisodeBatch, type EpisodeSource, joinEpisodes } from './episode.ts'
import type { CloudEpisodeOptions } from './pair-episodes.ts'

/** Query tasks of one cloud in training. */
const queryRows = 20

/**
 * Episodes of the fixed-slot form: support and query are tasks of a cloud's past, the query's targets are the true optimum,
 * the support's are what its records reveal.
 */
export function taskEpisodes(
  features: TaskFeatures,
  training: readonly Cloud[],
  heldOut: readonly Cloud[],
  { seed, recordCounts, spread, noise }: CloudEpisodeOptions,
): EpisodeSource {
  const slots = [...training, ...heldOut].reduce((most, { resources }) => Math.max(most, resources.length), 0)
  const inputs = taskInputCount(features)
  const batchOf = (clouds: readonly Cloud[], records: number, rng: Rng): EpisodeBatch =>
    joinEpisodes(
      clouds.map((cloud) => {
        const draw = (count: number): CloudTask[] =>
          Array.from({ length: count }, () => cloud.history[pickIndex(rng, cloud.history.length)]!)
        const support = taskSupport(features, exploreTasks(cloud, draw(records), spread, noise, rng), slots)
        const asked = draw(queryRows)
        return {
          support,
          query: { count: queryRows, x: taskInputs(features, asked), y: taskTargets(cloud, asked, slots) },
        }
      }),
    )
  return {
    inputs,
    outputs: slots,
    loss: 'cross-entropy',
    relations: [{ from: 0, to: features.classCount }],
    slotsFrom: inputs,
    batch: (tasks, rng) => {
      const clouds = Array.from({ length: tasks }, () => training[pickIndex(rng, training.length)]!)
      return batchOf(clouds, recordCounts[pickIndex(rng, recordCounts.length)]!, rng)
    },
    heldOut: () =>
      recordCounts.map((records) => batchOf(heldOut, records, substream(seed, `meta/held-out/${records}`))),
  }
}
