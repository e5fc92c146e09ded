import type { Finding } from '../errors/cloudsched-error.ts'

/** The rule of one numeric field. */
export interface FieldRule {
  /** Ends the sentence "tasks[3].lengthMi must be ...". */
  readonly rule: string
  /** Whether a finite number keeps the rule. */
  readonly holds: (value: number) => boolean
  /** The value of an entity that does not give the field while another one does; `null`: then all must give it. */
  readonly absent: number | null
  readonly hint?: string
}

/** Entities as columns of numbers; a field that no entity gives has no column. */
export interface Columns<F extends string> {
  readonly count: number
  readonly ids: readonly string[] | null
  readonly values: Readonly<Partial<Record<F, Float64Array>>>
}

type Rules<F extends string> = Readonly<Record<F, FieldRule>>
type Values<F extends string> = Columns<F>['values']
type Rows = readonly Readonly<Record<string, unknown>>[]

/**
 * Brings a list of objects, or an object of columns, into columns; each broken rule becomes a finding.
 *
 * @param name - 'tasks' or 'vms', the start of every path
 * @param otherKeys - fields that are allowed in an object but are read elsewhere
 */
export function readColumns<F extends string>(
  input: unknown,
  name: string,
  rules: Rules<F>,
  otherKeys: readonly string[],
  findings: Finding[],
): Columns<F> {
  if (Array.isArray(input)) return fromRows(input as Rows, name, rules, otherKeys, findings)
  if (typeof input === 'object' && input !== null) return fromColumns(input as Record<string, unknown>, name, rules, findings)
  findings.push({ path: name, received: input, expected: 'a list of objects, or an object of columns' })
  return empty<F>(0)
}

function fromRows<F extends string>(rows: Rows, name: string, rules: Rules<F>, otherKeys: readonly string[], findings: Finding[]): Columns<F> {
  const fields = Object.keys(rules) as F[]
  const known = new Set<string>([...fields, ...otherKeys, 'id'])
  rows.forEach((row, index) => {
    if (typeof row !== 'object' || row === null) {
      findings.push({ path: `${name}[${index}]`, received: row, expected: 'an object' })
      return
    }
    for (const key in row) {
      if (!known.has(key)) findings.push({ path: `${name}[${index}].${key}`, received: row[key], expected: `absent; known fields are ${[...known].join(', ')}` })
    }
  })
  if (findings.length > 0) return empty<F>(rows.length)

  const values: Partial<Record<F, Float64Array>> = {}
  for (const field of fields) {
    const rule: FieldRule = rules[field]
    if (!rows.some((row) => row[field] !== undefined)) continue
    const column = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const value = rows[i]![field]
      if (value === undefined && rule.absent !== null) column[i] = rule.absent
      else if (isValid(value, rule.holds)) column[i] = value
      else findings.push(broken(`${name}[${i}].${field}`, value, rule))
    }
    values[field] = column
  }
  const ids = rows.some((row) => row['id'] !== undefined) ? rows.map((row, index) => row['id'] ?? String(index)) : null
  return { count: rows.length, ids: checkIds(ids, (index) => `${name}[${index}].id`, findings), values }
}

function fromColumns<F extends string>(input: Record<string, unknown>, name: string, rules: Rules<F>, findings: Finding[]): Columns<F> {
  const lengths = Object.values(input).flatMap((column) => (isColumn(column) ? [column.length] : []))
  const count = lengths[0] ?? 0
  const values: Partial<Record<F, Float64Array>> = {}
  let ids: readonly unknown[] | null = null
  for (const [key, column] of Object.entries(input)) {
    if (column === undefined) continue
    if (!isColumn(column)) findings.push({ path: `${name}.${key}`, received: column, expected: 'an array' })
    else if (column.length !== count) findings.push({ path: `${name}.${key}`, received: column.length, expected: `as long as the other columns (${count})` })
    else if (key === 'ids') ids = Array.from(column)
    else if (!Object.hasOwn(rules, key)) findings.push({ path: `${name}.${key}`, received: key, expected: `one of the columns ids, ${Object.keys(rules).join(', ')}` })
    else values[key as F] = checkColumn(column, `${name}.${key}`, rules[key as F], findings)
  }
  return { count, ids: checkIds(ids, (index) => `${name}.ids[${index}]`, findings), values }
}

function empty<F extends string>(count: number): Columns<F> {
  const values: Values<F> = {} as Values<F>
  return { count, ids: null, values }
}

function isColumn(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}

function checkColumn(column: ArrayLike<unknown>, path: string, rule: FieldRule, findings: Finding[]): Float64Array {
  const values = new Float64Array(column.length)
  const { holds } = rule
  for (let i = 0; i < values.length; i++) {
    const value = column[i]
    if (isValid(value, holds)) values[i] = value
    else findings.push(broken(`${path}[${i}]`, value, rule))
  }
  return values
}

function isValid(value: unknown, holds: (value: number) => boolean): value is number {
  return typeof value === 'number' && Number.isFinite(value) && holds(value)
}

function broken(path: string, received: unknown, { rule, hint }: FieldRule): Finding {
  return { path, received, expected: rule, ...(hint === undefined ? {} : { hint }) }
}

function checkIds(ids: readonly unknown[] | null, path: (index: number) => string, findings: Finding[]): readonly string[] | null {
  if (!ids) return null
  const seen = new Map<string, number>()
  ids.forEach((id, index) => {
    if (typeof id !== 'string') {
      findings.push({ path: path(index), received: id, expected: 'a string' })
      return
    }
    const first = seen.get(id)
    if (first !== undefined) findings.push({ path: path(index), received: id, expected: `unique, but ${path(first)} is the same` })
    else seen.set(id, index)
  })
  return ids as readonly string[]
}
