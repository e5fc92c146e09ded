import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, numberIn, type OptionEntries, readOptions, satisfying } from '../../errors/read-options.ts'
import { solveCholesky } from '../autoregression/cholesky.ts'
import { exp, ln } from '../../random/portable-math.ts'
import { columnMoments, inOwnUnits, standardised } from './column-moments.ts'
import { checkRow, linearSum } from './linear-regression.ts'
import type { Samples } from './samples.ts'

/** What a row of each class counts: by its number, so that both classes weigh the same, or as given. */
export type ClassWeights = 'none' | 'balanced' | readonly [negative: number, positive: number]

/** Options of `logisticRegression`. */
export interface LogisticOptions {
  /** Strength of the ridge penalty on the standardised weights, > 0, which keeps them finite where a line parts the classes. @defaultValue 0.001 */
  readonly penalty?: number
  /** @defaultValue 'none' */
  readonly classWeights?: ClassWeights
  /** Newton steps at most, >= 1. @defaultValue 50 */
  readonly iterations?: number
  /** Ends when no part of the gradient exceeds it, >= 0. @defaultValue 1e-10 */
  readonly tolerance?: number
}

/** Defaults of `logisticRegression`. */
export const logisticDefaults: {
  readonly penalty: 0.001
  readonly classWeights: 'none'
  readonly iterations: 50
  readonly tolerance: 1e-10
} = Object.freeze({ penalty: 0.001, classWeights: 'none', iterations: 50, tolerance: 1e-10 })

/** The probability of class 1 as the logistic function of a weighted sum: plain data. */
export interface LogisticModel {
  readonly intercept: number
  /** One for each column: by how much the log-odds grow per input unit. */
  readonly weights: readonly number[]
  readonly penalty: number
  /** What a row of class 0 and of class 1 counted in the fit. */
  readonly classWeights: readonly [negative: number, positive: number]
  readonly iterations: number
  /** False where the fit ended at its last iteration before it stood still. */
  readonly converged: boolean
  /** Mean weighted log-loss plus penalty term at the end. */
  readonly loss: number
}

const entries: OptionEntries = {
  penalty: numberIn(Number.MIN_VALUE),
  classWeights: satisfying<ClassWeights>(
    (x) =>
      x === 'none' ||
      x === 'balanced' ||
      (Array.isArray(x) && x.length === 2 && x.every((weight) => weight > 0 && weight < Infinity)),
    "'none', 'balanced', or the weights [negative, positive], both > 0",
  ),
  iterations: integerIn(1, Number.MAX_SAFE_INTEGER),
  tolerance: numberIn(0),
}

/**
 * Logistic regression for a yes-or-no target, fitted by Newton's method, which is iteratively reweighted least squares
 * (McCullagh, Nelder 1989), with halved steps where a full one would climb: minimises the weighted mean of the
 * log-loss plus penalty / 2 * sum of squared standardised weights. An iteration is O(rows columns^2).
 *
 * @param samples - targets 0 and 1, both at least once
 * @throws CloudschedError `invalid-input` for other targets or for a single class, in which there is nothing to tell apart
 *
 * @example
 * const model = logisticRegression(samples, { classWeights: 'balanced' })
 * predictLogistic(model, [0.7, 0.8]) // probability of class 1
 */
export function logisticRegression(samples: Samples, options: LogisticOptions = {}): LogisticModel {
  const { penalty, iterations, tolerance, ...read } = readOptions(entries, logisticDefaults, options)
  const { targets, rowCount, columnCount } = samples
  const classWeights = resolveClassWeights(read.classWeights as ClassWeights, targets)
  const moments = columnMoments(samples)
  const inputs = standardised(samples, moments)
  const size = columnCount + 1
  const totalWeight = targets.reduce((sum, target) => sum + classWeights[target as 0 | 1], 0)

  /** The intercept stands last. */
  let weights: Float64Array = new Float64Array(size)
  let loss = lossOf(weights)
  let iteration = 0
  let isStill = false
  for (; iteration < iterations; iteration++) {
    const { gradient, curvature } = derivatives(weights)
    isStill = gradient.every((part) => Math.abs(part) <= tolerance)
    if (isStill) break
    const next = descend(solveCholesky(curvature, gradient))
    if (next === null) {
      // Not even a tiny step lowers the loss: its last digits are rounding.
      isStill = true
      break
    }
    ;({ weights, loss } = next)
  }
  const own = inOwnUnits(weights.subarray(0, columnCount), weights[columnCount]!, moments)
  return { ...own, penalty, classWeights, iterations: iteration, converged: isStill, loss }

  function lossOf(at: Float64Array): number {
    let sum = 0
    for (let row = 0; row < rowCount; row++) {
      const target = targets[row]!
      const odds = logOdds(at, row)
      // ln(1 + e^-|z|) + max(0, +-z): never an overflow.
      const wrong = target === 1 ? -odds : odds
      sum += classWeights[target as 0 | 1] * (Math.max(0, wrong) + ln(1 + exp(-Math.abs(odds))))
    }
    let squares = 0
    for (let column = 0; column < columnCount; column++) squares += at[column]! * at[column]!
    return sum / totalWeight + (penalty / 2) * squares
  }

  /** The gradient, and the lower triangle of the second derivatives. */
  function derivatives(at: Float64Array): { gradient: Float64Array; curvature: Float64Array } {
    const gradient = at.map((weight, column) => (column < columnCount ? penalty * weight : 0))
    const curvature = new Float64Array(size * size)
    const row1 = new Float64Array(size)
    row1[columnCount] = 1
    for (let row = 0; row < rowCount; row++) {
      row1.set(inputs.subarray(row * columnCount, (row + 1) * columnCount))
      const target = targets[row]!
      const probability = logistic(logOdds(at, row))
      const share = classWeights[target as 0 | 1] / totalWeight
      const slope = share * (probability - target)
      const bend = share * probability * (1 - probability)
      for (let i = 0; i < size; i++) {
        gradient[i]! += slope * row1[i]!
        const factor = bend * row1[i]!
        for (let j = 0; j <= i; j++) curvature[i * size + j]! += factor * row1[j]!
      }
    }
    // Far out both classes are certain and the loss is flat: the tiny ridge keeps the step defined.
    for (let i = 0; i < size; i++) curvature[i * size + i]! += i < columnCount ? penalty : 1e-12
    return { gradient, curvature }
  }

  function descend(step: Float64Array): { weights: Float64Array; loss: number } | null {
    for (let length = 1; length > 1e-9; length /= 2) {
      const tried = weights.map((weight, i) => weight - length * step[i]!)
      const triedLoss = lossOf(tried)
      if (triedLoss < loss) return { weights: tried, loss: triedLoss }
    }
    return null
  }

  function logOdds(at: Float64Array, row: number): number {
    let sum = at[columnCount]!
    const first = row * columnCount
    for (let column = 0; column < columnCount; column++) sum += at[column]! * inputs[first + column]!
    return sum
  }
}

/**
 * The probability of class 1 for one row of inputs, in [0, 1]. It is that of the classes as they were weighted.
 *
 * @throws CloudschedError `invalid-input` for a row of another length
 */
export function predictLogistic(model: LogisticModel, row: ArrayLike<number>): number {
  checkRow(row, model.weights.length)
  return logistic(linearSum(model, row))
}

/** 1 / (1 + e^-x), the same bits on every engine. */
export function logistic(x: number): number {
  const small = exp(-Math.abs(x))
  return x >= 0 ? 1 / (1 + small) : small / (1 + small)
}

/**
 * Checks targets of a yes-or-no task.
 *
 * @returns how many are 1
 * @throws CloudschedError `invalid-input` unless all are 0 or 1 and both occur
 */
export function countPositives(targets: Float64Array): number {
  const broken = targets.findIndex((target) => target !== 0 && target !== 1)
  if (broken >= 0) {
    const finding = { path: `targets[${broken}]`, received: targets[broken], expected: '0 or 1' }
    throw new CloudschedError('invalid-input', [finding])
  }
  const positives = targets.reduce((sum, target) => sum + target, 0)
  if (positives > 0 && positives < targets.length) return positives
  const hint = 'There is nothing to learn from one class: answer it always.'
  const finding = {
    path: 'targets',
    received: `${targets.length} times ${targets[0]}`,
    expected: 'of both classes',
    hint,
  }
  throw new CloudschedError('invalid-input', [finding])
}

function resolveClassWeights(given: ClassWeights, targets: Float64Array): readonly [number, number] {
  const positives = countPositives(targets)
  if (given === 'none') return [1, 1]
  if (given !== 'balanced') return [given[0], given[1]]
  return [targets.length / (2 * (targets.length - positives)), targets.length / (2 * positives)]
}
