import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { median } from '../series/median.ts'
import { asFloat64 } from '../series/rows.ts'
import { trainingScale, windowDistance } from './training-scale.ts'

/**
 * How values are brought near 0: `'window-median'` takes the median off each window, `'min-max'` maps the training range to
 * [0, 1], `'z-score'` takes off the mean and divides by the standard deviation.
 */
export type ScalerKind = 'window-median' | 'min-max' | 'z-score'

/** What a scaler has learnt from training rows: plain data. */
export interface Scaler {
  readonly kind: ScalerKind
  /** What is taken off; `null` where each window has its own median. */
  readonly offset: number | null
  /** What is divided by, >= 0; 0 for constant training rows, which all become 0. */
  readonly factor: number
  /** Smallest and largest training value. */
  readonly low: number
  readonly high: number
}

/** A shift and a division: x becomes (x - offset) / factor, or 0 where the factor is 0. */
export interface Scaling {
  readonly offset: number
  readonly factor: number
}

/**
 * Learns a scaler from training rows, and from nothing else. The scale of 'window-median' is the mean distance of a
 * training value from the median of the window before it; that of 'z-score' has the divisor n.
 *
 * @param training - NaN marks a missing value
 * @param windowSteps - length of a window of 'window-median', >= 1. @defaultValue 36
 * @throws CloudschedError `invalid-input` without a known value, or, for 'window-median', without a value after a window;
 * `invalid-option` for another kind or length
 * @example
 * scale(values, scalingOf(fitScaler('z-score', training), values))
 */
export function fitScaler(kind: ScalerKind, training: ArrayLike<number>, windowSteps: number = 36): Scaler {
  checkKind(kind, windowSteps)
  const values = asFloat64(training)
  const known = values.filter((value) => !Number.isNaN(value))
  const needed = kind === 'window-median' ? windowSteps + 1 : 1
  if (known.length < needed)
    throw new CloudschedError('invalid-input', [
      { path: 'training', received: `${known.length} known values`, expected: `a list of at least ${needed}` },
    ])
  if (kind !== 'window-median') return { kind, ...trainingScale(kind, known) }
  const { low, high } = trainingScale('min-max', known)
  return { kind, offset: null, factor: windowDistance(known, windowSteps, 1), low, high }
}

/**
 * Shift and division for one window.
 *
 * @param window - known values; looked at for its median alone, under 'window-median'
 * @example
 * scalingOf(fitScaler('min-max', [2, 4, 6]), []) // offset 2, factor 4
 */
export function scalingOf(scaler: Scaler, window: ArrayLike<number>): Scaling {
  const { offset, factor } = scaler
  return { offset: offset ?? median(asFloat64(window)), factor }
}

/**
 * Scaled values; NaN stays NaN. Values outside the training range are not clipped.
 *
 * @example
 * scale([2, 5, 8], { offset: 2, factor: 4 }) // 0, 0.75, 1.5
 */
export function scale(values: ArrayLike<number>, { offset, factor }: Scaling): Float64Array {
  return Float64Array.from(values, (x) => (factor === 0 && !Number.isNaN(x) ? 0 : (x - offset) / factor))
}

/**
 * Values in their own unit again: the inverse of `scale`.
 *
 * @example
 * unscale([0, 0.75, 1.5], { offset: 2, factor: 4 }) // 2, 5, 8
 */
export function unscale(scaled: ArrayLike<number>, { offset, factor }: Scaling): Float64Array {
  return Float64Array.from(scaled, (x) => x * factor + offset)
}

/**
 * Share of the known values that lie outside the training range; `null` without a known value. A high share says that
 * fixed statistics no longer fit.
 *
 * @example
 * outOfRange(fitScaler('min-max', [2, 4, 6]), [2, 5, 8]) // 0.33
 */
export function outOfRange({ low, high }: Scaler, values: ArrayLike<number>): number | null {
  const known = asFloat64(values).filter((value) => !Number.isNaN(value))
  return known.length === 0 ? null : known.filter((value) => value < low || value > high).length / known.length
}

function checkKind(kind: ScalerKind, windowSteps: number): void {
  const kinds: readonly string[] = ['window-median', 'min-max', 'z-score'] satisfies ScalerKind[]
  if (!kinds.includes(kind))
    throw new CloudschedError('invalid-option', [
      { path: 'kind', received: kind, expected: `one of ${kinds.join(', ')}` },
    ])
  if (!(Number.isInteger(windowSteps) && windowSteps >= 1))
    throw new CloudschedError('invalid-option', [
      { path: 'windowSteps', received: windowSteps, expected: 'a whole number >= 1' },
    ])
}
