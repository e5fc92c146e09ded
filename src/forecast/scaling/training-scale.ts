/** What scalers and networks learn about the size of training values. */
import { median } from '../series/median.ts'

/** What is taken off a value and what it is divided by, with the ends of the training range. */
export interface TrainingScale {
  readonly offset: number
  /** >= 0; 0 for values that are all equal. */
  readonly factor: number
  readonly low: number
  readonly high: number
}

/**
 * Min-max takes off the smallest value and divides by the range, z-score takes off the mean and divides by the standard
 * deviation with the divisor n.
 *
 * @param known - without NaN
 */
export function trainingScale(kind: 'min-max' | 'z-score', known: Float64Array): TrainingScale {
  const low = known.reduce((least, value) => Math.min(least, value), Infinity)
  const high = known.reduce((most, value) => Math.max(most, value), -Infinity)
  if (kind === 'min-max') return { offset: low, factor: high - low, low, high }
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const variance = known.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / known.length
  // The mean of equal values is rounded: what is left of it is no spread.
  return { offset: mean, factor: low === high ? 0 : Math.sqrt(variance), low, high }
}

/**
 * Mean distance of the next `horizon` values from the median of the window before them, over all windows without gaps;
 * 0 where there is none.
 *
 * @param values - NaN marks a missing one
 * @param window - length of a window in steps
 */
export function windowDistance(values: Float64Array, window: number, horizon: number): number {
  let sum = 0
  let count = 0
  let lastGap = values.subarray(0, window).findLastIndex(Number.isNaN)
  for (let end = window; end < values.length; end++) {
    if (end - window > lastGap) {
      const centre = median(values.subarray(end - window, end))
      for (let h = 0; h < horizon && end + h < values.length; h++) {
        const distance = Math.abs(values[end + h]! - centre)
        if (Number.isNaN(distance)) continue
        sum += distance
        count++
      }
    }
    if (Number.isNaN(values[end]!)) lastGap = end
  }
  return count === 0 ? 0 : sum / count
}
