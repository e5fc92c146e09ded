import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { openKernels } from '../../kernels/open-kernels.ts'
import { defaultSeed, type Seed, substream } from '../../random/rng.ts'
import { driveAsync } from '../../run/drive.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import type { EpisodeBatch, EpisodeSource, Rows } from '../episodes/episode.ts'
import type { LearnerName, LearnerShape, Predictor } from '../learners/learner.ts'
import { queryLosses, type QueryLosses } from '../learners/meta-loss.ts'
import { adaptations, createTrainee } from '../learners/registry.ts'
import { type TrainedLearner, trainingSteps } from './train-learner.ts'
import { trainingDefaults, trainingEntries, type TrainingOptions } from './training-options.ts'

/** What a held-out task counts whose loss is not finite. */
const lossOfNoAnswer = 1e3

/**
 * Meta-trains a learner on any source of episodes, such as sinusoids; `metaTrain` does it for clouds.
 *
 * @throws CloudschedError `invalid-option`, `missing-peer`, `checkpoint`; `invalid-input` when a loss is not finite
 * @example
 * const trained = await trainOnEpisodes('maml', sinusoidEpisodes({ supportRows: 10 }), { iterations: 70_000, seed: 1 })
 */
export async function trainOnEpisodes(
  learner: LearnerName,
  source: EpisodeSource,
  options: TrainingOptions = {},
): Promise<TrainedLearner> {
  const read = readOptions(trainingEntries, trainingDefaults, options)
  const shape = shapeFor(learner, source, read)
  return trainShape(shape, source, read)
}

type ReadOptions = typeof trainingDefaults & TrainingOptions

/** The learner that options describe, for a source of episodes. */
export function shapeFor(learner: LearnerName, source: EpisodeSource, options: ReadOptions): LearnerShape {
  if (learner === 'prototypical' && source.loss === 'squared-error')
    throw new CloudschedError('invalid-option', [
      {
        path: 'learner',
        received: learner,
        expected: 'one that does regression',
        hint: "Prototypes classify: use form 'slots'.",
      },
    ])
  if (learner === 'versa' && source.loss === 'cross-entropy')
    throw new CloudschedError('invalid-option', [
      { path: 'learner', received: learner, expected: "one of those that form 'slots' has", hint: "Use form 'pairs'." },
    ])
  const learnsRates = learner === 'maml' || learner === 'fomaml' || learner === 'anil'
  if (options.learnRates && !learnsRates)
    throw new CloudschedError('invalid-option', [
      { path: 'options.learnRates', received: true, expected: `false for ${learner}` },
    ])
  const { inputs, outputs, loss, relations, slotsFrom } = source
  return {
    learner,
    inputs,
    outputs,
    hidden: [...options.hidden],
    activation: options.activation,
    loss,
    relations,
    slotsFrom,
    innerSteps: options.innerSteps,
    innerRate: options.innerRate,
    learnRates: options.learnRates,
    noise: 1,
    samples: options.samples,
    klWeight: options.klWeight,
    fullContext: options.fullContext,
  }
}

/** Trains, and measures the noise about the predictions on the held-out tasks. */
export async function trainShape(
  shape: LearnerShape,
  source: EpisodeSource,
  options: ReadOptions,
): Promise<TrainedLearner> {
  const trainee = await createTrainee(shape, options.backend)
  const kernels = openKernels()
  const heldOut = source.heldOut()
  const measure = (weights: Float32Array): number => {
    const rng = substream(options.seed, 'meta/held-out/posterior')
    const losses = heldOut.flatMap(
      (batch) => queryLosses(adaptations[shape.learner], kernels, shape, weights, batch, shape.innerSteps, rng).losses,
    )
    return losses.reduce((sum: number, loss) => sum + (loss ?? lossOfNoAnswer), 0) / losses.length
  }
  const plan = { ...options, resume: options.resume ?? null, onCheckpoint: options.onCheckpoint ?? null }
  const { signal, timeLimitMs, onProgress } = options
  try {
    const trained = await driveAsync(trainingSteps(trainee, shape, source, measure, plan), {
      ...(signal ? { signal } : {}),
      ...(timeLimitMs ? { timeLimitMs } : {}),
      ...(onProgress ? { onProgress } : {}),
    })
    const noise = Math.sqrt(Math.max(1e-6, residualVariance(trained, heldOut, options.seed)))
    return { ...trained, shape: { ...shape, noise } }
  } finally {
    trainee.dispose()
  }
}

/** Mean square of held-out residuals less the variance of the posterior: what the samples do not spread over. */
function residualVariance({ shape, weights }: TrainedLearner, heldOut: readonly EpisodeBatch[], seed: Seed): number {
  if (shape.loss === 'cross-entropy') return 1
  const kernels = openKernels()
  const rng = substream(seed, 'meta/held-out/noise')
  let sum = 0
  let count = 0
  for (const batch of heldOut) {
    for (let task = 0; task < batch.tasks; task++) {
      const rows = (values: Float32Array, size: number): Float32Array => values.subarray(task * size, (task + 1) * size)
      const { supportRows, queryRows } = batch
      const support = {
        count: supportRows,
        x: rows(batch.supportX, supportRows * shape.inputs),
        y: rows(batch.supportY, supportRows * shape.outputs),
      }
      const predictor = adaptations[shape.learner](kernels, shape, weights, support, { steps: shape.innerSteps, rng })
      const { mean, spread } = predictor.predict(rows(batch.queryX, queryRows * shape.inputs), queryRows)
      const target = rows(batch.queryY, queryRows * shape.outputs)
      mean.forEach((y, k) => {
        const residual = (y - target[k]!) * (y - target[k]!) - (spread ? spread[k]! * spread[k]! : 0)
        if (!Number.isFinite(residual)) return
        sum += residual
        count++
      })
    }
  }
  return count > 0 ? sum / count : 1
}

/** Options of `adaptLearner`. */
export interface AdaptLearnerRunOptions {
  /** Inner steps; those of training where it is not given. 0 answers un-adapted. */
  readonly steps?: number
  /** Names the samples of a posterior. @defaultValue 'cloudsched' */
  readonly seed?: Seed
}

const runEntries: OptionEntries = { steps: integerIn(0, 1000), seed: runOptionEntries['seed']! }

/** Adapts a trained learner to rows of inputs and targets. Loads nothing. @throws CloudschedError `invalid-option` */
export function adaptLearner(
  { shape, weights }: Pick<TrainedLearner, 'shape' | 'weights'>,
  support: Rows,
  options: AdaptLearnerRunOptions = {},
): Predictor {
  const { steps, seed } = readRun(shape, options)
  return adaptations[shape.learner](openKernels(), shape, weights, support, {
    steps,
    rng: substream(seed, 'meta/posterior'),
  })
}

/** Query losses of a trained learner on a batch of meta-tasks, after some inner steps. @throws CloudschedError `invalid-option` */
export function measureLearner(
  { shape, weights }: Pick<TrainedLearner, 'shape' | 'weights'>,
  batch: EpisodeBatch,
  options: AdaptLearnerRunOptions = {},
): QueryLosses {
  const { steps, seed } = readRun(shape, options)
  const rng = substream(seed, 'meta/posterior')
  return queryLosses(adaptations[shape.learner], openKernels(), shape, weights, batch, steps, rng)
}

function readRun({ innerSteps }: LearnerShape, options: AdaptLearnerRunOptions): Required<AdaptLearnerRunOptions> {
  return readOptions(runEntries, { steps: innerSteps, seed: defaultSeed as Seed }, options)
}
