import { CloudschedError } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { isList } from '../model/columns.ts'
import type { EtcInput } from '../model/etc.ts'
import type { ProblemInput } from '../model/problem.ts'
import { formatError, readText, type TextSource } from './text.ts'

/** Where Infinity has a meaning. JSON has no Infinity and holds null there. */
const unlimitedFields: readonly string[] = ['deadlineSeconds', 'bandwidthMbps']

/**
 * Reads a problem from JSON: an object with `tasks`, `vms` and `etc` as `createProblem` takes them, which is where it
 * is checked. `null` in `etc`, `deadlineSeconds` and `bandwidthMbps` is Infinity.
 *
 * @throws CloudschedError `format` when the text is no JSON object
 * @example
 * const problem = createProblem(readProblemJson('{ "tasks": [{ "lengthMi": 90000 }], "vms": [{ "speedMips": 800 }] }'))
 */
export function readProblemJson(source: TextSource): ProblemInput {
  const text = readText(source)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    const received = error instanceof Error ? error.message : error
    throw formatError({
      path: 'text',
      received,
      expected: 'valid JSON',
      hint: 'Maybe the file is empty or was cut off.',
    })
  }
  if (!isRecord(value))
    throw formatError({ path: 'problem', received: value, expected: 'a JSON object with tasks and vms' })
  const restored = Object.entries(value).map(([key, part]) => [
    key,
    key === 'etc' ? restoreEtc(part) : restoreEntities(part),
  ])
  return Object.fromEntries(restored) as ProblemInput
}

function restoreEtc(etc: unknown): unknown {
  if (Array.isArray(etc)) return etc.map(restoreList)
  return isRecord(etc) ? { ...etc, values: restoreList(etc['values']) } : etc
}

function restoreEntities(entities: unknown): unknown {
  if (Array.isArray(entities)) return entities.map((entity) => (isRecord(entity) ? restoreFields(entity) : entity))
  return isRecord(entities) ? restoreFields(entities) : entities
}

/** Fields of one entity, or columns of all. */
function restoreFields(fields: Record<string, unknown>): Record<string, unknown> {
  const given = unlimitedFields.filter((key) => key in fields)
  if (given.length === 0) return fields
  return { ...fields, ...Object.fromEntries(given.map((key) => [key, restoreList(fields[key])])) }
}

function restoreList(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => one ?? Infinity)
  return value === null ? Infinity : value
}

/**
 * Writes a problem as JSON, a line per task, per VM and per row of the matrix, as `readProblemJson` reads it.
 *
 * @throws CloudschedError `invalid-input` for a number that is not finite where Infinity has no meaning
 */
export function writeProblemJson({ tasks, vms, etc }: ProblemInput): string {
  const parts = [
    ...(tasks ? [`"tasks": ${entitiesJson(tasks)}`] : []),
    ...(vms ? [`"vms": ${entitiesJson(vms)}`] : []),
    ...(etc ? [`"etc": ${etcJson(etc)}`] : []),
  ]
  return `{\n  ${parts.join(',\n  ')}\n}\n`
}

function entitiesJson(entities: object): string {
  if (Array.isArray(entities)) return listOf(entities.map((entity) => JSON.stringify(entity, plain)))
  return JSON.stringify(entities, plain)
}

function etcJson(etc: EtcInput): string {
  const row = (values: ArrayLike<number>): string => JSON.stringify(Array.from(values, orNull), plain)
  if ('vmCount' in etc) return `{ "vmCount": ${etc.vmCount}, "values": ${row(etc.values)} }`
  return listOf(etc.map(row))
}

function listOf(lines: readonly string[]): string {
  return lines.length === 0 ? '[]' : `[\n    ${lines.join(',\n    ')}\n  ]`
}

function orNull(value: number): number | null {
  return value === Infinity ? null : value
}

/** For `JSON.stringify`: typed arrays become lists, and no number is lost. */
function plain(key: string, value: unknown): unknown {
  const isUnlimited = unlimitedFields.includes(key)
  if (isUnlimited && value === Infinity) return null
  if (isList(value)) return Array.from(value as ArrayLike<number>, isUnlimited ? orNull : (one) => one)
  if (typeof value !== 'number' || Number.isFinite(value)) return value
  throw new CloudschedError('invalid-input', [{ path: key, received: value, expected: 'a finite number' }])
}
