import { csvFormatRow } from 'd3-dsv'
import { CloudschedError, type Finding } from '../errors/cloudsched-error.ts'
import type { FieldRule } from '../model/columns.ts'
import { type TaskInput, taskFields } from '../model/task.ts'
import { type VmInput, vmFields } from '../model/vm.ts'
import { amount, type Cell, field, orEmpty, text } from './cells.ts'
import { type Column, column, type Layout, readTable } from './table.ts'
import type { TextSource } from './text.ts'

/** How tasks, or VMs, stand in a table: a column per field, one per resource and one per label. */
interface EntityTable {
  readonly fields: Readonly<Record<string, FieldRule>>
  /** The column that must be there. */
  readonly required: string
  /** Record of amounts: column `demand.cpu` for resource `cpu`. */
  readonly amounts: string
  /** Record of labels: column `labels.zone` for label `zone`. */
  readonly labels: string
  /** What a label cell may hold. */
  readonly labelCell: Cell<unknown>
}

/** A label cell of a task may list the values it allows, with `|` between them. */
const allowedValues: Cell<string | readonly string[]> = {
  rule: 'a label value, or several with | between them',
  parse: (cell) => (cell.includes('|') ? cell.split('|') : cell),
}

const taskTable: EntityTable = {
  fields: taskFields,
  required: 'lengthMi',
  amounts: 'demand',
  labels: 'requiredLabels',
  labelCell: allowedValues,
}
const vmTable: EntityTable = {
  fields: vmFields,
  required: 'speedMips',
  amounts: 'capacity',
  labels: 'labels',
  labelCell: text,
}

/**
 * Reads tasks from CSV. Columns are named as the fields of `TaskInput`: `lengthMi` (must be there), `id`, `cores`,
 * `arrivalSeconds`, `deadlineSeconds`, `inputMegabytes`, `outputMegabytes`, `demand.<resource>` and
 * `requiredLabels.<label>` (several values with `|` between them). An empty cell is a field not given.
 *
 * @throws CloudschedError `format` with every finding at once, unknown columns included
 * @example
 * const tasks = readTasksCsv('id,lengthMi,demand.cpu\nrender,90000,2\nmail,60000,\n')
 */
export function readTasksCsv(source: TextSource): TaskInput[] {
  return readEntities(source, taskTable) as TaskInput[]
}

/**
 * Reads VMs from CSV. Columns are named as the fields of `VmInput`: `speedMips` (must be there), `id`,
 * `pricePerSecond`, `cores`, `bandwidthMbps`, `capacity.<resource>` and `labels.<label>`. An empty cell is a field not
 * given.
 *
 * @throws CloudschedError `format` with every finding at once, unknown columns included
 * @example
 * const vms = readVmsCsv('id,speedMips,pricePerSecond,labels.zone\nsmall,400,0.007,a\nlarge,800,0.02,b\n')
 */
export function readVmsCsv(source: TextSource): VmInput[] {
  return readEntities(source, vmTable) as VmInput[]
}

/**
 * Writes tasks as `readTasksCsv` reads them. Fields that no task gives have no column.
 *
 * @throws CloudschedError `invalid-input` for what no cell can hold: an empty text, `|` in a label value; and for a task
 * without lengthMi, as a problem with an ETC matrix has them: JSON can hold it
 */
export function writeTasksCsv(tasks: readonly TaskInput[]): string {
  return writeEntities(tasks, taskTable)
}

/**
 * Writes VMs as `readVmsCsv` reads them. Fields that no VM gives have no column.
 *
 * @throws CloudschedError `invalid-input` for an empty text, and for a VM without speedMips
 */
export function writeVmsCsv(vms: readonly VmInput[]): string {
  return writeEntities(vms, vmTable)
}

type Entity = Record<string, unknown>

function readEntities(source: TextSource, table: EntityTable): Entity[] {
  return readTable<Entity>(source, (header, findings) => entityLayout(header, table, findings))
}

/** An empty cell is a field not given, unless all must give it. */
function entityLayout(
  header: readonly string[],
  { fields, required, amounts, labels, labelCell }: EntityTable,
  findings: Finding[],
): Layout<Entity> {
  const layout: Record<string, Column<unknown>> = {}
  const groups = new Map<string, string[]>([
    [amounts, []],
    [labels, []],
  ])
  for (const title of header) {
    const group = groups.get(title.slice(0, Math.max(0, title.indexOf('.'))))
    const rule = Object.hasOwn(fields, title) ? fields[title]! : null
    if (group) group.push(title)
    else if (title === 'id') layout['id'] = column('id', orEmpty(text, undefined))
    else if (rule) layout[title] = column(title, rule.absent === null ? field(rule) : orEmpty(field(rule), undefined))
    else {
      findings.push({
        path: 'line 1',
        received: title,
        expected: `a header of the columns id, ${Object.keys(fields).join(', ')}, ${amounts}.<resource>, ${labels}.<label>`,
      })
    }
  }
  layout[required] ??= column(required, field(fields[required]!))
  for (const [group, titles] of groups) {
    const cell = group === amounts ? amount : labelCell
    if (titles.length > 0) layout[group] = record(titles, orEmpty<unknown, undefined>(cell, undefined))
  }
  return layout
}

/** A record from columns such as `demand.cpu` and `demand.memoryMib`; undefined where all cells are empty. */
function record(titles: readonly string[], cell: Cell<unknown>): Column<Entity | undefined> {
  const names = titles.map((title) => title.slice(title.indexOf('.') + 1))
  return {
    titles,
    bind: (places, check) => (cells, line) => {
      let result: Entity | undefined
      for (let k = 0; k < places.length; k++) {
        const value = check(cells[places[k]!]!, cell, line, titles[k]!)
        if (value !== undefined) (result ??= {})[names[k]!] = value
      }
      return result
    },
  }
}

function writeEntities(entities: readonly object[], table: EntityTable): string {
  const { fields, required, amounts, labels } = table
  const rows = entities as readonly Entity[]
  const lacking = rows.findIndex((row) => row[required] === undefined)
  if (lacking >= 0) {
    throw new CloudschedError('invalid-input', [
      {
        path: `row ${lacking + 1}, column ${required}`,
        received: undefined,
        expected: 'a number',
        hint: 'Write a problem with an ETC matrix as JSON.',
      },
    ])
  }
  const single = ['id', ...Object.keys(fields)].filter(
    (key) => key === required || rows.some((row) => row[key] !== undefined),
  )
  const cells = [
    ...single.map((key) => ({ title: key, get: (row: Entity) => row[key] })),
    ...[amounts, labels].flatMap((group) =>
      namesIn(rows, group).map((name) => ({
        title: `${group}.${name}`,
        get: (row: Entity) => (row[group] as Entity | undefined)?.[name],
      })),
    ),
  ]
  const lines = rows.map((row, index) => csvFormatRow(cells.map(({ title, get }) => cellText(get(row), title, index))))
  return [csvFormatRow(cells.map(({ title }) => title)), ...lines, ''].join('\n')
}

/** The names that occur in one record of any row, in order of their first use. */
function namesIn(rows: readonly Entity[], group: string): string[] {
  const names = new Set<string>()
  for (const row of rows) for (const name in row[group] as Entity | undefined) names.add(name)
  return [...names]
}

/** Infinity is what an empty cell means in the fields that allow it. */
function cellText(value: unknown, title: string, index: number): string {
  if (value === undefined || value === Infinity) return ''
  if (typeof value === 'number') return String(value)
  const values = (Array.isArray(value) ? value : [value]) as readonly string[]
  const mayList = title.startsWith(`${taskTable.labels}.`)
  if (values.length === 0 || values.some((one) => one.trim() === '' || (mayList && one.includes('|')))) {
    throw new CloudschedError('invalid-input', [
      {
        path: `row ${index + 1}, column ${title}`,
        received: value,
        expected: `a value that a cell can hold: not empty${mayList ? ', and without |' : ''}`,
        hint: 'Write the problem as JSON.',
      },
    ])
  }
  return values.join('|')
}
