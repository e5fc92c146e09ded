import { leastAbsoluteDeviations } from '../autoregression/least-absolute-deviations.ts'
import { sortedQuantile } from '../fitted/error-quantiles.ts'
import { logisticRegression } from '../regression/logistic-regression.ts'
import { type Architecture, parameterLayout } from './architecture.ts'
import type { Head } from './head.ts'

/** More rows than this add little to the coefficients. */
const enoughRows = 6000
const iterations = 30

/** A head that a linear skip can start. */
export type SkipHead = Extract<Head, { head: 'regression' | 'decision' }>

/** What a linear fit learns from. */
export interface FitRows {
  readonly count: number
  /** (count x window): the column of the skip. */
  readonly inputs: Float64Array
  /** (count x horizon): normalised values, or 1 where the threshold is reached within the next h steps. */
  readonly targets: Float64Array
}

/** A weighted sum of the window for one output of the head. */
interface LinearOutput {
  readonly weights: ArrayLike<number>
  readonly intercept: number
}

/**
 * Starts a network with a linear skip as the linear model of the same windows: the autoregression by least absolute
 * deviations for values, with the bias of a quantile from its residuals, the logistic regression for decisions. Kernel
 * of the skip and bias of the head are its coefficients and the head's kernel is 0, so that training begins where the
 * linear model ends.
 */
export function startAtLinearFit(
  weights: Float32Array,
  architecture: Architecture,
  head: SkipHead,
  all: FitRows,
): void {
  const layout = parameterLayout(architecture)
  const { window, outputs } = architecture
  const { kernel, bias } = layout.head
  const rows = everyOf(all, window, head.horizon)
  const starts = Array.from({ length: head.horizon }, (_, h) => {
    const targets = Float64Array.from({ length: rows.count }, (__, i) => rows.targets[i * head.horizon + h]!)
    return head.head === 'regression'
      ? quantileOutputs(rows, window, targets, head.quantiles)
      : logitOutputs(rows, window, targets, head.positiveWeight)
  }).flat()
  weights.fill(0, kernel.start, kernel.start + kernel.rows * kernel.columns)
  starts.forEach(({ weights: own, intercept }, output) => {
    for (let t = 0; t < window; t++) weights[layout.skip!.start + t * outputs + output] = own[t]!
    weights[bias.start + output] = intercept
  })
}

/** Evenly spaced rows, at most about as many as are enough. */
function everyOf({ count, inputs, targets }: FitRows, window: number, horizon: number): FitRows {
  const stride = Math.max(1, Math.ceil(count / enoughRows))
  const kept = Math.ceil(count / stride)
  const pick = (from: Float64Array, width: number): Float64Array => {
    const rows = new Float64Array(kept * width)
    for (let i = 0; i < kept; i++) rows.set(from.subarray(i * stride * width, (i * stride + 1) * width), i * width)
    return rows
  }
  return { count: kept, inputs: pick(inputs, window), targets: pick(targets, horizon) }
}

/** One output per quantile: the same sum, with another intercept. */
function quantileOutputs(
  { count, inputs }: FitRows,
  window: number,
  targets: Float64Array,
  quantiles: readonly number[],
): LinearOutput[] {
  const columnCount = window + 1
  const rows = new Float64Array(count * columnCount).fill(1)
  for (let i = 0; i < count; i++) rows.set(inputs.subarray(i * window, (i + 1) * window), i * columnCount)
  const fit = leastAbsoluteDeviations({ rowCount: count, columnCount, inputs: rows, targets }, iterations)
  const residuals = targets.map((target, i) => {
    let forecast = 0
    for (let c = 0; c < columnCount; c++) forecast += fit[c]! * rows[i * columnCount + c]!
    return target - forecast
  })
  residuals.sort()
  return quantiles.map((level) => ({
    weights: fit,
    // The median of the residuals of this fit is 0 by construction, up to the last iteration.
    intercept: fit[window]! + (level === 0.5 ? 0 : sortedQuantile(residuals, level)),
  }))
}

/** Two outputs, no and yes: 0 and the log-odds. The classes count as they do in the loss. */
function logitOutputs(
  { count, inputs }: FitRows,
  window: number,
  targets: Float64Array,
  positiveWeight: number,
): LinearOutput[] {
  const zeros = new Float64Array(window)
  const never = { weights: zeros, intercept: 0 }
  const positives = targets.reduce((sum, label) => sum + label, 0)
  if (positives === 0 || positives === count) {
    // One class has no regression: its share by the rule of Laplace.
    return [never, { weights: zeros, intercept: Math.log((positives + 1) / (count - positives + 1)) }]
  }
  const samples = { inputs, targets, rowCount: count, columnCount: window, names: [] }
  return [never, logisticRegression(samples, { classWeights: [1, positiveWeight] })]
}
