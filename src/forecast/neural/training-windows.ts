import type { TimeSeries } from '../../model/forecaster.ts'
import { asFloat64, type StepRange } from '../series/rows.ts'
import { forecastOrigins } from '../series/windows.ts'
import type { Values } from './arithmetic.ts'
import { type Frame, frameOf, type Normalisation } from './normalisation.ts'

/** What a network sees of a window. */
export interface WindowInput {
  /** Steps T. */
  readonly window: number
  /** Names of the features, in the order of their columns. */
  readonly features: readonly string[]
  readonly normalisation: Normalisation
  /**
   * A level whose distance is a second column of the target: a window that is centred at its own median no longer shows
   * how far the level is. `null` for none.
   */
  readonly reference: number | null
}

/** Columns of the input. */
export function inputColumns({ features, reference }: WindowInput): number {
  return 1 + (reference === null ? 0 : 1) + features.length
}

/** A series with its columns as doubles. */
export interface Columns {
  readonly id: string | undefined
  readonly values: Float64Array
  /** In the order of `WindowInput.features`. */
  readonly features: readonly Float64Array[]
}

export function columnsOf(series: TimeSeries, features: readonly string[]): Columns {
  return {
    id: series.id,
    values: asFloat64(series.values),
    features: features.map((name) => asFloat64(series.features![name]!)),
  }
}

/** Shift and factor of the window that ends at `origin`. */
export function windowFrame({ window, normalisation }: WindowInput, { id, values }: Columns, origin: number): Frame {
  return frameOf(normalisation, values.subarray(origin - window + 1, origin + 1), id)
}

/** Writes the window that ends at `origin` as entry `b` of a time-major batch. */
export function writeWindow(
  windowInput: WindowInput,
  { values, features }: Columns,
  origin: number,
  { centre, scale }: Frame,
  input: Values,
  b: number,
  batch: number,
): void {
  const { window, reference, normalisation } = windowInput
  const columns = inputColumns(windowInput)
  const firstFeature = columns - features.length
  for (let t = 0; t < window; t++) {
    const step = origin - window + 1 + t
    const at = (t * batch + b) * columns
    input[at] = (values[step]! - centre) / scale
    if (reference !== null) input[at + 1] = (values[step]! - reference) / scale
    for (let f = 0; f < features.length; f++) {
      const frame = normalisation.features[f]!
      input[at + firstFeature + f] = (features[f]![step]! - frame.centre) / frame.scale
    }
  }
}

/** Windows of several series, ready to be written into batches. */
export interface TrainingWindows {
  readonly count: number
  readonly columns: readonly Columns[]
  /** Of each window: which series, which step is the present, shift and factor. */
  readonly owner: Int32Array
  readonly origin: Int32Array
  readonly frames: readonly Frame[]
  /** (count x horizon) normalised values after each window. */
  readonly targets: Float64Array
  /** Windows left out because a value is missing. */
  readonly skipped: number
}

/** All windows without missing values whose targets lie in the given rows. */
export function trainingWindows(
  windowInput: WindowInput,
  horizon: number,
  series: readonly TimeSeries[],
  ranges: readonly StepRange[],
): TrainingWindows {
  const columns = series.map((one) => columnsOf(one, windowInput.features))
  const owner: number[] = []
  const origin: number[] = []
  let skipped = 0
  columns.forEach((one, index) => {
    const known = knownSteps(one)
    const shape = { contextSteps: windowInput.window, horizon }
    for (const present of forecastOrigins(ranges[index]!, shape)) {
      if (known(present - windowInput.window + 1, present + 1, present + 1 + horizon)) {
        owner.push(index)
        origin.push(present)
      } else skipped++
    }
  })
  const frames = origin.map((present, w) => windowFrame(windowInput, columns[owner[w]!]!, present))
  const targets = new Float64Array(origin.length * horizon)
  origin.forEach((present, w) => {
    const { values } = columns[owner[w]!]!
    const { centre, scale } = frames[w]!
    for (let h = 0; h < horizon; h++) targets[w * horizon + h] = (values[present + 1 + h]! - centre) / scale
  })
  const lists = { owner: Int32Array.from(owner), origin: Int32Array.from(origin) }
  return { count: origin.length, columns, ...lists, frames, targets, skipped }
}

/** Tells whether all inputs from `start` and the targets up to `end` are known; features count up to the present. */
function knownSteps({ values, features }: Columns): (start: number, targetStart: number, end: number) => boolean {
  const missingBefore = (list: Float64Array): Int32Array => {
    const counts = new Int32Array(list.length + 1)
    for (let i = 0; i < list.length; i++) counts[i + 1] = counts[i]! + (Number.isNaN(list[i]) ? 1 : 0)
    return counts
  }
  const ofTarget = missingBefore(values)
  const ofFeatures = features.map(missingBefore)
  return (start, targetStart, end) =>
    ofTarget[end] === ofTarget[start] && ofFeatures.every((counts) => counts[targetStart] === counts[start])
}
