import type { Finding } from '../errors/cloudsched-error.ts'
import { isRecord } from '../errors/is-record.ts'
import { largestAmount } from './amount.ts'

/** Keys that nobody reads are most often misspelt. */
export function checkKeys(
  record: Readonly<Record<string, unknown>>,
  known: readonly string[],
  path: string,
): Finding[] {
  return Object.keys(record)
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: `${path}.${key}`,
      received: record[key],
      expected: `absent; known fields are ${known.join(', ')}`,
    }))
}

/** An id is a string that is not empty, or not given. */
export function checkId(id: unknown, path: string): Finding[] {
  return id === undefined || (typeof id === 'string' && id !== '')
    ? []
    : [{ path, received: id, expected: 'a string that is not empty' }]
}

/** A record of amounts: finite, >= 0, and small enough to be exact in millionths. */
export function checkAmounts(record: unknown, path: string): Finding[] {
  if (!isRecord(record)) return [{ path, received: record, expected: 'an object of amounts' }]
  return Object.entries(record)
    .filter(([, amount]) => !(typeof amount === 'number' && amount >= 0 && amount <= largestAmount))
    .map(([resource, amount]) => ({
      path: `${path}.${resource}`,
      received: amount,
      expected: `a number in [0, ${Math.floor(largestAmount)}]`,
      ...(amount === Infinity || !(Number(amount) > largestAmount)
        ? {}
        : { hint: 'Maybe the unit is too small: state memory in MiB, for example.' }),
    }))
}

/** A record whose values keep a rule. */
export function checkLabels(
  record: unknown,
  path: string,
  rule: string,
  holds: (value: unknown) => boolean,
): Finding[] {
  if (!isRecord(record)) return [{ path, received: record, expected: 'an object of labels' }]
  return Object.entries(record)
    .filter(([, value]) => !holds(value))
    .map(([label, value]) => ({ path: `${path}.${label}`, received: value, expected: rule }))
}
