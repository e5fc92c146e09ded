import { type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'

/** More broken values of one series than this are not listed: they have one cause. */
const listedValues = 5

/**
 * Checks time series that are used together: at least one value each, numbers only (NaN marks a missing one, infinite
 * values are refused), features as long as the values, one step length and one set of feature names for all, ids
 * named once.
 *
 * @param path - how the list is called in the messages
 * @throws CloudschedError `invalid-input` with every finding at once
 * @example
 * checkSeries([{ values: [3, 4, NaN, 5], stepSeconds: 300 }])
 */
export function checkSeries(series: readonly TimeSeries[], path: string = 'series'): void {
  const findings: Finding[] = []
  if (!Array.isArray(series) || series.length === 0)
    throwFindings('invalid-input', [
      {
        path,
        received: Array.isArray(series) ? 'an empty list' : series,
        expected: 'a list of at least one time series',
        hint: 'A single series goes in as [series].',
      },
    ])
  series.forEach((one, index) => findings.push(...findingsOf(one, `${path}[${index}]`)))
  if (findings.length === 0) findings.push(...findingsBetween(series, path))
  throwFindings('invalid-input', findings)
}

/** Names of the features of a series, in one order whatever the order they were given in. */
export function featureNames(series: TimeSeries): readonly string[] {
  return Object.keys(series.features ?? {}).sort()
}

/** How a series is called in a message or in a table: its id, or its place in the list. */
export function seriesName(series: TimeSeries, index: number): string {
  return series.id ?? `series ${index}`
}

function findingsOf(series: TimeSeries, path: string): Finding[] {
  if (typeof series !== 'object' || series === null || !isList(series.values))
    return [{ path, received: series, expected: 'a time series { values, stepSeconds }' }]
  const findings = [...valueFindings(series.values, `${path}.values`)]
  if (series.values.length === 0)
    findings.push({ path: `${path}.values`, received: 'no value', expected: 'a list of at least one value' })
  if (!(typeof series.stepSeconds === 'number' && series.stepSeconds > 0 && series.stepSeconds < Infinity))
    findings.push({ path: `${path}.stepSeconds`, received: series.stepSeconds, expected: 'a finite number > 0' })
  for (const name of featureNames(series)) {
    const values = series.features![name]!
    if (values.length !== series.values.length)
      findings.push({
        path: `${path}.features.${name}`,
        received: `${values.length} values`,
        expected: `a list of ${series.values.length} values, as many as the target has`,
      })
    findings.push(...valueFindings(values, `${path}.features.${name}`))
  }
  return findings
}

function isList(values: unknown): values is ArrayLike<number> {
  return Array.isArray(values) || ArrayBuffer.isView(values)
}

function valueFindings(values: ArrayLike<number>, path: string): Finding[] {
  const findings: Finding[] = []
  for (let i = 0; i < values.length && findings.length < listedValues; i++) {
    const value: unknown = values[i]
    if (typeof value === 'number' && Math.abs(value) !== Infinity) continue
    findings.push({
      path: `${path}[${i}]`,
      received: value,
      expected: 'a finite number, or NaN for a missing value',
    })
  }
  return findings
}

/** What must be the same in all series of one list. */
function findingsBetween(series: readonly TimeSeries[], path: string): Finding[] {
  const [first, ...others] = series
  const findings: Finding[] = []
  const names = featureNames(first!)
  const ids = new Set(first!.id === undefined ? [] : [first!.id])
  others.forEach((other, k) => {
    const at = `${path}[${k + 1}]`
    if (other.stepSeconds !== first!.stepSeconds)
      findings.push({
        path: `${at}.stepSeconds`,
        received: other.stepSeconds,
        expected: `${first!.stepSeconds}, the step of ${path}[0]`,
        hint: 'Series of different steps cannot share a model: bring them to one grid first.',
      })
    const otherNames = featureNames(other)
    if (otherNames.join() !== names.join())
      findings.push({
        path: `${at}.features`,
        received: otherNames,
        expected: `the features of ${path}[0]: ${names.join(', ') || 'none'}`,
      })
    if (other.id !== undefined && ids.has(other.id))
      findings.push({ path: `${at}.id`, received: other.id, expected: 'named only once' })
    if (other.id !== undefined) ids.add(other.id)
  })
  return findings
}
