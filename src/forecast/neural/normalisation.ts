import type { TimeSeries } from '../../model/forecaster.ts'
import { trainingScale, windowDistance } from '../scaling/training-scale.ts'
import { median } from '../series/median.ts'
import { asFloat64, type StepRange } from '../series/rows.ts'

/** How values come near to 0 before a network sees them. */
export type Normalization = 'window' | 'minmax' | 'zscore'

/** A shift and a factor: x becomes (x - centre) / scale. */
export interface Frame {
  readonly centre: number
  readonly scale: number
}

/** What was learnt about the sizes of values, from training rows alone: plain data. */
export interface Normalisation {
  readonly normalization: Normalization
  /** Of the target; under 'window' its centre is not used, the scale is the mean over the series. */
  readonly target: Frame
  /** Under 'window': mean |y - median of its window| of each training series that has an id. */
  readonly scales: Readonly<Record<string, number>>
  /** Of each feature, in the order of their names. */
  readonly features: readonly Frame[]
}

/** A part of a series. */
export interface SeriesRows {
  readonly series: TimeSeries
  readonly range: StepRange
}

/**
 * Learns shifts and factors from training rows. 'minmax' is the paper's: its z-score followed by min-max equals plain
 * min-max, for mean and deviation cancel. 'window' centres each window of the target at its own median, as NLinear and
 * RevIN do, and divides by the mean distance of the next values from it; features keep fixed statistics, since a constant
 * feature says something by its level only. A column without spread gets the scale 1, so that it becomes 0.
 *
 * @param window - steps T of a window
 * @param horizon - steps ahead
 */
export function fitNormalisation(
  normalization: Normalization,
  training: readonly SeriesRows[],
  features: readonly string[],
  window: number,
  horizon: number,
): Normalisation {
  const column = (name: string): Frame => fixedFrame(normalization, columnOf(training, name))
  const featureFrames = features.map(column)
  if (normalization !== 'window') {
    return { normalization, target: fixedFrame(normalization, targetOf(training)), scales: {}, features: featureFrames }
  }
  const scales = training.map(({ series, range }) =>
    windowDistance(asFloat64(series.values).subarray(range.start, range.end), window, horizon),
  )
  const mean = scales.reduce((sum, scale) => sum + scale, 0) / scales.length
  const named = training.flatMap(({ series }, index) => (series.id === undefined ? [] : [[series.id, scales[index]!]]))
  return {
    normalization,
    target: { centre: 0, scale: mean || 1 },
    scales: Object.fromEntries(named) as Record<string, number>,
    features: featureFrames,
  }
}

/**
 * Shift and factor of one window of the target.
 *
 * @param window - the values of the window; not changed
 * @param id - of the series; under 'window' with several training series, one that was not among them is measured by
 * the spread of the window itself
 */
export function frameOf({ normalization, target, scales }: Normalisation, window: Float64Array, id?: string): Frame {
  if (normalization !== 'window') return target
  const centre = median(window)
  const own = id === undefined ? undefined : scales[id]
  if (own !== undefined) return { centre, scale: own || 1 }
  if (Object.keys(scales).length <= 1) return { centre, scale: target.scale }
  return { centre, scale: meanDistance(window, centre) || target.scale }
}

function meanDistance(values: Float64Array, centre: number): number {
  return values.reduce((sum, value) => sum + Math.abs(value - centre), 0) / values.length
}

/** A column without spread has the scale 1: what it was becomes 0, and what differs from it is seen. */
function fixedFrame(normalization: Normalization, values: Float64Array): Frame {
  const { offset, factor } = trainingScale(normalization === 'zscore' ? 'z-score' : 'min-max', values)
  return { centre: offset, scale: factor || 1 }
}

function targetOf(training: readonly SeriesRows[]): Float64Array {
  return known(training.map(({ series, range }) => asFloat64(series.values).subarray(range.start, range.end)))
}

function columnOf(training: readonly SeriesRows[], name: string): Float64Array {
  return known(training.map(({ series, range }) => asFloat64(series.features![name]!).subarray(range.start, range.end)))
}

/** All values of the parts in one list, without missing ones. */
function known(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    for (const value of part) if (!Number.isNaN(value)) all[at++] = value
  }
  return all.subarray(0, at)
}
