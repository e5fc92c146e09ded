import { exp, ln } from '../../random/portable-math.ts'
import { logistic } from './logistic-regression.ts'

/**
 * What boosted trees make small: the mean of squared or of absolute distances, the pinball loss of a quantile, or, for
 * targets 0 and 1, the log-loss.
 */
export type BoostingLoss = 'squared' | 'absolute' | 'logistic' | { readonly quantile: number }

/** A loss as boosting needs it (Friedman 2001, algorithms 2, 3 and 5); predictions of 'logistic' are log-odds. */
export interface LossFunctions {
  /** The best constant prediction. */
  readonly start: (targets: Float64Array) => number
  /** The loss of one row. */
  readonly loss: (target: number, prediction: number) => number
  /** The direction in which the loss of one row falls. */
  readonly descent: (target: number, prediction: number) => number
  /** The best number to add to the predictions of some rows. */
  readonly leafValue: (targets: Float64Array, predictions: Float64Array, rows: Int32Array) => number
}

/** The functions of a loss. */
export function lossFunctions(loss: BoostingLoss): LossFunctions {
  if (loss === 'squared') return squared
  if (loss === 'logistic') return logLoss
  return loss === 'absolute' ? pinball(0.5, 2) : pinball(loss.quantile, 1)
}

/**
 * The smallest value that at least the share `level` of the values does not exceed: it minimises their pinball loss.
 *
 * @param sorted - ascending, at least one
 */
export function empiricalQuantile(sorted: Float64Array, level: number): number {
  return sorted[Math.max(0, Math.ceil(level * sorted.length - 1e-9) - 1)]!
}

const squared: LossFunctions = {
  start: (targets) => targets.reduce((sum, target) => sum + target, 0) / targets.length,
  loss: (target, prediction) => (target - prediction) * (target - prediction),
  descent: (target, prediction) => target - prediction,
  leafValue: (targets, predictions, rows) => {
    let sum = 0
    for (const row of rows) sum += targets[row]! - predictions[row]!
    return sum / rows.length
  },
}

/** `scale` 2 makes the pinball loss of the median the absolute distance. */
function pinball(level: number, scale: number): LossFunctions {
  return {
    start: (targets) => empiricalQuantile(targets.toSorted(), level),
    loss: (target, prediction) =>
      scale * (target >= prediction ? level * (target - prediction) : (1 - level) * (prediction - target)),
    descent: (target, prediction) => (target > prediction ? level : target < prediction ? level - 1 : 0),
    leafValue: (targets, predictions, rows) => {
      const residuals = new Float64Array(rows.length)
      for (let i = 0; i < rows.length; i++) residuals[i] = targets[rows[i]!]! - predictions[rows[i]!]!
      return empiricalQuantile(residuals.sort(), level)
    },
  }
}

/** A leaf of one class alone would ask for an infinite step. */
const leastBend = 1e-6

const logLoss: LossFunctions = {
  start: (targets) => {
    const positives = targets.reduce((sum, target) => sum + target, 0)
    return ln(positives / (targets.length - positives))
  },
  loss: (target, prediction) =>
    Math.max(0, target === 1 ? -prediction : prediction) + ln(1 + exp(-Math.abs(prediction))),
  descent: (target, prediction) => target - logistic(prediction),
  leafValue: (targets, predictions, rows) => {
    let slope = 0
    let bend = 0
    for (const row of rows) {
      const probability = logistic(predictions[row]!)
      slope += targets[row]! - probability
      bend += probability * (1 - probability)
    }
    return slope / Math.max(bend, leastBend * rows.length)
  },
}
