import { leastAbsoluteDeviations } from '../autoregression/least-absolute-deviations.ts'
import { sortedQuantile } from '../fitted/error-quantiles.ts'
import type { Architecture } from './architecture.ts'
import { parameterLayout } from './architecture.ts'
import type { Values } from './arithmetic.ts'
import type { TrainingWindows } from './training-windows.ts'

/** More rows than this add little to the coefficients. */
const enoughRows = 6000
const iterations = 30

/**
 * Starts a network with a linear skip as the autoregression by least absolute deviations of the same windows: kernel of
 * the skip and bias of the head are its coefficients, the bias of a quantile is that of its residuals, and the head's
 * kernel is 0, so that training begins where the linear model ends.
 *
 * @param inputs - (count x window) normalised windows of the target
 */
export function startAtLinearFit(
  weights: Float32Array,
  architecture: Architecture,
  horizon: number,
  quantiles: readonly number[],
  inputs: Values,
  { count, targets }: TrainingWindows,
): void {
  const { window, outputs } = architecture
  const { head, skip } = parameterLayout(architecture)
  const stride = Math.max(1, Math.ceil(count / enoughRows))
  const rowCount = Math.ceil(count / stride)
  const columnCount = window + 1
  const rows = new Float64Array(rowCount * columnCount)
  for (let i = 0; i < rowCount; i++) {
    const from = i * stride * window
    for (let t = 0; t < window; t++) rows[i * columnCount + t] = inputs[from + t]!
    rows[i * columnCount + window] = 1
  }
  weights.fill(0, head.kernel.start, head.kernel.start + head.kernel.rows * head.kernel.columns)
  for (let h = 0; h < horizon; h++) {
    const wanted = Float64Array.from({ length: rowCount }, (_, i) => targets[i * stride * horizon + h]!)
    const fit = leastAbsoluteDeviations({ rowCount, columnCount, inputs: rows, targets: wanted }, iterations)
    const residuals = wanted.map((target, i) => {
      let forecast = 0
      for (let c = 0; c < columnCount; c++) forecast += fit[c]! * rows[i * columnCount + c]!
      return target - forecast
    })
    residuals.sort()
    quantiles.forEach((level, q) => {
      const output = h * quantiles.length + q
      for (let t = 0; t < window; t++) weights[skip!.start + t * outputs + output] = fit[t]!
      // The median of the residuals of this fit is 0 by construction, up to the last iteration.
      weights[head.bias.start + output] = fit[window]! + (level === 0.5 ? 0 : sortedQuantile(residuals, level))
    })
  }
}
