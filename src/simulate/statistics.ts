import { quickselect } from 'simple-statistics'

/** A quantity over the finished tasks. */
export interface Statistics {
  /** Tasks that were counted. */
  readonly count: number
  readonly total: number
  /** `null` where no task was counted, like the two below. */
  readonly mean: number | null
  /** The smallest value that 95 % of the tasks do not exceed. */
  readonly p95: number | null
  readonly max: number | null
}

/** @param values - changes the order of its entries */
export function statisticsOf(values: Float64Array): Statistics {
  const count = values.length
  let total = 0
  let max = -Infinity
  for (const value of values) {
    total += value
    if (value > max) max = value
  }
  if (count === 0) return { count, total, mean: null, p95: null, max: null }
  const rank = Math.ceil(0.95 * count) - 1
  // It only reads and swaps entries, so that a typed array does as well.
  quickselect(values as unknown as number[], rank, 0, count - 1)
  return { count, total, mean: total / count, p95: values[rank]!, max }
}
