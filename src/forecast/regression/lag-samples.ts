import { integerIn, type OptionEntries, functionLike, readOptions } from '../../errors/read-options.ts'
import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { checkSeries, featureNames } from '../series/check-series.ts'
import { asFloat64, type StepRange } from '../series/rows.ts'
import { forecastOrigins } from '../series/windows.ts'
import type { Samples } from './samples.ts'

/** Options of `lagSamples`. */
export interface LagSamplesOptions {
  /** Number of last steps of the values and of each feature that are inputs, >= 1. @defaultValue 12 */
  readonly lags?: number
  /** Steps ahead that the target looks at; the range must hold them all, >= 1. @defaultValue 1 */
  readonly ahead?: number
  /** The target of an origin, from the values of the whole series. @defaultValue the value `ahead` steps after the origin */
  readonly target?: (values: Float64Array, origin: number) => number
}

/** Rows of a regression that were cut out of a series. */
export interface LagSamples {
  readonly samples: Samples
  /** The step of the present of each row. */
  readonly origins: Int32Array
  /** Rows left out because an input or the target is missing. */
  readonly skipped: number
}

const entries: OptionEntries = { lags: integerIn(1, 100_000), ahead: integerIn(1, 100_000), target: functionLike() }
const defaults = {
  lags: 12,
  ahead: 1,
}

/**
 * Cuts the rows of a regression out of a series: the last values and features before each origin as inputs, newest
 * first, something after it as target. Targets stay inside the range; inputs may reach back before it, where they are
 * known.
 *
 * @param range - steps that targets may look at, e.g. `chronologicalSplit(length).training`
 * @throws CloudschedError `invalid-input` for a broken series, or when no row is left
 *
 * @example
 * const { samples } = lagSamples(series, { start: 0, end: 3000 }, { lags: 24, ahead: 12 })
 */
export function lagSamples(series: TimeSeries, range: StepRange, options: LagSamplesOptions = {}): LagSamples {
  const { lags, ahead, target } = readOptions(entries, defaults, options)
  checkSeries([series])
  const values = asFloat64(series.values)
  const features = featureNames(series)
  const columns = [values, ...features.map((name) => asFloat64(series.features![name]!))]
  const names = ['value', ...features].flatMap((name) => Array.from({ length: lags }, (_, lag) => `${name} lag ${lag}`))
  const all = forecastOrigins(range, { contextSteps: lags, horizon: ahead })
  const inputs: number[] = []
  const targets: number[] = []
  const origins = all.filter((origin) => {
    const row = columns.flatMap((column) => Array.from({ length: lags }, (_, lag) => column[origin - lag]!))
    const wanted = target ? target(values, origin) : values[origin + ahead]!
    if (Number.isNaN(wanted) || row.some(Number.isNaN)) return false
    for (const input of row) inputs.push(input)
    targets.push(wanted)
    return true
  })
  if (origins.length === 0) {
    const expected = `long enough for a row of ${lags} lags and ${ahead} steps ahead without missing values`
    throw new CloudschedError('invalid-input', [{ path: 'range', received: range, expected }])
  }
  const samples = {
    inputs: Float64Array.from(inputs),
    targets: Float64Array.from(targets),
    rowCount: origins.length,
    columnCount: names.length,
    names,
  }
  return { samples, origins, skipped: all.length - origins.length }
}
