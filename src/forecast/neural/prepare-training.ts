import { type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { sortedQuantile } from '../fitted/error-quantiles.ts'
import { seriesName } from '../series/check-series.ts'
import { asFloat64, type StepRange } from '../series/rows.ts'
import type { Architecture } from './architecture.ts'
import { exceedanceLabels, type Head, lossTargets, settleHead } from './head.ts'
import { initialWeights } from './initial-weights.ts'
import { startAtLinearFit } from './linear-skip.ts'
import { outputCount } from './loss.ts'
import type { NetworkKind, ResolvedNetworkOptions } from './network-options.ts'
import type { TrainingReport } from './network-model.ts'
import { fitNormalisation } from './normalisation.ts'
import type { LabelledWindows } from './training.ts'
import {
  inputColumns,
  type TrainingWindows,
  trainingWindows,
  type WindowInput,
  writeWindow,
} from './training-windows.ts'

/** The level of a decision head where none is given: this quantile of the training rows. */
const defaultThresholdLevel = 0.9

/** Everything that is settled before the first step of a training. */
export interface PreparedTraining {
  readonly kind: NetworkKind
  readonly series: readonly TimeSeries[]
  readonly options: ResolvedNetworkOptions
  readonly trainingRanges: readonly StepRange[]
  readonly architecture: Architecture
  readonly input: WindowInput
  readonly head: Head
  readonly training: LabelledWindows
  readonly validation: LabelledWindows
  readonly initial: Float32Array
  readonly counts: Pick<
    TrainingReport,
    'trainingWindows' | 'validationWindows' | 'skippedWindows' | 'outOfRange' | 'baseRate' | 'notes'
  >
}

/**
 * Splits each series, learns normalisation, threshold and classes from the training rows, and cuts the windows.
 *
 * @throws CloudschedError `invalid-input` when no window is left to train or to validate with
 */
export function prepareTraining(
  kind: NetworkKind,
  series: readonly TimeSeries[],
  options: ResolvedNetworkOptions & { readonly features: readonly string[] },
): PreparedTraining {
  const { window, horizon, features, normalization, validationShare } = options
  throwFindings('invalid-option', [...unknownFeatures(series[0]!, features), ...conflicts(options)])
  const ranges = series.map(({ values: { length } }) => {
    const boundary = Math.floor(length * (1 - validationShare))
    return { training: { start: 0, end: boundary }, validation: { start: boundary, end: length } }
  })
  const trainingRanges = ranges.map(({ training }) => training)
  const trainingRows = series.map((one, index) => ({ series: one, range: trainingRanges[index]! }))
  const known = sortedValues(series, trainingRanges)
  const threshold = options.threshold ?? sortedQuantile(known, defaultThresholdLevel)
  const input: WindowInput = {
    window,
    features,
    normalisation: fitNormalisation(normalization, trainingRows, features, window, horizon),
    reference: options.head === 'decision' && normalization === 'window' ? threshold : null,
  }
  const training = trainingWindows(input, horizon, series, trainingRanges)
  const validationRanges = ranges.map(({ validation }) => validation)
  const validation = trainingWindows(input, horizon, series, validationRanges)
  requireWindows(series, options, training, validation)
  const head = settleHead(options, training, threshold)
  const architecture = architectureOf(kind, options, input, outputCount(head))
  const initial = initialWeights(architecture, options.seed)
  const labels = lossTargets(head, training)
  if (head.head !== 'levels' && options.linearSkip) {
    const rows = { count: training.count, inputs: skipWindows(input, training), targets: labels }
    startAtLinearFit(initial, architecture, head, rows)
  }
  return {
    kind,
    series,
    options,
    trainingRanges,
    architecture,
    input,
    head,
    training: { windows: training, labels },
    validation: { windows: validation, labels: lossTargets(head, validation) },
    initial,
    counts: {
      trainingWindows: training.count,
      validationWindows: validation.count,
      skippedWindows: training.skipped + validation.skipped,
      outOfRange: shareOutside(sortedValues(series, validationRanges), known[0]!, known.at(-1)!),
      baseRate: head.head === 'decision' ? baseRate(training, horizon, threshold) : null,
      notes: notesOn(series, trainingRanges, training),
    },
  }
}

function architectureOf(
  kind: NetworkKind,
  options: ResolvedNetworkOptions,
  input: WindowInput,
  outputs: number,
): Architecture {
  const { window, encoder, units, bidirectional, resetAfter, recurrentActivation } = options
  const { binarize, scale, readout, wfaTau, wfaSource, linearSkip } = options
  return {
    window,
    inputs: inputColumns(input),
    encoder,
    cell: kind === 'lstm' ? 'lstm' : 'gru',
    units,
    bidirectional,
    resetAfter,
    recurrentActivation,
    binarize,
    scale,
    readout,
    wfaTau,
    wfaSource,
    linearSkip,
    // A window that is centred at its own median does not show how far the threshold is.
    skipColumn: input.reference === null ? 0 : 1,
    outputs,
  }
}

function unknownFeatures(series: TimeSeries, features: readonly string[]): Finding[] {
  const given = Object.keys(series.features ?? {})
  return features
    .filter((name) => !given.includes(name))
    .map((name) => ({
      path: 'options.features',
      received: name,
      expected: `names of features of the series: ${given.join(', ') || 'it has none'}`,
    }))
}

function conflicts({ linearSkip, head }: ResolvedNetworkOptions): Finding[] {
  if (!linearSkip || head !== 'levels') return []
  return [{ path: 'options.linearSkip', received: linearSkip, expected: `false with the head '${head}'` }]
}

function requireWindows(
  series: readonly TimeSeries[],
  { window, horizon, validationShare }: ResolvedNetworkOptions,
  training: TrainingWindows,
  validation: TrainingWindows,
): void {
  const longest = series.reduce((most, { values }) => Math.max(most, values.length), 0)
  const needed = Math.ceil(Math.max((window + horizon) / (1 - validationShare), (horizon + 1) / validationShare))
  const findings: Finding[] = []
  for (const [name, { count, skipped }] of Object.entries({ training, validation })) {
    if (count > 0) continue
    findings.push({
      path: 'series',
      received: skipped > 0 ? `${skipped} ${name} windows, all with missing values` : `at most ${longest} steps`,
      expected: `long enough for a ${name} window of ${window} + ${horizon} steps without gaps`,
      hint:
        skipped > 0
          ? "Fill gaps with treatMissing(series, { missing: 'ffill' })."
          : `A series of ${needed} steps is, with validationShare ${validationShare}.`,
    })
  }
  throwFindings('invalid-input', findings)
}

/** Known target values of the given rows of all series, ascending. */
function sortedValues(series: readonly TimeSeries[], ranges: readonly StepRange[]): Float64Array {
  const parts = series.map(({ values }, index) => asFloat64(values).subarray(ranges[index]!.start, ranges[index]!.end))
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) for (const value of part) if (!Number.isNaN(value)) all[at++] = value
  return all.subarray(0, at).sort()
}

function shareOutside(values: Float64Array, low: number, high: number): number {
  return values.reduce((count, value) => count + (value < low || value > high ? 1 : 0), 0) / values.length
}

function baseRate(windows: TrainingWindows, horizon: number, threshold: number): number {
  const labels = exceedanceLabels(windows, horizon, threshold)
  let positives = 0
  for (let w = 0; w < windows.count; w++) positives += labels[w * horizon + horizon - 1]!
  return positives / windows.count
}

/** (count x window): what the linear skip sees of each window, the normalised target or its distance to the threshold. */
function skipWindows(input: WindowInput, windows: TrainingWindows): Float64Array {
  const plain = { ...input, features: [], reference: null }
  const rows = new Float64Array(windows.count * input.window)
  for (let w = 0; w < windows.count; w++) {
    const columns = { ...windows.columns[windows.owner[w]!]!, features: [] }
    // A batch of one window is the window itself, oldest step first.
    const row = rows.subarray(w * input.window, (w + 1) * input.window)
    const { centre, scale } = windows.frames[w]!
    writeWindow(plain, columns, windows.origin[w]!, { centre: input.reference ?? centre, scale }, row, 0, 1)
  }
  return rows
}

function notesOn(series: readonly TimeSeries[], ranges: readonly StepRange[], windows: TrainingWindows): string[] {
  const used = new Set(windows.owner)
  return series.flatMap((one, index) => {
    const name = seriesName(one, index)
    const values = sortedValues([one], [ranges[index]!])
    if (!used.has(index)) return [`${name} takes no part in training: too short, or a gap in every window`]
    return values[0] === values.at(-1) ? [`${name} is constant in the training rows`] : []
  })
}
