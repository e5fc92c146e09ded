import { integerIn, numberIn, readOptions } from '../../errors/read-options.ts'
import { type FallbackOptions, fallbackDefaults, fallbackEntries, standIns } from '../fitted/fallbacks.ts'
import { ln } from '../../random/portable-math.ts'
import { type Fit, type SavableMethod, savableMethod } from '../fitted/method.ts'
import { hasNumber, type PointRule } from '../fitted/point-rule.ts'

/** Options of `simpleExponentialSmoothing`. */
export interface SimpleExponentialSmoothingOptions extends FallbackOptions {
  /** Weight of the newest value, in (0, 1]. @defaultValue fitted: the smallest squared error one step ahead on training rows */
  readonly alpha?: number
  /** Most past steps that the level is computed from, >= 1. @defaultValue 288 */
  readonly contextSteps?: number
}

/** Defaults of `simpleExponentialSmoothing`. */
export const simpleExponentialSmoothingDefaults: Required<Omit<SimpleExponentialSmoothingOptions, 'alpha'>> =
  Object.freeze({ ...fallbackDefaults, contextSteps: 288 })

/** Parameters of the rule. */
export interface SmoothingParameters {
  readonly alpha: number
}

/** Values whose weight is below this share of the newest one's are not looked at. */
const negligibleWeight = 1e-3

/** Step of the search for alpha. */
const alphaStep = 0.01

/** level_t = level_(t-1) + alpha (y_t - level_(t-1)), started at the oldest value of the context; the level, repeated. */
export const smoothingRule: PointRule<SmoothingParameters> = {
  method: 'simple-exponential-smoothing',
  accepts: (parameters) => hasNumber(parameters, 'alpha', Number.MIN_VALUE, 1),
  path({ alpha }, context, horizon) {
    let level = context[0]!
    for (let i = 1; i < context.length; i++) level += alpha * (context[i]! - level)
    return new Float64Array(horizon).fill(level)
  },
}

/**
 * Simple exponential smoothing: all next steps are like a mean of the past whose weights fall by 1 - alpha a step
 * (Brown 1959). The level is computed from the last steps only, as many as have a weight of at least a thousandth of
 * the newest one's, so that a forecast does not depend on how much older history is given.
 *
 * @throws CloudschedError `invalid-option`
 * @example
 * simpleExponentialSmoothing({ alpha: 0.3 }).fit([series])
 */
export function simpleExponentialSmoothing(options: SimpleExponentialSmoothingOptions = {}): SavableMethod {
  const entries = { ...fallbackEntries, alpha: numberIn(Number.MIN_VALUE, 1), contextSteps: integerIn(1, 100_000) }
  const read = readOptions(entries, simpleExponentialSmoothingDefaults, options)
  const fit = (training: readonly Float64Array[]): Fit<SmoothingParameters> => {
    const alpha = read.alpha ?? bestAlpha(training)
    const weighty = alpha === 1 ? 1 : Math.ceil(ln(negligibleWeight) / ln(1 - alpha))
    return { parameters: { alpha }, contextSteps: Math.max(1, Math.min(weighty, read.contextSteps)) }
  }
  return savableMethod({ rule: smoothingRule, horizon: read.horizon, fit }, standIns(read))
}

/** The alpha of 0.01, 0.02, ..., 1 with the smallest sum of squared errors one step ahead. */
function bestAlpha(training: readonly Float64Array[]): number {
  let best = { alpha: alphaStep, squares: Infinity }
  for (let k = 1; k * alphaStep <= 1; k++) {
    const alpha = k * alphaStep
    const squares = training.reduce((sum, values) => sum + squaredErrors(values, alpha), 0)
    if (squares < best.squares) best = { alpha, squares }
  }
  return best.alpha
}

function squaredErrors(values: Float64Array, alpha: number): number {
  let level = Number.NaN
  let sum = 0
  for (const value of values) {
    if (Number.isNaN(value)) continue
    const error = Number.isNaN(level) ? 0 : value - level
    level = Number.isNaN(level) ? value : level + alpha * error
    sum += error * error
  }
  return sum
}
