import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { numberAbove, oneOf, readOptions, satisfying } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'

/** Options of `seriesFromMeasurements`. */
export interface RegularGridOptions {
  readonly id?: string
  /** Length of a step in seconds. @defaultValue the most frequent difference of two time stamps */
  readonly stepSeconds?: number
  /** What a skipped step becomes: an error, or missing values (NaN) in its place. @defaultValue 'error' */
  readonly gaps?: 'error' | 'missing'
}

/**
 * Puts measurements with time stamps on a regular grid. Each goes to the nearest step counted from the first; forecasts
 * count steps, not hours, so that a hole must be visible as one.
 *
 * @param timesSeconds - time stamps in seconds, ascending
 * @param values - one per time stamp
 * @throws CloudschedError `invalid-input` for time stamps out of order, two measurements of one step, and, with
 * `gaps: 'error'`, skipped steps
 * @example
 * seriesFromMeasurements([0, 300, 900], [4, 5, 7], { gaps: 'missing' }).values // 4, 5, NaN, 7
 */
export function seriesFromMeasurements(
  timesSeconds: ArrayLike<number>,
  values: ArrayLike<number>,
  options: RegularGridOptions = {},
): TimeSeries {
  const defaults: Required<Pick<RegularGridOptions, 'gaps'>> = { gaps: 'error' }
  const { gaps, id, stepSeconds } = readOptions(
    {
      id: satisfying<string>((x) => typeof x === 'string', 'a string'),
      stepSeconds: numberAbove(0),
      gaps: oneOf('error', 'missing'),
    },
    defaults,
    options,
  )
  if (timesSeconds.length !== values.length || values.length === 0)
    throw gridError('values', `${values.length} values`, `a list of ${timesSeconds.length} values, at least 1`)
  checkAscending(timesSeconds)
  const step = stepSeconds ?? mostFrequentStep(timesSeconds)
  const place = (i: number): number => Math.round((timesSeconds[i]! - timesSeconds[0]!) / step)
  const grid = new Float64Array(place(values.length - 1) + 1).fill(Number.NaN)
  for (let i = 0; i < values.length; i++) {
    const skipped = i === 0 ? 0 : place(i) - place(i - 1) - 1
    if (skipped < 0)
      throw gridError(`timesSeconds[${i}]`, timesSeconds[i], `a step of ${step} s after the measurement before it`)
    if (skipped > 0 && gaps === 'error')
      throw gridError(
        `timesSeconds[${i}]`,
        timesSeconds[i],
        `one step of ${step} s after the measurement before it, not ${skipped + 1}`,
        "With gaps: 'missing' the skipped steps become missing values.",
      )
    grid[place(i)] = values[i]!
  }
  return { ...(id !== undefined && { id }), values: grid, stepSeconds: step }
}

function checkAscending(times: ArrayLike<number>): void {
  for (let i = 0; i < times.length; i++) {
    if (!Number.isFinite(times[i]) || (i > 0 && times[i]! <= times[i - 1]!))
      throw gridError(`timesSeconds[${i}]`, times[i], 'a finite number above the one before it')
  }
}

/** The mode of the differences; of two equally frequent ones the smaller. */
function mostFrequentStep(times: ArrayLike<number>): number {
  if (times.length === 1)
    throw gridError('options.stepSeconds', undefined, 'given for a single measurement, which shows no step')
  const counts = new Map<number, number>()
  for (let i = 1; i < times.length; i++) {
    const step = times[i]! - times[i - 1]!
    counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  const [[step]] = [...counts].sort(([a, n], [b, m]) => m - n || a - b) as [[number, number]]
  return step
}

function gridError(path: string, received: unknown, expected: string, hint?: string): CloudschedError {
  return new CloudschedError('invalid-input', [{ path, received, expected, ...(hint !== undefined && { hint }) }])
}
