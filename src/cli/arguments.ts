import { parseArgs, type ParseArgsConfig } from 'node:util'
import { CloudschedError } from '../errors/cloudsched-error.ts'
import type { SolveOptions } from '../model/solver.ts'
import { UsageError } from './io.ts'

type OptionConfigs = NonNullable<ParseArgsConfig['options']>
type Parsed<T extends OptionConfigs> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>

/**
 * Splits what was typed into files and options.
 *
 * @throws UsageError for an option that does not exist, or one without its value
 */
export function readArguments<T extends OptionConfigs>(argv: readonly string[], options: T): Parsed<T> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split('. ')[0]! : String(error), { cause: error })
  }
}

/** Options of every command that solves. */
export const solveArguments = {
  seed: { type: 'string' },
  'time-weight': { type: 'string' },
  'time-limit-ms': { type: 'string' },
  option: { type: 'string', multiple: true },
  format: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** What the shared options say, as a solver takes it. */
export function solveOptionsOf(values: {
  readonly seed?: string | undefined
  readonly 'time-weight'?: string | undefined
  readonly 'time-limit-ms'?: string | undefined
  readonly option?: readonly string[] | undefined
}): SolveOptions {
  const timeWeight = numberOf('--time-weight', values['time-weight'])
  const timeLimitMs = numberOf('--time-limit-ms', values['time-limit-ms'])
  return {
    ...keyValues('--option', values.option),
    ...(values.seed === undefined ? {} : { seed: values.seed }),
    ...(timeWeight === undefined ? {} : { timeWeight }),
    ...(timeLimitMs === undefined ? {} : { timeLimitMs }),
  }
}

/** A number that was typed. */
export function numberOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw invalid(name, text, 'a number')
  return value
}

/** A whole number of at least 1 that was typed. */
export function countOf(name: string, text: string | undefined): number | undefined {
  const value = numberOf(name, text)
  if (value !== undefined && !(Number.isInteger(value) && value >= 1)) throw invalid(name, text, 'a whole number >= 1')
  return value
}

/** One of the words that may be typed. */
export function wordOf<const W extends string>(
  name: string,
  text: string | undefined,
  words: readonly W[],
): W | undefined {
  if (text === undefined || words.includes(text as W)) return text as W | undefined
  throw invalid(name, text, `one of ${words.join(', ')}`)
}

/** Repeated `key=value`: the value is read as JSON where it is JSON, so that numbers and true are what they look like. */
export function keyValues(name: string, pairs: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw invalid(name, pair, 'key=value')
      return [pair.slice(0, at), jsonOrText(pair.slice(at + 1))]
    }),
  )
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function invalid(path: string, received: unknown, expected: string): CloudschedError {
  return new CloudschedError('invalid-option', [{ path, received, expected }])
}
