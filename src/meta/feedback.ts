import { integerIn, numberAbove, type OptionEntries, readOptions } from '../errors/read-options.ts'
import { adapt, type AdaptOptions, type Decision, type Scheduler } from './adapt.ts'
import type { CloudTask, Resource } from './clouds/cloud.ts'
import { observedCorrections } from './clouds/corrections.ts'
import type { TimeMatrix } from './clouds/effective-times.ts'
import type { SupportRecord, SupportSet } from './clouds/support.ts'
import { believe, type CorrectionPrior } from './features/belief.ts'
import type { MetaModel } from './model.ts'

/** Options of `startFeedback`. */
export interface FeedbackOptions {
  /** Records of the present cloud that are kept; the oldest go. @defaultValue 100 */
  readonly maxRecords?: number
  /** Earlier clouds whose records are kept. @defaultValue 30 */
  readonly maxClouds?: number
  /** Observed times that drift is judged by. @defaultValue 12 */
  readonly driftWindow?: number
  /** Drift is noticed when their mean squared distance from what was expected, in deviations, passes this. @defaultValue 9 */
  readonly driftThreshold?: number
  /** How many clouds the model's own prior counts for when it is fitted again. @defaultValue 10 */
  readonly priorClouds?: number
}

/** What the feedback module knows: plain data. */
export interface FeedbackState {
  readonly options: Required<FeedbackOptions>
  /** The model as it is now: every finished cloud moves its prior. */
  readonly model: MetaModel
  /** The prior of the model that feedback started with. */
  readonly firstPrior: CorrectionPrior | null
  readonly current: SupportSet
  /** The support sets of the last clouds. */
  readonly earlier: readonly SupportSet[]
  /** Squared distances of the last observed times from what was expected, in deviations. */
  readonly recent: readonly number[]
  /** How often drift was noticed in the present cloud; each time the records before it were dropped. */
  readonly driftCount: number
}

const entries: OptionEntries = {
  maxRecords: integerIn(1, 1e6),
  maxClouds: integerIn(1, 1e6),
  driftWindow: integerIn(1, 1e6),
  driftThreshold: numberAbove(0),
  priorClouds: numberAbove(0),
}

/** Defaults of `startFeedback`. */
export const feedbackDefaults: Required<FeedbackOptions> = Object.freeze({
  maxRecords: 100,
  maxClouds: 30,
  driftWindow: 12,
  driftThreshold: 9,
  priorClouds: 10,
})

/**
 * Begins to learn from outcomes in a cloud of which nothing has been seen yet.
 *
 * @throws CloudschedError `invalid-option`
 */
export function startFeedback(
  model: MetaModel,
  resources: readonly Resource[],
  options: FeedbackOptions = {},
): FeedbackState {
  return {
    options: readOptions(entries, feedbackDefaults, options),
    model,
    firstPrior: model.features.form === 'pairs' ? model.features.prior : null,
    current: { resources, records: [] },
    earlier: [],
    recent: [],
    driftCount: 0,
  }
}

/** The scheduler that knows all records kept so far. */
export function schedulerOf({ model, current }: FeedbackState, options: AdaptOptions = {}): Scheduler {
  return adapt(model, current, options)
}

/**
 * Turns a decision and the observed times into records: of each task the resources that had a part of at least 1 %.
 *
 * @param times - observed seconds of the whole tasks: the time of each part over its ratio
 */
export function recordsOf({ allocation }: Decision, tasks: readonly CloudTask[], times: TimeMatrix): SupportRecord[] {
  const { resourceCount, ratios } = allocation
  return tasks.map((task, i) => {
    const used = Array.from({ length: resourceCount }, (_, j) => j).filter(
      (j) => ratios[i * resourceCount + j]! >= 0.01,
    )
    return {
      task,
      resources: used,
      ratios: used.map((j) => ratios[i * resourceCount + j]!),
      seconds: used.map((j) => times.seconds[i * resourceCount + j]!),
    }
  })
}

/**
 * Takes outcomes in. When the last observed times lie far from what the scheduler expected, the cloud has drifted: what was
 * known of it before these outcomes is dropped.
 */
export function learnFrom(state: FeedbackState, records: readonly SupportRecord[]): FeedbackState {
  const { driftWindow, driftThreshold, maxRecords } = state.options
  const { current } = state
  const recent = [...state.recent, ...squaredDistances(state, records)].slice(-driftWindow)
  const mean = recent.reduce((sum, square) => sum + square, 0) / recent.length
  const hasDrifted = recent.length === driftWindow && mean > driftThreshold
  const known = hasDrifted ? [] : current.records
  return {
    ...state,
    current: { ...current, records: [...known, ...records].slice(-maxRecords) },
    recent: hasDrifted ? [] : recent,
    driftCount: state.driftCount + (hasDrifted ? 1 : 0),
  }
}

/** How far each observed time lies from what the scheduler expects, in deviations, squared; none in form 'slots'. */
function squaredDistances(state: FeedbackState, records: readonly SupportRecord[]): number[] {
  const { corrections } = schedulerOf(state)
  if (!corrections) return []
  const { resources } = state.current
  return observedCorrections({ resources, records }, corrections).map(({ phase, workloadClass, resource, value }) => {
    const isCompute = phase === 'compute'
    const at = isCompute ? workloadClass * resources.length + resource : resource
    const expected = (isCompute ? corrections.compute : corrections.network)[at]!
    const deviation = corrections.deviations[isCompute ? at : corrections.compute.length + at]!
    const apart = (value - expected) / deviation
    return apart * apart
  })
}

/**
 * Leaves a cloud for the next one. The prior of the model is fitted again to the clouds that are remembered, by one step of
 * expectation-maximisation on their records alone: no hidden state, no training from scratch.
 */
export function nextCloud(state: FeedbackState, resources: readonly Resource[]): FeedbackState {
  const earlier = [...state.earlier, state.current]
    .filter(({ records }) => records.length > 0)
    .slice(-state.options.maxClouds)
  const next = { ...state, earlier, current: { resources, records: [] }, recent: [], driftCount: 0 }
  const { features } = state.model
  if (features.form === 'slots' || earlier.length === 0 || !state.firstPrior) return next
  const prior = refitPrior(features.prior, state.firstPrior, earlier, state.options.priorClouds)
  return { ...next, model: { ...state.model, features: { ...features, prior } } }
}

/**
 * The means and variances of the effects, expected over the posterior of each cloud (the M-step), with the first prior as so
 * many clouds.
 */
function refitPrior(
  present: CorrectionPrior,
  first: CorrectionPrior,
  clouds: readonly SupportSet[],
  priorClouds: number,
): CorrectionPrior {
  const sums = { classKind: 0, resource: 0, classKindSquare: 0, resourceSquare: 0, classKinds: 0, resources: 0 }
  for (const cloud of clouds) {
    const { classKind, resource } = believe(present, cloud).effects
    for (const { mean, deviation } of classKind) {
      sums.classKind += mean
      sums.classKindSquare += mean * mean + deviation * deviation
      sums.classKinds++
    }
    for (const { mean, deviation } of resource) {
      sums.resource += mean
      sums.resourceSquare += mean * mean + deviation * deviation
      sums.resources++
    }
  }
  const weight = clouds.length / (clouds.length + priorClouds)
  const blend = (old: number, found: number): number => (1 - weight) * old + weight * found
  const resourceShift = sums.resource / sums.resources
  const classKindShift = sums.classKind / sums.classKinds
  const square = (x: number): number => x * x
  return {
    ...present,
    networkMean: blend(first.networkMean, present.networkMean + resourceShift),
    computeMean: blend(first.computeMean, present.computeMean + resourceShift + classKindShift),
    resourceDeviation: Math.sqrt(
      blend(square(first.resourceDeviation), sums.resourceSquare / sums.resources - square(resourceShift)),
    ),
    classKindDeviation: Math.sqrt(
      blend(square(first.classKindDeviation), sums.classKindSquare / sums.classKinds - square(classKindShift)),
    ),
  }
}
