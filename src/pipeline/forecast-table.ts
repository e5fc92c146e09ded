import type { Finding } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import type { ForecastValue, PipelineForecast } from './pipeline-task.ts'

/** Writes expected values into columns, clamping what lies outside its range or saying that it does. */
export interface ForecastReader {
  readonly steps: number
  readonly outOfRange: 'clamp' | 'error'
  readonly findings: Finding[]
  clamped: number
}

/**
 * Number of steps of all paths of a forecast: 1 where it has none. Findings are paths of different lengths, and entries
 * that are no objects.
 */
export function horizonOf({ tasks = {}, pools = {} }: PipelineForecast, findings: Finding[]): number {
  let steps = 0
  const read = (entry: object, path: string, field: 'demand' | 'capacity'): void => {
    if (!isRecord(entry)) {
      findings.push({ path, received: entry, expected: 'an object of expected values' })
      return
    }
    const values = entry[field] ?? {}
    if (!isRecord(values)) {
      findings.push({
        path: `${path}.${field}`,
        received: values,
        expected: 'an object of numbers or lists of numbers',
      })
      return
    }
    for (const [resource, value] of Object.entries(values)) {
      if (typeof value === 'number') continue
      const length = lengthOf(value)
      if (steps === 0) steps = length
      if (length > 0 && length === steps) continue
      const expected =
        steps > 0 ? `a number, or ${steps} numbers as the paths before it` : 'a number or a list of numbers'
      findings.push({ path: `${path}.${field}.${resource}`, received: value, expected })
    }
  }
  for (const [id, task] of Object.entries(tasks)) read(task, `forecast.tasks['${id}']`, 'demand')
  for (const [id, pool] of Object.entries(pools)) read(pool, `forecast.pools['${id}']`, 'capacity')
  return Math.max(steps, 1)
}

function lengthOf(value: unknown): number {
  const length = typeof value === 'object' && value !== null ? (value as { length?: unknown }).length : 0
  return Number.isInteger(length) ? (length as number) : 0
}

/** Writes a path of all steps from `offset` on: the value for each, or the present one where nothing is expected. */
export function writePath(
  reader: ForecastReader,
  target: Float64Array,
  offset: number,
  value: ForecastValue | undefined,
  present: number,
  most: number,
  path: () => string,
): void {
  if (value === undefined || typeof value === 'number') {
    target.fill(value === undefined ? present : inRange(reader, value, most, path), offset, offset + reader.steps)
    return
  }
  for (let step = 0; step < reader.steps; step++) {
    target[offset + step] = inRange(reader, value[step]!, most, () => `${path()}[${step}]`)
  }
}

/** A forecast value in [0, most]. */
export function inRange(reader: ForecastReader, value: number, most: number, path: () => string): number {
  if (value >= 0 && value <= most && value < Infinity) return value
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    reader.findings.push({ path: path(), received: value, expected: 'a finite number' })
    return 0
  }
  if (reader.outOfRange === 'error') {
    const expected = most === Infinity ? 'a number >= 0' : `a number in [0, ${most}]`
    reader.findings.push({
      path: path(),
      received: value,
      expected,
      hint: "outOfRange: 'clamp' would clamp and count it.",
    })
  } else {
    reader.clamped++
  }
  return value < 0 ? 0 : most
}
