import type { FieldRule } from '../model/columns.ts'

/** What `parse` answers to a text that breaks the rule. */
export const broken: unique symbol = Symbol('broken')

/** How the text of one cell becomes a value. */
export interface Cell<T> {
  /** Ends the sentence "line 12, column x must be ...". */
  readonly rule: string
  readonly hint?: string
  readonly parse: (cell: string) => T | typeof broken
}

const decimal = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i

/** A finite number in decimal notation that passes `holds`. */
export function number(rule: string, holds: (value: number) => boolean, hint?: string): Cell<number> {
  return {
    rule,
    ...(hint === undefined ? {} : { hint }),
    parse(cell) {
      const value = decimal.test(cell) ? Number(cell) : Number.NaN
      return Number.isFinite(value) && holds(value) ? value : broken
    },
  }
}

export const anyNumber: Cell<number> = number('a finite number', () => true)
export const amount: Cell<number> = number('a finite number >= 0', (x) => x >= 0)
export const positive: Cell<number> = number('a finite number > 0', (x) => x > 0)
export const count: Cell<number> = number('a whole number >= 0', (x) => x >= 0 && Number.isInteger(x))
export const positiveCount: Cell<number> = number('a whole number >= 1', (x) => x >= 1 && Number.isInteger(x))

/** Text that is not empty. */
export const text: Cell<string> = { rule: 'not empty', parse: (cell) => (cell.trim() === '' ? broken : cell) }

/** A number by the rule of a field of the model. */
export function field({ rule, holds, hint }: FieldRule): Cell<number> {
  return number(rule, holds, hint)
}

/** One of the listed words. */
export function word<const T extends string>(...words: readonly T[]): Cell<T> {
  return { rule: `one of ${words.join(', ')}`, parse: (cell) => (words.includes(cell as T) ? (cell as T) : broken) }
}

/** A cell that may be empty: then `instead`. */
export function orEmpty<T, E>(cell: Cell<T>, instead: E): Cell<T | E> {
  return {
    ...cell,
    rule: `${cell.rule}, or empty`,
    parse: (content) => (content.trim() === '' ? instead : cell.parse(content)),
  }
}

/** A number that the format writes as -1 where it is unknown: then `null`. */
export function orMinusOne(cell: Cell<number>): Cell<number | null> {
  return {
    ...cell,
    rule: `${cell.rule}, or -1 for unknown`,
    parse: (content) => (Number(content) === -1 ? null : cell.parse(content)),
  }
}
