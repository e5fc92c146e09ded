import type { PointRule } from './point-rule.ts'

/** Errors of more windows than this add nothing to a percentile. */
const enoughWindows = 4000

/** Levels 0, 0.01, ..., 1. */
const gridSteps = 100

/**
 * The empirical quantiles of a rule's errors on training rows, for each step ahead on its own, at levels 0, 0.01, ..., 1.
 * Of long series evenly spaced windows are taken.
 */
export function errorQuantiles<P>(
  rule: PointRule<P>,
  parameters: P,
  training: readonly Float64Array[],
  contextSteps: number,
  horizon: number,
): number[][] {
  const errors = Array.from({ length: horizon }, (): number[] => [])
  const windows = training.reduce((sum, { length }) => sum + Math.max(0, length - contextSteps), 0)
  const stride = Math.max(1, Math.ceil(windows / enoughWindows))
  for (const values of training) {
    for (let end = contextSteps; end < values.length; end += stride) {
      const context = values.subarray(end - contextSteps, end)
      if (context.some(Number.isNaN)) continue
      const path = rule.path(parameters, context, horizon)
      for (let h = 0; h < horizon && end + h < values.length; h++) {
        const error = values[end + h]! - path[h]!
        if (Number.isFinite(error)) errors[h]!.push(error)
      }
    }
  }
  return errors.map((list) => {
    const sorted = Float64Array.from(list).sort()
    return sorted.length === 0
      ? []
      : Array.from({ length: gridSteps + 1 }, (_, k) => sortedQuantile(sorted, k / gridSteps))
  })
}

/**
 * A quantile between order statistics, by a straight line (definition 7 of Hyndman and Fan). Of a grid of quantiles at
 * equally spaced levels from 0 to 1 it is the one between the grid's levels.
 *
 * @param sorted - ascending, at least one
 */
export function sortedQuantile(sorted: ArrayLike<number>, level: number): number {
  const at = level * (sorted.length - 1)
  const below = Math.floor(at)
  const above = Math.min(below + 1, sorted.length - 1)
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!)
}
