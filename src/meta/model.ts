import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import type { Seed } from '../random/rng.ts'
import type { HistoryPoint } from '../run/history.ts'
import { type PairFeatures, pairFeatureNames } from './features/pair-features.ts'
import { type TaskFeatures, taskFeatureNames } from './features/task-features.ts'
import type { LearnerShape } from './learners/learner.ts'
import { weightCount } from './learners/weight-count.ts'

/** A meta-trained scheduler: plain data. */
export interface MetaModel {
  readonly kind: 'cloudsched-meta-model'
  readonly version: 1
  readonly shape: LearnerShape
  /** Feature extraction with its fitted scalers. */
  readonly features: PairFeatures | TaskFeatures
  readonly featureNames: readonly string[]
  readonly weights: readonly number[]
  /** Safety margin of decisions in deviations of the belief, chosen on held-out clouds; form 'pairs' only. */
  readonly margin: number
  readonly training: {
    readonly seed: Seed
    readonly status: 'completed' | 'stoppedEarly' | 'aborted' | 'timeLimit'
    readonly iterations: number
    readonly heldOutLoss: number
    readonly backend: string
    readonly history: readonly HistoryPoint[]
    /** QoS rate on the held-out clouds at the margin; `null` where none were held out, or form 'slots'. */
    readonly heldOutQos: number | null
  }
}

/** The names that a model's features must have. */
export function namesOf(features: MetaModel['features']): string[] {
  return features.form === 'pairs' ? pairFeatureNames(features) : taskFeatureNames(features)
}

/** Writes a model as JSON. */
export function writeMetaModel(model: MetaModel): string {
  return JSON.stringify(model)
}

/**
 * Reads a model that `writeMetaModel` wrote.
 *
 * @throws CloudschedError `format` for text that is no model, one of another version, or one whose features or weights do
 * not fit together
 */
export function readMetaModel(text: string): MetaModel {
  let model: MetaModel
  try {
    model = JSON.parse(text) as MetaModel
  } catch (cause) {
    throw new CloudschedError('format', [{ path: 'model', received: text, expected: 'JSON' }], { cause })
  }
  checkMetaModel(model)
  return model
}

/** Throws `format` unless a value is a model of this version whose parts fit together. */
export function checkMetaModel(model: MetaModel): void {
  const wrong = (path: string, received: unknown, expected: string, hint?: string): void =>
    throwFindings('format', [{ path, received, expected, ...(hint ? { hint } : {}) } satisfies Finding])
  if (model?.kind !== 'cloudsched-meta-model') wrong('model.kind', model?.kind, "'cloudsched-meta-model'")
  if (model.version !== 1) wrong('model.version', model.version, '1', 'Train it again with this version.')
  const names = namesOf(model.features)
  if (JSON.stringify(names) !== JSON.stringify(model.featureNames))
    wrong('model.featureNames', model.featureNames, `the features of this version: ${names.join(', ')}`)
  if (names.length !== model.shape.slotsFrom)
    wrong('model.shape.slotsFrom', model.shape.slotsFrom, String(names.length))
  if (!Array.isArray(model.weights) || !model.weights.every(Number.isFinite))
    wrong('model.weights', model.weights, 'a list of finite numbers')
  if (model.weights.length !== weightCount(model.shape))
    wrong('model.weights.length', model.weights.length, `${weightCount(model.shape)}, as the shape of its learner asks`)
}
