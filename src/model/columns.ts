import type { Finding } from '../errors/cloudsched-error.ts'

/** The rule of one numeric field. */
export interface FieldRule {
  /** Ends the sentence "tasks[3].lengthMi must be ...". */
  readonly rule: string
  /** Whether a number, NaN included, keeps the rule. */
  readonly holds: (value: number) => boolean
  /** The value of an entity that does not give the field while another one does; `null`: then all must give it. */
  readonly absent: number | null
  readonly hint?: string
}

/** A finite number >= 0. */
export function isAmount(value: number): boolean {
  return value >= 0 && value < Infinity
}

/** A whole number >= 1. */
export function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1
}

/** How one kind of entity is read. */
export interface EntityRules<F extends string> {
  /** Start of every path. */
  readonly name: 'tasks' | 'vms'
  readonly fields: Readonly<Record<F, FieldRule>>
  /** Fields of an object that are allowed but read elsewhere. */
  readonly otherKeys: readonly string[]
  /** The field that no entity may lack. */
  readonly required: F | null
}

/** Entities as columns of numbers; a field that no entity gives has no column. */
export interface Columns<F extends string> {
  readonly count: number
  readonly ids: readonly string[] | null
  readonly values: Readonly<Partial<Record<F, Float64Array>>>
}

type Row = Readonly<Record<string, unknown>>

/** Brings a list of objects, or an object of columns, into columns; each broken rule becomes a finding. `null` for all else. */
export function readColumns<F extends string>(
  input: unknown,
  rules: EntityRules<F>,
  findings: Finding[],
): Columns<F> | null {
  if (Array.isArray(input)) return fromRows(input, rules, findings)
  if (isRow(input)) return fromColumns(input, rules, findings)
  findings.push({ path: rules.name, received: input, expected: 'a list of objects, or an object of columns' })
  return null
}

/** True for an array and for a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !isList(value)
}

function fromRows<F extends string>(
  list: readonly unknown[],
  { name, fields, otherKeys, required }: EntityRules<F>,
  findings: Finding[],
): Columns<F> {
  const rows = Array.from(list, (row) => (isRow(row) ? row : null))
  const known = new Set(['id', ...Object.keys(fields), ...otherKeys])
  const expected = `absent; known fields are ${[...known].join(', ')}`
  rows.forEach((row, i) => {
    if (row === null) {
      findings.push({ path: `${name}[${i}]`, received: list[i], expected: 'an object' })
      return
    }
    for (const key in row) {
      if (!known.has(key)) findings.push({ path: `${name}[${i}].${key}`, received: row[key], expected })
    }
  })

  const values: Partial<Record<F, Float64Array>> = {}
  for (const field of Object.keys(fields) as F[]) {
    const rule: FieldRule = fields[field]
    if (field !== required && !rows.some((row) => row?.[field] !== undefined)) continue
    const column = new Float64Array(rows.length)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] ?? null
      if (row === null) continue
      const value = row[field]
      if (typeof value === 'number' && rule.holds(value)) column[i] = value
      else if (value === undefined && rule.absent !== null) column[i] = rule.absent
      else findings.push(broken(`${name}[${i}].${field}`, value, rule))
    }
    values[field] = column
  }
  const hasIds = rows.some((row) => row?.['id'] !== undefined)
  const ids = hasIds ? rows.map((row, i) => (row?.['id'] === undefined ? String(i) : row['id'])) : null
  return { count: rows.length, ids: ids && checkIds(ids, (i) => `${name}[${i}].id`, findings), values }
}

function fromColumns<F extends string>(
  input: Row,
  { name, fields, required }: EntityRules<F>,
  findings: Finding[],
): Columns<F> {
  const given = Object.entries(input).filter(([, column]) => column !== undefined)
  const count = given.map(([, column]) => column).find(isList)?.length ?? 0
  const values: Partial<Record<F, Float64Array>> = {}
  let ids: readonly string[] | null = null
  for (const [key, column] of given) {
    const path = `${name}.${key}`
    if (key !== 'ids' && !Object.hasOwn(fields, key)) {
      const expected = `absent; known columns are ids, ${Object.keys(fields).join(', ')}`
      findings.push({ path, received: column, expected })
    } else if (!isList(column)) {
      findings.push({ path, received: column, expected: 'an array' })
    } else if (column.length !== count) {
      findings.push({ path, received: column.length, expected: `as long as the other columns (${count})` })
    } else if (key === 'ids') {
      ids = checkIds(Array.from(column), (i) => `${name}.ids[${i}]`, findings)
    } else {
      values[key as F] = checkColumn(column, path, fields[key as F], findings)
    }
  }
  if (required !== null && input[required] === undefined) {
    findings.push(broken(`${name}.${required}`, undefined, { ...fields[required], rule: 'a column of numbers' }))
  }
  return { count, ids, values }
}

function checkColumn(column: ArrayLike<unknown>, path: string, rule: FieldRule, findings: Finding[]): Float64Array {
  const values = new Float64Array(column.length)
  const { holds } = rule
  for (let i = 0; i < values.length; i++) {
    const value = column[i]
    if (typeof value === 'number' && holds(value)) values[i] = value
    else findings.push(broken(`${path}[${i}]`, value, rule))
  }
  return values
}

function broken(path: string, received: unknown, { rule, hint }: FieldRule): Finding {
  return { path, received, expected: rule, ...(hint === undefined ? {} : { hint }) }
}

/** Ids are strings, and no two are the same; where the input gives none, the index stands in. */
function checkIds(ids: readonly unknown[], path: (index: number) => string, findings: Finding[]): readonly string[] {
  const seen = new Map<unknown, number>()
  ids.forEach((id, index) => {
    const first = seen.get(id)
    if (typeof id !== 'string') findings.push({ path: path(index), received: id, expected: 'a string' })
    else if (first === undefined) seen.set(id, index)
    else findings.push({ path: path(index), received: id, expected: `unique, but ${path(first)} is the same` })
  })
  return ids as readonly string[]
}
