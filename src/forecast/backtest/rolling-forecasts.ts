import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, type OptionEntries, readOptions, requireOptions, satisfying } from '../../errors/read-options.ts'
import type { Forecaster, TimeSeries } from '../../model/forecaster.ts'
import { asFloat64, rowsOf, type StepRange } from '../series/rows.ts'
import { forecastOrigins } from '../series/windows.ts'

/** What is forecast from each origin. */
export interface RollingOptions {
  /** Steps ahead, >= 1. */
  readonly horizon: number
  /** Distance between two origins, >= 1. @defaultValue 1 */
  readonly stride?: number
  /** Levels of the quantiles wanted, ascending. @defaultValue none */
  readonly levels?: readonly number[]
}

/** Forecasts from one origin after the other, as dense matrices with a row of `horizon` steps per origin. */
export interface RollingForecasts {
  readonly horizon: number
  /** The present of each forecast. */
  readonly origins: Int32Array
  readonly actual: Float64Array
  readonly forecast: Float64Array
  /** One matrix per level. */
  readonly quantiles: readonly Float64Array[]
  /** How many forecasts each note on a stand-in came with. */
  readonly fallbacks: Readonly<Record<string, number>>
}

/** Which origins, how far, and what of each distribution. */
export const rollingEntries: OptionEntries = {
  horizon: integerIn(1, 100_000),
  stride: integerIn(1, 100_000),
  levels: satisfying<readonly number[]>(
    (x) => Array.isArray(x) && x.every((level, k) => level > (x[k - 1] ?? 0) && level < 1),
    'ascending numbers in (0, 1)',
  ),
}
const defaults: Required<Omit<RollingOptions, 'horizon'>> = { stride: 1, levels: [] }

/**
 * Forecasts from every origin whose targets lie in the range. The forecaster sees nothing later than the origin; earlier
 * steps, also those before the range, are its history.
 *
 * @throws CloudschedError `invalid-option`; `invalid-input` for a forecaster that does not give a finite number for each step
 * @example
 * rollingForecasts(forecaster, series, chronologicalSplit(series.values.length).validation, { horizon: 12 })
 */
export function rollingForecasts(
  forecaster: Forecaster,
  series: TimeSeries,
  range: StepRange,
  options: RollingOptions,
): RollingForecasts {
  const read = readOptions(rollingEntries, defaults, options)
  requireOptions(rollingEntries, read, ['horizon'])
  const { horizon, stride, levels } = read
  const origins = forecastOrigins(range, { contextSteps: 1, horizon, stride })
  const values = asFloat64(series.values)
  const actual = new Float64Array(origins.length * horizon)
  const forecast = new Float64Array(origins.length * horizon)
  const quantiles = levels.map(() => new Float64Array(origins.length * horizon))
  const fallbacks: Record<string, number> = {}
  origins.forEach((origin, row) => {
    const history = rowsOf(series, { start: 0, end: origin + 1 })
    const answer = forecaster.forecast({ history, firstStep: 0, horizon, levels })
    actual.set(values.subarray(origin + 1, origin + 1 + horizon), row * horizon)
    checkPath(forecaster, `origin ${origin}`, answer.values, horizon)
    forecast.set(answer.values, row * horizon)
    levels.forEach((level, k) => {
      const path = answer.quantiles[k]
      checkPath(forecaster, `origin ${origin}, level ${level}`, path, horizon)
      quantiles[k]!.set(path, row * horizon)
    })
    for (const note of answer.fallbacks) fallbacks[note] = (fallbacks[note] ?? 0) + 1
  })
  return { horizon, origins, actual, forecast, quantiles, fallbacks }
}

/** A path with holes would be judged by the steps that it does have, and one that is too short by zeros. */
function checkPath(
  { name }: Forecaster,
  at: string,
  path: Float64Array | undefined,
  horizon: number,
): asserts path is Float64Array {
  if (path?.length === horizon && path.every(Number.isFinite)) return
  throw new CloudschedError('invalid-input', [
    {
      path: `${name}.forecast (${at})`,
      received: path,
      expected: `${horizon} finite numbers, one for each step ahead`,
    },
  ])
}

/** The entries of one step ahead of a matrix with `horizon` columns. @param step - from 0 */
export function stepAhead(matrix: Float64Array, horizon: number, step: number): Float64Array {
  return Float64Array.from({ length: matrix.length / horizon }, (_, row) => matrix[row * horizon + step]!)
}
