import * as v from 'valibot'
import { CloudschedError, type Finding, throwFindings } from './cloudsched-error.ts'

/** A schema per option name; an option that has none here does not exist. */
export type OptionEntries = Record<string, v.GenericSchema>

/** An option that must be a finite number in [low, high]. */
export function numberIn(low: number, high: number = Infinity): v.GenericSchema<number> {
  const rule = high === Infinity ? `a finite number >= ${low}` : `a number in [${low}, ${high}]`
  return v.custom<number>((x) => typeof x === 'number' && Number.isFinite(x) && x >= low && x <= high, rule)
}

/** An option that must be a finite number in (low, high]. */
export function numberAbove(low: number, high: number = Infinity): v.GenericSchema<number> {
  const rule = high === Infinity ? `a finite number > ${low}` : `a number in (${low}, ${high}]`
  return v.custom<number>((x) => typeof x === 'number' && Number.isFinite(x) && x > low && x <= high, rule)
}

/** An option that must be a whole number in [low, high]; Infinity is allowed where `high` is Infinity. */
export function integerIn(low: number, high: number = Infinity): v.GenericSchema<number> {
  const rule = high === Infinity ? `a whole number >= ${low}` : `a whole number in [${low}, ${high}]`
  return v.custom<number>(
    (x) => (Number.isInteger(x) || x === Infinity) && (x as number) >= low && (x as number) <= high,
    rule,
  )
}

/** An option that must be one of the listed words. */
export function oneOf<const T extends string>(...words: readonly T[]): v.GenericSchema<T> {
  return v.custom<T>((x) => words.includes(x as T), `one of ${words.map((word) => `'${word}'`).join(', ')}`)
}

export const trueOrFalse: v.GenericSchema<boolean> = v.custom<boolean>((x) => typeof x === 'boolean', 'true or false')

/** An option that must be a function. */
export function functionLike<T>(): v.GenericSchema<T> {
  return v.custom<T>((x) => typeof x === 'function', 'a function')
}

/** An option that passes `accepts`; `rule` ends the sentence "options.x must be ...". */
export function satisfying<T>(accepts: (value: unknown) => boolean, rule: string): v.GenericSchema<T> {
  return v.custom<T>(accepts, rule)
}

/**
 * Checks options against their schemas and fills in the defaults: the only place where the two meet.
 * A key given as `undefined` counts as not given.
 *
 * @throws CloudschedError `invalid-option` with every finding at once, unknown keys included.
 */
export function readOptions<D extends object, O extends object>(
  entries: OptionEntries,
  defaults: D,
  options: O,
  path = 'options',
): D & Present<O> {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new CloudschedError('invalid-option', [{ path, received: options, expected: 'an object of options' }])
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const findings: Finding[] = []
  for (const [key, value] of Object.entries(given)) {
    const schema = Object.hasOwn(entries, key) ? entries[key] : undefined
    if (!schema) findings.push(unknownKey(path, key, Object.keys(entries)))
    else findings.push(...check(schema, value, `${path}.${key}`))
  }
  throwFindings('invalid-option', findings)
  return Object.freeze({ ...defaults, ...given }) as D & Present<O>
}

/** Options with the optional mark taken off the keys that carry a default. */
type Present<O> = { readonly [K in keyof O]: O[K] }

function check(schema: v.GenericSchema, value: unknown, path: string): Finding[] {
  const result = v.safeParse(schema, value)
  if (result.success) return []
  return result.issues.map((issue) => {
    const inner = v.getDotPath(issue)
    return { path: inner ? `${path}.${inner}` : path, received: issue.input, expected: issue.message }
  })
}

function unknownKey(path: string, key: string, known: readonly string[]): Finding {
  const near = known.find((name) => name.toLowerCase() === key.toLowerCase() || editDistanceIsOne(name, key))
  return {
    path: `${path}.${key}`,
    received: key,
    expected: `one of the known options: ${[...known].sort().join(', ')}`,
    hint: near ? `Maybe '${near}' was meant.` : 'Remove it, or correct its spelling.',
  }
}

/** True when one letter was left out, added, or mistaken. */
function editDistanceIsOne(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (long.length - short.length > 1) return false
  let i = 0
  while (i < short.length && short[i] === long[i]) i++
  const rest = long.slice(i + 1)
  return rest === short.slice(i) || rest === short.slice(i + 1)
}
