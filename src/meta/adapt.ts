import { CloudschedError } from '../errors/cloudsched-error.ts'
import {
  functionLike,
  integerIn,
  numberIn,
  type OptionEntries,
  readOptions,
  trueOrFalse,
} from '../errors/read-options.ts'
import { openKernels } from '../kernels/open-kernels.ts'
import { defaultSeed, type Seed, substream } from '../random/rng.ts'
import { nowMs } from '../run/clock.ts'
import { runOptionEntries } from '../run/run-options.ts'
import { checkDecision, checkSupport } from './check-input.ts'
import type { Allocation } from './clouds/allocation.ts'
import type { CloudTask, Resource } from './clouds/cloud.ts'
import { correctedTimes, type TimeCorrections } from './clouds/corrections.ts'
import type { TimeMatrix } from './clouds/effective-times.ts'
import { roomyAllocation } from './clouds/exact-allocation.ts'
import type { SupportSet } from './clouds/support.ts'
import { feasibleAllocation, wholeTasks } from './decide.ts'
import { allPairInputs, correctionsFrom, type PairFeatures, viewPairs } from './features/pair-features.ts'
import { type TaskFeatures, taskInputs, taskSupport } from './features/task-features.ts'
import type { Prediction, Predictor } from './learners/learner.ts'
import { adaptations } from './learners/registry.ts'
import { withSlots } from './learners/slots.ts'
import { checkMetaModel, type MetaModel } from './model.ts'

/** Options of `adapt`. */
export interface AdaptOptions {
  /** Inner steps; gradient learners only. 0 answers un-adapted. @defaultValue those of training */
  readonly steps?: number
  /** Names the samples of a posterior. @defaultValue 'cloudsched' */
  readonly seed?: Seed
  /** Safety margin in deviations; form 'pairs' only. @defaultValue that of the model */
  readonly margin?: number
}

/** Options of `decide`. */
export interface DecideOptions {
  /** The state of the resources now, in the order of the support set: prices and storage may have changed. */
  readonly resources?: readonly Resource[]
  /** Rounds to whole tasks. @defaultValue false */
  readonly whole?: boolean
  /** Told how many milliseconds the decision took; the time stays out of the result, so that equal runs are equal. */
  readonly onLatency?: (milliseconds: number) => void
}

/** A decision about some tasks. */
export interface Decision {
  readonly allocation: Allocation
  /** Tasks that no allocation is believed to meet, margin included: they have the least latency there is. */
  readonly infeasible: readonly number[]
  /** Tasks that `whole` could not place in one piece. */
  readonly stillSplit: readonly number[]
  /** The times the decision goes by, margin included; `null` in form 'slots', which predicts none. */
  readonly times: TimeMatrix | null
  readonly adapted: boolean
}

/** A model adapted to one cloud. */
export interface Scheduler {
  readonly decide: (tasks: readonly CloudTask[], options?: DecideOptions) => Decision
  /** What it believes of the cloud's times: mean, spread of its posterior and noise; `null` in form 'slots'. */
  readonly corrections: CorrectionEstimate | null
  /** False when the support set was empty: then the un-adapted model answers. */
  readonly adapted: boolean
  /** Whether the inner steps led away from the support set; the best step answers then. */
  readonly diverged: boolean
  readonly supportLosses: readonly number[]
  /** How unlike the training clouds this one looks: 1 is alike, above it margins grow; `null` in form 'slots'. */
  readonly surprise: number | null
}

/** Estimated corrections of all (class, resource) pairs and of all networks, without margin. */
export interface CorrectionEstimate extends TimeCorrections {
  /** Standard deviation of each: of `compute`, then of `network`. The posterior's spread and the noise about it. */
  readonly deviations: Float64Array
  /** Samples of the posterior as corrections; empty where the learner has none. */
  readonly samples: readonly TimeCorrections[]
}

const adaptEntries: OptionEntries = {
  steps: integerIn(0, 1000),
  seed: runOptionEntries['seed']!,
  margin: numberIn(0, 100),
}
const decideEntries: OptionEntries = {
  resources: { accepts: Array.isArray, rule: 'a list of resources' },
  whole: trueOrFalse,
  onLatency: functionLike<(milliseconds: number) => void>(),
}

/**
 * Adapts a model to one cloud by its K records: inner steps, prototypes, attention or amortisation, without tfjs.
 *
 * @throws CloudschedError `format` for a model of another version; `invalid-input` for records that do not fit the model or
 * the resources; `invalid-option`
 * @example
 * const scheduler = adapt(model, exploreCloud(cloud, { records: 20 }))
 * const { allocation, infeasible } = scheduler.decide(cloud.tasks)
 */
export function adapt(model: MetaModel, support: SupportSet, options: AdaptOptions = {}): Scheduler {
  checkMetaModel(model)
  const read = readOptions(
    adaptEntries,
    { seed: defaultSeed as Seed, steps: model.shape.innerSteps, margin: model.margin },
    options,
  )
  checkSupport(model, support)
  const { features } = model
  return features.form === 'pairs'
    ? adaptPairs(model, features, support, read)
    : adaptSlots(model, features, support, read)
}

type ReadAdaptOptions = Required<AdaptOptions>

function adaptPairs(
  model: MetaModel,
  features: PairFeatures,
  support: SupportSet,
  options: ReadAdaptOptions,
): Scheduler {
  const slots = support.resources.length
  const { shape, weights } = withSlots(model.shape, model.weights, slots)
  const view = viewPairs(features, support, slots)
  const predictor = adaptations[shape.learner](openKernels(), shape, weights, view.support, {
    steps: options.steps,
    rng: substream(options.seed, 'meta/posterior'),
  })
  const predict = (resources: readonly Resource[]): Prediction => {
    const x = allPairInputs({ ...view, resources })
    return predictor.predict(x, view.guesses.length)
  }
  const first = predict(support.resources)
  const estimate = correctionsFrom(view, first.mean, 0)
  const withMargin = correctionsFrom(view, first.mean, options.margin)
  return {
    ...stateOf(predictor, support),
    surprise: view.surprise,
    corrections: {
      ...estimate,
      deviations: Float64Array.from(view.guesses, ({ deviation }, k) => {
        const spread = first.spread?.[k] ?? 0
        return Math.max(0.02, deviation) * view.surprise * Math.sqrt(spread * spread + shape.noise * shape.noise)
      }),
      samples: first.samples.map((sample) => correctionsFrom(view, sample, 0)),
    },
    decide: (tasks, given = {}) =>
      timed(given, ({ resources = support.resources, whole = false }) => {
        checkDecision(model, support, tasks, resources)
        const isSame = resources.every((resource, j) => sameHardware(resource, support.resources[j]!))
        const corrections = isSame ? withMargin : correctionsFrom(view, predict(resources).mean, options.margin)
        const times = correctedTimes(tasks, resources, corrections)
        const allocation = roomyAllocation(tasks, resources, times)
        return decisionOf(allocation, tasks, resources, whole, times, support)
      }),
  }
}

/** Speed, network and kind are what predictions depend on in truth; a change of price or storage moves them hardly, too. */
function sameHardware(a: Resource, b: Resource): boolean {
  return (
    a === b ||
    (a.kind === b.kind &&
      a.speedGflops === b.speedGflops &&
      a.bandwidthMbps === b.bandwidthMbps &&
      a.storageGb === b.storageGb &&
      a.pricePerSecond === b.pricePerSecond)
  )
}

function adaptSlots(
  model: MetaModel,
  features: TaskFeatures,
  support: SupportSet,
  options: ReadAdaptOptions,
): Scheduler {
  const slots = support.resources.length
  const isFixed = model.shape.learner !== 'prototypical' && model.shape.learner !== 'matching'
  if (isFixed && slots !== model.shape.outputs)
    throw new CloudschedError('invalid-input', [
      {
        path: 'support.resources',
        received: slots,
        expected: `${model.shape.outputs} resources, one for each slot of the model`,
        hint: "Form 'pairs' serves any number.",
      },
    ])
  const shape = { ...model.shape, outputs: slots }
  const rows = taskSupport(features, support, slots)
  const predictor = adaptations[shape.learner](openKernels(), shape, Float32Array.from(model.weights), rows, {
    steps: options.steps,
    rng: substream(options.seed, 'meta/posterior'),
  })
  return {
    ...stateOf(predictor, support),
    surprise: null,
    corrections: null,
    decide: (tasks, given = {}) =>
      timed(given, ({ resources = support.resources, whole = false }) => {
        checkDecision(model, support, tasks, resources)
        const { mean } = predictor.predict(taskInputs(features, tasks), tasks.length)
        return decisionOf(feasibleAllocation(mean, tasks, resources), tasks, resources, whole, null, support)
      }),
  }
}

function stateOf({ supportLosses, diverged }: Predictor, { records }: SupportSet) {
  return { supportLosses, diverged, adapted: records.length > 0 }
}

function timed(options: DecideOptions, work: (options: DecideOptions) => Decision): Decision {
  const read = readOptions(decideEntries, {}, options)
  if (!read.onLatency) return work(read)
  const start = nowMs()
  const decision = work(read)
  read.onLatency(nowMs() - start)
  return decision
}

function decisionOf(
  allocation: Allocation,
  tasks: readonly CloudTask[],
  resources: readonly Resource[],
  whole: boolean,
  times: TimeMatrix | null,
  { records }: SupportSet,
): Decision {
  const rounded = whole ? wholeTasks(allocation, tasks, resources) : { allocation, stillSplit: [] }
  return { ...rounded, infeasible: allocation.infeasible, times, adapted: records.length > 0 }
}
