import { CloudschedError } from '../errors/cloudsched-error.ts'
import { mean, sampleStandardDeviation } from 'simple-statistics'
import { requireFinite } from './sample.ts'
import { studentCritical } from './student-t.ts'

/** A mean, and where the true mean lies with the stated confidence. */
export interface MeanInterval {
  /** Number of values. */
  readonly count: number
  readonly mean: number
  /** Sample standard deviation (divisor n - 1); `null` for one value. */
  readonly deviation: number | null
  /** Ends of the interval mean -+ t s / sqrt(n), Student's t with n - 1 degrees of freedom; `null` for one value. */
  readonly low: number | null
  readonly high: number | null
}

/**
 * Mean of a sample with its confidence interval by Student's t.
 *
 * @param confidence - in (0, 1)
 * @returns `null` for an empty sample
 * @throws CloudschedError `invalid-input` for values that are not finite, `invalid-option` for the confidence
 * @example
 * meanInterval([1, 2, 3, 4, 5]) // mean 3, deviation 1.581, from 1.037 to 4.963
 */
export function meanInterval(values: readonly number[], confidence: number = 0.95): MeanInterval | null {
  requireFinite(values, 'values')
  if (!(confidence > 0 && confidence < 1)) {
    throw new CloudschedError('invalid-option', [
      { path: 'confidence', received: confidence, expected: 'a number in (0, 1)' },
    ])
  }
  const count = values.length
  if (count === 0) return null
  const center = mean([...values])
  if (count === 1) return { count, mean: center, deviation: null, low: null, high: null }
  const deviation = sampleStandardDeviation([...values])
  const halfWidth = (studentCritical(confidence, count - 1) * deviation) / Math.sqrt(count)
  return { count, mean: center, deviation, low: center - halfWidth, high: center + halfWidth }
}
