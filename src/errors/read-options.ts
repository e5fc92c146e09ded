import { CloudschedError, type Finding, throwFindings } from './cloudsched-error.ts'
import { isRecord } from './is-record.ts'

/** What an option must be; the type is that of the values it accepts. */
export interface OptionRule<T = unknown> {
  readonly accepts: (value: unknown) => boolean
  /** Ends the sentence "options.x must be ...". */
  readonly rule: string
  /** Never there: it carries the type alone. */
  readonly type?: T
}

/** A rule per option name; an option that has none here does not exist. */
export type OptionEntries = Record<string, OptionRule>

/** An option that must be a finite number in [low, high]. */
export function numberIn(low: number, high: number = Infinity): OptionRule<number> {
  const rule = high === Infinity ? `a finite number >= ${low}` : `a number in [${low}, ${high}]`
  return satisfying((x) => typeof x === 'number' && Number.isFinite(x) && x >= low && x <= high, rule)
}

/** An option that must be a finite number in (low, high]. */
export function numberAbove(low: number, high: number = Infinity): OptionRule<number> {
  const rule = high === Infinity ? `a finite number > ${low}` : `a number in (${low}, ${high}]`
  return satisfying((x) => typeof x === 'number' && Number.isFinite(x) && x > low && x <= high, rule)
}

/** An option that must be a whole number in [low, high]; Infinity is allowed where `high` is Infinity. */
export function integerIn(low: number, high: number = Infinity): OptionRule<number> {
  const rule = high === Infinity ? `a whole number >= ${low}` : `a whole number in [${low}, ${high}]`
  return satisfying(
    (x) => (Number.isInteger(x) || x === Infinity) && (x as number) >= low && (x as number) <= high,
    rule,
  )
}

/** An option that must be one of the listed words. */
export function oneOf<const T extends string>(...words: readonly T[]): OptionRule<T> {
  return satisfying((x) => words.includes(x as T), `one of ${words.map((word) => `'${word}'`).join(', ')}`)
}

export const trueOrFalse: OptionRule<boolean> = { accepts: (x) => typeof x === 'boolean', rule: 'true or false' }

/** An option that must be a function. */
export function functionLike<T>(): OptionRule<T> {
  return satisfying((x) => typeof x === 'function', 'a function')
}

/** An option that passes `accepts`; `rule` ends the sentence "options.x must be ...". */
export function satisfying<T>(accepts: (value: unknown) => boolean, rule: string): OptionRule<T> {
  return { accepts, rule }
}

/**
 * Checks options against their rules and fills in the defaults: the only place where the two meet.
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
  checkOptions(options, path)
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const findings: Finding[] = []
  for (const [key, value] of Object.entries(given)) {
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined
    if (!entry) findings.push(unknownKey(path, key, Object.keys(entries)))
    else if (!entry.accepts(value)) findings.push({ path: `${path}.${key}`, received: value, expected: entry.rule })
  }
  throwFindings('invalid-option', findings)
  return Object.freeze({ ...defaults, ...given }) as D & Present<O>
}

/**
 * Refuses what is no object of options: for those who look at an option before they read all.
 *
 * @throws CloudschedError `invalid-option`
 */
export function checkOptions(options: unknown, path = 'options'): void {
  if (isRecord(options)) return
  throw new CloudschedError('invalid-option', [{ path, received: options, expected: 'an object of options' }])
}

/**
 * Refuses options that lack one that has no default.
 *
 * @param read - what `readOptions` returned
 * @throws CloudschedError `invalid-option` with every finding at once
 */
export function requireOptions(entries: OptionEntries, read: object, keys: readonly string[], path = 'options'): void {
  const missing = keys.filter((key) => !Object.hasOwn(read, key))
  throwFindings(
    'invalid-option',
    missing.map((key) => ({ path: `${path}.${key}`, received: undefined, expected: entries[key]!.rule })),
  )
}

/** Options with the optional mark taken off the keys that carry a default. */
type Present<O> = { readonly [K in keyof O]: O[K] }

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
