import { numberIn, satisfying } from '../../errors/read-options.ts'
import { defaultSeed, type Seed } from '../../random/rng.ts'
import { drive } from '../../run/drive.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import {
  type AutoregressionOptions,
  autoregressionDefaults,
  autoregressionEntries,
  lagShape,
  readAutoregression,
} from '../autoregression/autoregression.ts'
import {
  centreOf,
  columnCount,
  contextStepsOf,
  isLagShape,
  type LagShape,
  type TrainingRows,
  trainingRows,
  writeRow,
} from '../autoregression/lag-rows.ts'
import { standIns } from '../fitted/fallbacks.ts'
import { type Fit, type SavableMethod, savableMethod } from '../fitted/method.ts'
import type { PointRule } from '../fitted/point-rule.ts'
import { type Bins, binSamples } from './bins.ts'
import type { BoostingLoss } from './boosting-loss.ts'
import {
  type BoostedTrees,
  type BoostingShape,
  boost,
  boostingDefaults,
  boostingShapeEntries,
  isBoostedTrees,
  isLoss,
  sumOfTrees,
} from './gradient-boosting.ts'
import type { Samples } from './samples.ts'

/** Options of `boostedAutoregression`. */
export interface BoostedAutoregressionOptions extends AutoregressionOptions, Omit<BoostingShape, 'loss'> {
  /** What is taken off every value of a window: the median of its lags, or nothing. @defaultValue 'median' */
  readonly centre?: 'median' | 'none'
  /** 'absolute' forecasts the median, 'squared' the mean, and { quantile } that quantile itself. @defaultValue 'absolute' */
  readonly loss?: 'absolute' | 'squared' | { readonly quantile: number }
  /**
   * Share of the training rows, the latest of each series, whose errors are the quantiles: trees are grown without them
   * first, then anew with all rows. 0: quantiles come from errors on rows that the trees have learnt, which are too
   * small, in half the time. In [0, 0.5]. @defaultValue 0.2
   */
  readonly calibrationShare?: number
  /** Names the stream of random numbers. @defaultValue 'cloudsched' */
  readonly seed?: Seed
}

const { patience, ...shapeDefaults } = boostingDefaults

/** Defaults of `boostedAutoregression`; its windows are centred by their medians. */
export const boostedAutoregressionDefaults: Required<BoostedAutoregressionOptions> = Object.freeze({
  ...autoregressionDefaults,
  ...shapeDefaults,
  centre: 'median',
  loss: 'absolute',
  calibrationShare: 0.2,
  seed: defaultSeed,
})

/** Parameters of the rule: the shape of a window, and the trees for each step ahead. */
export interface BoostedParameters extends LagShape {
  readonly models: readonly BoostedTrees[]
}

/**
 * Autoregression by gradient-boosted trees, direct: for each step ahead an ensemble of trees that asks for the last
 * `lags` values less their median and for their running means. Trees do not extrapolate; the centring is what lets them
 * follow a level that was never seen before.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * const forecaster = boostedAutoregression({ lags: 24, trees: 200 }).fit([series])
 * forecaster.forecast({ history: series, horizon: 12, levels: [0.5, 0.85] })
 */
export function boostedAutoregression(options: BoostedAutoregressionOptions = {}): SavableMethod {
  const entries = {
    ...autoregressionEntries,
    ...boostingShapeEntries,
    loss: satisfying<BoostingLoss>(
      (x) => x !== 'logistic' && isLoss(x),
      "'absolute', 'squared', or { quantile: a number in (0, 1) }",
    ),
    calibrationShare: numberIn(0, 0.5),
    seed: runOptionEntries['seed']!,
  }
  const read = readAutoregression<BoostedAutoregressionOptions>(entries, boostedAutoregressionDefaults, options)
  return savableMethod(
    { rule: boostedAutoregressionRule, horizon: read.horizon, fit: (training) => fitTrees(training, read) },
    standIns(read),
  )
}

/** An ensemble of trees on the window for each step ahead. */
export const boostedAutoregressionRule: PointRule<BoostedParameters> = {
  method: 'boosted-autoregression',
  accepts: (parameters, contextSteps, horizon) => {
    const shape = parameters as BoostedParameters
    return (
      isLagShape(parameters, contextSteps, horizon) &&
      Array.isArray(shape.models) &&
      shape.models.length === horizon &&
      shape.models.every((model) => isBoostedTrees(model, inputCount(shape)))
    )
  },
  path(parameters, context, horizon) {
    const middle = centreOf(context, parameters)
    const row = new Float64Array(inputCount(parameters) + 1)
    return Float64Array.from({ length: horizon }, (_, h) => {
      if (h === 0 || parameters.season > 0) writeInputs(row, context, middle, h + 1, parameters)
      return middle + sumOfTrees(parameters.models[h]!, row)
    })
  },
}

/** Steps that running means go over; those longer than the lags are left out. */
const meanSteps = [3, 6, 12, 24]

function inputCount(shape: LagShape): number {
  return columnCount(shape) - 1 + meanSteps.filter((steps) => steps <= shape.lags).length
}

/** Lags and seasonal values as in the linear autoregressions, then means of the last steps: sums that trees cannot form. */
function writeInputs(row: Float64Array, context: Float64Array, middle: number, ahead: number, shape: LagShape): void {
  writeRow(row, context, middle, 1, ahead, shape)
  // The means start where the constant stands, which trees have no use for.
  let column = columnCount(shape) - 1
  let sum = 0
  for (let k = 1; k <= shape.lags && k <= meanSteps.at(-1)!; k++) {
    sum += context[context.length - k]! - middle
    if (meanSteps.includes(k)) row[column++] = sum / k
  }
}

function fitTrees(
  training: readonly Float64Array[],
  read: Required<BoostedAutoregressionOptions>,
): Fit<BoostedParameters> {
  const shape = lagShape(read)
  const contextSteps = contextStepsOf(shape)
  const cuts = training.map(({ length }) => Math.floor((1 - read.calibrationShare) * length))
  const earlier = trainingRows(
    training.map((values, i) => values.subarray(0, cuts[i])),
    shape,
  )
  if (earlier.count < 2 * read.leafRows) {
    return {
      contextSteps,
      unfitted: `trees need ${2 * read.leafRows} windows of ${contextSteps} + ${shape.horizon} steps, the rows to learn from hold ${earlier.count}`,
    }
  }
  if (read.calibrationShare === 0) return { contextSteps, parameters: growAll(earlier, shape, read) }
  return {
    contextSteps,
    parameters: growAll(trainingRows(training, shape), shape, read),
    heldOut: {
      parameters: growAll(earlier, shape, read),
      // The contexts of the first targets reach back: at that time they are known.
      rows: training.map((values, i) => values.subarray(Math.max(0, cuts[i]! - contextSteps))),
    },
  }
}

/** An ensemble for each step ahead. */
function growAll(rows: TrainingRows, shape: LagShape, read: Required<BoostedAutoregressionOptions>): BoostedParameters {
  const samples = samplesOf(rows, shape)
  let bins: Bins | null = null
  const models = Array.from({ length: shape.horizon }, (_, h) => {
    const one = samples(h)
    // Without a season the inputs are the same for each step ahead.
    if (bins === null || shape.season > 0) bins = binSamples(one, read.bins)
    return drive(boost(bins, one, { ...read, patience }), {})
  })
  return { ...shape, models }
}

/** The rows of the regression for a step ahead, counted from 0; one buffer of inputs serves all. */
function samplesOf(rows: TrainingRows, shape: LagShape): (h: number) => Samples {
  const columns = inputCount(shape)
  const inputs = new Float64Array(rows.count * columns)
  const row = new Float64Array(columns + 1)
  return (h) => {
    rows.contexts.forEach((context, i) => {
      if (h > 0 && shape.season === 0) return
      writeInputs(row, context, rows.middles[i]!, h + 1, shape)
      inputs.set(row.subarray(0, columns), i * columns)
    })
    const targets = rows.middles.map((middle, i) => rows.targets[i * shape.horizon + h]! - middle)
    return { inputs, targets, rowCount: rows.count, columnCount: columns, names: [] }
  }
}
