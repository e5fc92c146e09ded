import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, numberAbove, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { defaultSeed, type Rng, substream } from '../../random/rng.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import type { Steps, StopReason } from '../../run/run-options.ts'
import { columnMoments, inOwnUnits, standardised } from './column-moments.ts'
import type { LinearModel } from './linear-regression.ts'
import type { Samples } from './samples.ts'
import { shuffle } from './shuffle.ts'
import {
  statusOf,
  learningEntries,
  type LearningOptions,
  learningProgress,
  type LearningStatus,
} from './learning-run.ts'

/** Options of `linearRegressionByGradientDescent`. */
export interface GradientDescentOptions extends LearningOptions {
  /** Ridge penalty in [0, inf), as in `ridgeRegression`. @defaultValue 0 */
  readonly penalty?: number
  /** Length of a step on standardised inputs, > 0. @defaultValue 1 / the largest curvature, found by power iteration */
  readonly learningRate?: number
  /** Share of the last step that is added to the next, in [0, 1): 0 = plain descent. @defaultValue 0.9 */
  readonly momentum?: number
  /** Rows that a step looks at, >= 1, drawn anew in each epoch. @defaultValue all, so that there is no chance in it */
  readonly batchRows?: number
  /** Passes through the rows at most, >= 1. @defaultValue 1000 */
  readonly epochs?: number
  /** Ends the run when no part of the gradient exceeds this share of the targets' deviation, >= 0. @defaultValue 1e-10 */
  readonly tolerance?: number
}

/** Defaults of `linearRegressionByGradientDescent`. */
export const gradientDescentDefaults: {
  readonly penalty: 0
  readonly momentum: 0.9
  readonly epochs: 1000
  readonly tolerance: 1e-10
} = Object.freeze({ penalty: 0, momentum: 0.9, epochs: 1000, tolerance: 1e-10 })

/** A linear model with the story of its descent. */
export interface DescendedModel extends LinearModel {
  readonly status: LearningStatus
  readonly epochs: number
  readonly learningRate: number
  /** Mean squared residual plus penalty term before each epoch and at the end, in squared target units. */
  readonly losses: readonly number[]
}

const entries: OptionEntries = {
  ...learningEntries,
  penalty: numberIn(0),
  learningRate: numberAbove(0),
  momentum: numberIn(0, 1 - 1e-9),
  batchRows: integerIn(1),
  epochs: integerIn(1, Number.MAX_SAFE_INTEGER),
  tolerance: numberIn(0),
}

/**
 * Linear regression by gradient descent with momentum (Polyak 1964) on standardised inputs: the same minimum as
 * `linearRegression` and, with a penalty, `ridgeRegression`, reached step by step. With all rows in each step it
 * converges to them; with small batches (stochastic gradient descent) it ends near them, the nearer the smaller the
 * learning rate. An epoch is O(rows columns).
 *
 * @throws CloudschedError `invalid-option` when the loss is no longer finite: the learning rate is too large
 *
 * @example
 * linearRegressionByGradientDescent(samples, { batchRows: 32, learningRate: 0.01, epochs: 100 }).weights
 */
export function linearRegressionByGradientDescent(
  samples: Samples,
  options: GradientDescentOptions = {},
): DescendedModel {
  return drive(linearRegressionByGradientDescentSteps(samples, options), options)
}

/** `linearRegressionByGradientDescent` in pieces that leave room for timers and signals. */
export function linearRegressionByGradientDescentAsync(
  samples: Samples,
  options: GradientDescentOptions = {},
): Promise<DescendedModel> {
  return driveAsync(linearRegressionByGradientDescentSteps(samples, options), options)
}

/** `linearRegressionByGradientDescent`, an epoch at a time. */
export function* linearRegressionByGradientDescentSteps(
  samples: Samples,
  options: GradientDescentOptions = {},
): Steps<DescendedModel> {
  const read = readOptions(entries, { seed: defaultSeed, ...gradientDescentDefaults }, options)
  const { penalty, momentum, epochs, tolerance } = read
  const { rowCount, columnCount } = samples
  const moments = columnMoments(samples)
  const inputs = standardised(samples, moments)
  const mean = samples.targets.reduce((sum, target) => sum + target, 0) / rowCount
  const targets = samples.targets.map((target) => target - mean)
  const batchRows = Math.min(read.batchRows ?? rowCount, rowCount)
  const learningRate = read.learningRate ?? 1 / (largestCurvature(inputs, rowCount, columnCount) + penalty)
  const rng: Rng = substream(read.seed ?? defaultSeed, 'gradient-descent/batches')

  const weights = new Float64Array(columnCount)
  const velocity = new Float64Array(columnCount)
  const gradient = new Float64Array(columnCount)
  const order = Int32Array.from({ length: rowCount }, (_, row) => row)
  const still = tolerance * Math.sqrt(targets.reduce((sum, target) => sum + target * target, 0) / rowCount)
  const losses: number[] = []
  let epoch = 0
  let stop: StopReason | null = null
  let isStill = false

  for (;;) {
    const loss = lossAndGradient(inputs, targets, weights, penalty, gradient)
    losses.push(loss)
    if (!Number.isFinite(loss)) throw diverged(learningRate, epoch)
    isStill = gradient.every((part) => Math.abs(part) <= still)
    if (isStill || epoch === epochs || stop !== null) break
    if (batchRows === rowCount) step(gradient)
    else {
      shuffle(order, rng)
      for (let first = 0; first < rowCount; first += batchRows) {
        batchGradient(order.subarray(first, first + batchRows))
        step(gradient)
      }
    }
    epoch++
    ;({ stop } = yield learningProgress(epoch / epochs, loss, epoch))
  }
  return {
    ...inOwnUnits(weights, mean, moments),
    penalty,
    rank: columnCount,
    status: isStill ? 'converged' : statusOf(stop, 'completed'),
    epochs: epoch,
    learningRate,
    losses,
  }

  function step(direction: Float64Array): void {
    for (let column = 0; column < columnCount; column++) {
      velocity[column] = momentum * velocity[column]! - learningRate * direction[column]!
      weights[column]! += velocity[column]!
    }
  }

  function batchGradient(rows: Int32Array): void {
    for (let column = 0; column < columnCount; column++) gradient[column] = penalty * weights[column]!
    for (const row of rows) addToGradient(inputs, row, residual(inputs, targets, weights, row) / rows.length, gradient)
  }
}

/** Half the gradient of the loss goes into `gradient`; the loss is returned. */
function lossAndGradient(
  inputs: Float64Array,
  targets: Float64Array,
  weights: Float64Array,
  penalty: number,
  gradient: Float64Array,
): number {
  let loss = 0
  for (let column = 0; column < weights.length; column++) {
    gradient[column] = penalty * weights[column]!
    loss += penalty * weights[column]! * weights[column]!
  }
  for (let row = 0; row < targets.length; row++) {
    const distance = residual(inputs, targets, weights, row)
    loss += (distance * distance) / targets.length
    addToGradient(inputs, row, distance / targets.length, gradient)
  }
  return loss
}

/** Prediction minus target of one row. */
function residual(inputs: Float64Array, targets: Float64Array, weights: Float64Array, row: number): number {
  const first = row * weights.length
  let sum = -targets[row]!
  for (let column = 0; column < weights.length; column++) sum += weights[column]! * inputs[first + column]!
  return sum
}

function addToGradient(inputs: Float64Array, row: number, share: number, gradient: Float64Array): void {
  const first = row * gradient.length
  for (let column = 0; column < gradient.length; column++) gradient[column]! += share * inputs[first + column]!
}

/** Largest eigenvalue of Z'Z / n by power iteration from a fixed start; never above the number of columns. */
function largestCurvature(inputs: Float64Array, rowCount: number, columnCount: number): number {
  let direction = Float64Array.from({ length: columnCount }, (_, column) => 1 + column / columnCount)
  const none = new Float64Array(rowCount)
  let curvature = 0
  for (let round = 0; round < 30; round++) {
    const length = Math.hypot(...direction)
    if (length === 0) break
    direction = direction.map((part) => part / length)
    const image = new Float64Array(columnCount)
    lossAndGradient(inputs, none, direction, 0, image)
    curvature = Math.hypot(...image)
    direction = image
  }
  return curvature > 0 ? curvature : 1
}

function diverged(learningRate: number, epoch: number): CloudschedError {
  const expected = `small enough for a finite loss, which it was not after epoch ${epoch}`
  const hint = 'Leave it out to have it chosen, or divide it by ten.'
  return new CloudschedError('invalid-option', [
    { path: 'options.learningRate', received: learningRate, expected, hint },
  ])
}
