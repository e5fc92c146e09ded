import { CloudschedError } from '../errors/cloudsched-error.ts'
import {
  integerIn,
  numberAbove,
  numberIn,
  type OptionEntries,
  oneOf,
  readOptions,
  satisfying,
  trueOrFalse,
} from '../errors/read-options.ts'
import { adapt } from './adapt.ts'
import { evaluateAllocation } from './clouds/allocation.ts'
import type { Cloud } from './clouds/cloud.ts'
import { effectiveTimes } from './clouds/effective-times.ts'
import { exploreCloud } from './clouds/support.ts'
import { pairEpisodes } from './episodes/pair-episodes.ts'
import { taskEpisodes } from './episodes/task-episodes.ts'
import { fitPairFeatures } from './features/pair-features.ts'
import { fitTaskFeatures } from './features/task-features.ts'
import type { LearnerName } from './learners/learner.ts'
import { type MetaModel, namesOf } from './model.ts'
import { shapeFor, trainShape } from './training/train-on-episodes.ts'
import { trainingDefaults, trainingEntries, type TrainingOptions } from './training/training-options.ts'

/** Options of `metaTrain`. */
export interface MetaTrainOptions extends TrainingOptions {
  /** Meta-iterations at most. @defaultValue 1000 */
  readonly iterations?: number
  /** Units of each hidden layer; the last number is also the length of an embedding. @defaultValue [32] */
  readonly hidden?: readonly number[]
  /** @defaultValue 'tanh' */
  readonly activation?: 'relu' | 'tanh'
  /** Steps of the inner loop, 1 to 10; gradient learners only. @defaultValue 5 */
  readonly innerSteps?: number
  /** Inner rate, alpha; where rates are learned, the one to start from. @defaultValue 0.03 */
  readonly innerRate?: number
  /**
   * `'pairs'`: one network scores each (class, resource) pair by how much its times differ from nominal, and the exact
   * allocation under these times is the decision; any number of resources, in any order. `'slots'`: one output per resource,
   * softmax; the number of resources is fixed, but for prototypical and matching networks. @defaultValue 'pairs'
   */
  readonly form?: 'pairs' | 'slots'
  /** Whether the records shape the inputs, too, by what they make one believe of each pair; form 'pairs'. @defaultValue true */
  readonly recordFeatures?: boolean
  /** Numbers of records that training shows; each batch has one of them. @defaultValue [2, 5, 10, 20, 40] */
  readonly recordCounts?: readonly number[]
  /** Resources that each decision of the past used. @defaultValue 3 */
  readonly spread?: number
  /** Standard deviation of ln(observed time). @defaultValue 0 */
  readonly timeNoise?: number
  /** Share of the clouds, the last ones, that early stopping and the margin are chosen on. @defaultValue 0.1 */
  readonly heldOutShare?: number
  /** The margin is the least that reaches this QoS rate on the held-out clouds. @defaultValue 0.95 */
  readonly qosTarget?: number
  /** Records with which the margin is chosen. @defaultValue 20 */
  readonly marginRecords?: number
}

const entries: OptionEntries = {
  ...trainingEntries,
  form: oneOf('pairs', 'slots'),
  recordFeatures: trueOrFalse,
  recordCounts: satisfying<readonly number[]>(
    (x) => Array.isArray(x) && x.length > 0 && x.every((count) => Number.isInteger(count) && count >= 1),
    'a list of whole numbers >= 1',
  ),
  spread: integerIn(1, 1e6),
  timeNoise: numberIn(0, 10),
  heldOutShare: numberAbove(0, 0.9),
  qosTarget: numberIn(0, 1),
  marginRecords: integerIn(0, 1e6),
}

/** Defaults of `metaTrain` that differ from those of `trainOnEpisodes`, and its own. */
export const metaTrainDefaults: typeof trainingDefaults & {
  readonly form: 'pairs' | 'slots'
  readonly recordFeatures: boolean
  readonly recordCounts: readonly number[]
  readonly spread: number
  readonly timeNoise: number
  readonly heldOutShare: number
  readonly qosTarget: number
  readonly marginRecords: number
} = Object.freeze({
  ...trainingDefaults,
  hidden: Object.freeze([32]),
  activation: 'tanh' as const,
  iterations: 1000,
  innerSteps: 5,
  innerRate: 0.03,
  form: 'pairs' as const,
  recordFeatures: true,
  recordCounts: Object.freeze([2, 5, 10, 20, 40]),
  spread: 3,
  timeNoise: 0,
  heldOutShare: 0.1,
  qosTarget: 0.95,
  marginRecords: 20,
})

/** Margins that are tried, in deviations. */
const margins = [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3]

/**
 * Meta-trains a scheduler on clouds whose hidden state is known, such as those of `randomCloud`: features are fitted, the
 * learner is trained until the held-out clouds gain no more, and the safety margin of decisions is chosen on these.
 *
 * @param clouds - at least two, with tasks in their histories
 * @throws CloudschedError `invalid-input`, `invalid-option`, `missing-peer` for a learner that trains by tfjs, `checkpoint`
 * @example
 * const clouds = Array.from({ length: 500 }, (_, k) => randomCloud({ seed: `train/${k}` }))
 * const model = await metaTrain('maml', clouds, { seed: 1 })
 */
export async function metaTrain(
  learner: LearnerName,
  clouds: readonly Cloud[],
  options: MetaTrainOptions = {},
): Promise<MetaModel> {
  const read = readOptions(entries, metaTrainDefaults, options)
  if (clouds.length < 2 || clouds.some(({ history }) => history.length === 0))
    throw new CloudschedError('invalid-input', [
      { path: 'clouds', received: clouds.length, expected: 'at least two clouds, each with tasks in its history' },
    ])
  const form = learner === 'prototypical' && options.form === undefined ? 'slots' : read.form
  const heldOutCount = Math.max(1, Math.round(clouds.length * read.heldOutShare))
  const [training, heldOut] = [clouds.slice(0, -heldOutCount), clouds.slice(-heldOutCount)]
  const episodeOptions = {
    seed: read.seed,
    recordCounts: read.recordCounts,
    spread: read.spread,
    noise: read.timeNoise,
  }
  const features =
    form === 'pairs' ? fitPairFeatures(clouds, read.recordFeatures, read.timeNoise) : fitTaskFeatures(clouds)
  const source =
    features.form === 'pairs'
      ? pairEpisodes(features, training, heldOut, episodeOptions)
      : taskEpisodes(features, training, heldOut, episodeOptions)
  if (features.form === 'slots' && learner !== 'prototypical' && learner !== 'matching') requireOneSize(clouds)
  const trained = await trainShape(shapeFor(learner, source, read), source, read)
  const model: MetaModel = {
    kind: 'cloudsched-meta-model',
    version: 1,
    shape: trained.shape,
    features,
    featureNames: namesOf(features),
    weights: [...trained.weights],
    margin: 0,
    training: {
      seed: read.seed,
      status: trained.status,
      iterations: trained.iterations,
      heldOutLoss: trained.heldOutLoss,
      backend: trained.backend,
      history: trained.history,
      heldOutQos: null,
    },
  }
  return features.form === 'pairs' ? withMargin(model, heldOut, read) : model
}

/** The least margin that reaches the QoS target on the held-out clouds; the one with the most QoS where none does. */
function withMargin(
  model: MetaModel,
  heldOut: readonly Cloud[],
  { qosTarget, marginRecords, spread, timeNoise, seed }: typeof metaTrainDefaults,
): MetaModel {
  const judged = heldOut.filter(({ tasks }) => tasks.length > 0)
  if (judged.length === 0) return { ...model, margin: 1 }
  let best = { margin: 0, qos: -1 }
  for (const margin of margins) {
    let qos = 0
    judged.forEach((cloud, k) => {
      const { tasks, resources, hidden } = cloud
      const support = exploreCloud(cloud, {
        records: marginRecords,
        spread,
        noise: timeNoise,
        seed: `${seed}/margin/${k}`,
      })
      const { allocation } = adapt(model, support, { margin, seed }).decide(tasks)
      qos += evaluateAllocation(allocation, tasks, resources, effectiveTimes(tasks, resources, hidden)).qosRate!
    })
    qos /= judged.length
    if (qos > best.qos) best = { margin, qos }
    if (qos >= qosTarget) break
  }
  return { ...model, margin: best.margin, training: { ...model.training, heldOutQos: best.qos } }
}

function requireOneSize(clouds: readonly Cloud[]): void {
  const sizes = new Set(clouds.map(({ resources }) => resources.length))
  if (sizes.size > 1)
    throw new CloudschedError('invalid-input', [
      {
        path: 'clouds',
        received: `${Math.min(...sizes)} to ${Math.max(...sizes)} resources`,
        expected: "of one number of resources for form 'slots'",
        hint: "Form 'pairs' serves any number.",
      },
    ])
}
