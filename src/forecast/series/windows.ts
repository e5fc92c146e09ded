import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { StepRange } from './rows.ts'

/** What a window looks like. */
export interface WindowShape {
  /** Past steps that a forecast looks at, the present included, >= 1. */
  readonly contextSteps: number
  /** Steps ahead, >= 1. */
  readonly horizon: number
  /** Distance between two origins, >= 1. @defaultValue 1 */
  readonly stride?: number
}

/**
 * The origins of a rolling forecast: every step t whose targets t + 1 .. t + horizon all lie in the range, so that no
 * target straddles a boundary of a split, and whose context t - contextSteps + 1 .. t exists. The context may reach
 * back before the range: at that time it is known.
 *
 * @param firstInput - first step that a context may hold; the range's own start keeps inputs inside, too
 * @returns indices of the present, ascending
 * @throws CloudschedError `invalid-option` for a shape that is not of whole numbers >= 1
 * @example
 * forecastOrigins({ start: 90, end: 100 }, { contextSteps: 5, horizon: 4 }) // 89 .. 95
 */
export function forecastOrigins(range: StepRange, shape: WindowShape, firstInput: number = 0): Int32Array {
  const { contextSteps, horizon, stride = 1 } = shape
  checkShape({ contextSteps, horizon, stride })
  const first = Math.max(range.start - 1, firstInput + contextSteps - 1)
  const last = range.end - 1 - horizon
  return Int32Array.from({ length: Math.max(0, Math.floor((last - first) / stride) + 1) }, (_, k) => first + k * stride)
}

/** Windows as two dense matrices, a row per window. */
export interface Windows {
  readonly count: number
  /** The step of the present of each window. */
  readonly origins: Int32Array
  /** count x contextSteps, oldest value first. */
  readonly inputs: Float64Array
  /** count x horizon. */
  readonly targets: Float64Array
  /** Windows left out because they hold a missing value. */
  readonly skipped: number
}

/**
 * Cuts windows out of a series: the inputs and the targets of each origin of `forecastOrigins`. Windows with a missing
 * value are left out and counted.
 *
 * @param values - NaN marks a missing value
 * @example
 * windowsOf(Float64Array.of(1, 2, 3, 4), { start: 0, end: 4 }, { contextSteps: 2, horizon: 1 }).count // 2
 */
export function windowsOf(
  values: Float64Array,
  range: StepRange,
  shape: WindowShape,
  firstInput: number = range.start,
): Windows {
  const { contextSteps, horizon } = shape
  const all = forecastOrigins(range, shape, firstInput)
  const origins = all.filter((origin) => isKnown(values, origin - contextSteps + 1, origin + horizon + 1))
  const inputs = new Float64Array(origins.length * contextSteps)
  const targets = new Float64Array(origins.length * horizon)
  origins.forEach((origin, row) => {
    inputs.set(values.subarray(origin - contextSteps + 1, origin + 1), row * contextSteps)
    targets.set(values.subarray(origin + 1, origin + 1 + horizon), row * horizon)
  })
  return { count: origins.length, origins, inputs, targets, skipped: all.length - origins.length }
}

function checkShape(shape: Required<WindowShape>): void {
  for (const [name, value] of Object.entries(shape))
    if (!(Number.isInteger(value) && value >= 1))
      throw new CloudschedError('invalid-option', [
        { path: `shape.${name}`, received: value, expected: 'a whole number >= 1' },
      ])
}

function isKnown(values: Float64Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (Number.isNaN(values[i])) return false
  return true
}
