import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import { numberAbove, numberIn, oneOf, type OptionEntries, readOptions, satisfying } from '../../errors/read-options.ts'
import type { TimeSeries } from '../../model/forecaster.ts'

/** What the measurements of one step become. */
export type Aggregate = 'mean' | 'max' | 'min' | 'sum' | 'last'

/** Options of `resampleMeasurements`. */
export interface ResampleOptions {
  /** Length of a step in seconds, > 0. @defaultValue the most frequent difference of neighbouring time stamps */
  readonly stepSeconds?: number
  /** @defaultValue 'mean' */
  readonly aggregate?: Aggregate
  /**
   * Where the first step begins, in seconds; measurements before it are left out. Half a step before the first time stamp
   * lets the others come a little early or late. @defaultValue the first time stamp, rounded down to a whole step
   */
  readonly startSeconds?: number
  readonly id?: string
}

/** A regular series and how it came about. */
export interface ResampledSeries {
  /** Steps without a measurement are missing (NaN). */
  readonly series: TimeSeries
  /** Begin of the first step in seconds. */
  readonly startSeconds: number
  readonly measurements: number
  /** Measurements that came after a later one, and were put in their place. */
  readonly outOfOrder: number
  /** Measurements with a time stamp that another one has, too; all of them count. */
  readonly sameTime: number
  /** Measurements before the start, and measurements that are missing (NaN): left out. */
  readonly leftOut: number
  /** Steps that more than one measurement went into. */
  readonly merged: number
  /** Steps without a measurement. */
  readonly empty: number
}

const entries: OptionEntries = {
  stepSeconds: numberAbove(0),
  aggregate: oneOf('mean', 'max', 'min', 'sum', 'last'),
  startSeconds: numberIn(-Infinity),
  id: satisfying<string>((x) => typeof x === 'string', 'a string'),
}

/** More steps than this come from a wrong unit (milliseconds for seconds), not from a long series. */
const mostSteps = 1e8

/**
 * Brings measurements at any times onto a regular grid: each goes into the step [start + k step, start + (k + 1) step)
 * that holds its time stamp, and the step becomes their mean, largest, ... value. Forecasts count steps, not hours, so
 * that a hole must be visible as one: `treatMissing` refuses or fills it.
 *
 * @param timesSeconds - finite, in any order
 * @param values - one for each time stamp; NaN for missing
 * @throws CloudschedError `invalid-input`; `invalid-option`, also for no step length where only one time is given
 *
 * @example
 * resampleMeasurements([0, 30, 61, 200], [1, 3, 5, 7], { stepSeconds: 60 }).series.values // 2, 5, NaN, 7
 */
export function resampleMeasurements(
  timesSeconds: ArrayLike<number>,
  values: ArrayLike<number>,
  options: ResampleOptions = {},
): ResampledSeries {
  const defaults: { readonly aggregate: Aggregate } = { aggregate: 'mean' }
  const { aggregate, id, ...read } = readOptions(entries, defaults, options)
  checkMeasurements(timesSeconds, values)
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => timesSeconds[a]! - timesSeconds[b]!)
  const first = timesSeconds[order[0]!]!
  const stepSeconds = read.stepSeconds ?? mostFrequentStep(order.map((i) => timesSeconds[i]!))
  const rounding = roundingOf(first, timesSeconds[order.at(-1)!]!, stepSeconds)
  const startSeconds = read.startSeconds ?? Math.floor(first / stepSeconds + rounding) * stepSeconds
  const stepOf = (i: number): number => Math.floor((timesSeconds[i]! - startSeconds) / stepSeconds + rounding)
  const stepCount = stepOf(order.at(-1)!) + 1
  if (stepCount > mostSteps || stepCount < 1) {
    const expected = `such that the time stamps span 1 to ${mostSteps} steps, not ${stepCount}`
    const finding = {
      path: 'options.stepSeconds',
      received: stepSeconds,
      expected,
      hint: 'Time stamps are in seconds.',
    }
    throw new CloudschedError('invalid-input', [finding])
  }

  const grid = new Float64Array(stepCount).fill(Number.NaN)
  const counts = new Int32Array(stepCount)
  let leftOut = 0
  for (const i of order) {
    const step = stepOf(i)
    const value = values[i]!
    if (step < 0 || Number.isNaN(value)) leftOut++
    else grid[step] = counts[step]!++ === 0 ? value : combine(aggregate, grid[step]!, value)
  }
  if (aggregate === 'mean') counts.forEach((count, step) => void (count > 1 && (grid[step]! /= count)))
  const merged = counts.filter((count) => count > 1).length
  const empty = counts.filter((count) => count === 0).length
  return {
    series: { ...(id !== undefined && { id }), values: grid, stepSeconds },
    startSeconds,
    measurements: values.length,
    outOfOrder: countOutOfOrder(timesSeconds),
    sameTime: order.filter((i, rank) => timesSeconds[i] === timesSeconds[order[rank - 1] ?? -1]).length,
    leftOut,
    merged,
    empty,
  }
}

/** Steps by which a time stamp may come too early by rounding alone: 0.6 / 0.2 is less than 3. */
function roundingOf(first: number, last: number, stepSeconds: number): number {
  return 1e-9 + (4 * Number.EPSILON * Math.max(Math.abs(first), Math.abs(last))) / stepSeconds
}

/**
 * The mode of the differences that are not 0, to the decimals that the time stamps can tell: 0.3 - 0.2 is less than 0.1. Of
 * two equally frequent ones the smaller.
 *
 * @param times - ascending
 */
function mostFrequentStep(times: readonly number[]): number {
  const counts = new Map<number, number>()
  const blur = 4 * Number.EPSILON * Math.max(1, Math.abs(times[0]!), Math.abs(times.at(-1)!))
  const decimals = Math.max(0, Math.floor(-Math.log10(blur)))
  for (let i = 1; i < times.length; i++) {
    const step = Number((times[i]! - times[i - 1]!).toFixed(decimals))
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
  if (most) return most[0]
  const expected = 'given for measurements of one time, which show no step'
  throw new CloudschedError('invalid-option', [{ path: 'options.stepSeconds', received: undefined, expected }])
}

/** For 'mean' the sum, which is divided at the end. */
function combine(aggregate: Aggregate, before: number, value: number): number {
  if (aggregate === 'max') return Math.max(before, value)
  if (aggregate === 'min') return Math.min(before, value)
  return aggregate === 'last' ? value : before + value
}

function countOutOfOrder(times: ArrayLike<number>): number {
  let latest = -Infinity
  let count = 0
  for (let i = 0; i < times.length; i++) {
    if (times[i]! < latest) count++
    else latest = times[i]!
  }
  return count
}

function checkMeasurements(times: ArrayLike<number>, values: ArrayLike<number>): void {
  const findings: Finding[] = []
  if (values.length === 0 || times.length !== values.length) {
    const expected = `a list of ${times.length} values, at least 1`
    findings.push({ path: 'values', received: `${values.length} values`, expected })
  }
  for (let i = 0; i < times.length && findings.length < 5; i++) {
    if (!Number.isFinite(times[i])) {
      findings.push({ path: `timesSeconds[${i}]`, received: times[i], expected: 'a finite number' })
    }
    if (typeof values[i] !== 'number' || Math.abs(values[i]!) === Infinity) {
      findings.push({
        path: `values[${i}]`,
        received: values[i],
        expected: 'a finite number, or NaN for a missing value',
      })
    }
  }
  throwFindings('invalid-input', findings)
}
