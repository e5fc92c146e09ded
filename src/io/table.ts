import { type Finding, throwFindings } from '../errors/cloudsched-error.ts'
import { broken, type Cell } from './cells.ts'
import { hasOpenQuote, type RowFormat, splitRows } from './split-rows.ts'
import { formatError, readText, type TextSource } from './text.ts'

/** Turns the text of one cell into its value; a text that breaks the rule becomes a finding. */
type Check = <V>(text: string, cell: Cell<V>, line: number, title: string) => V

/** How a field of a row is read. */
export interface Column<T> {
  /** The columns it comes from. */
  readonly titles: readonly string[]
  /** Ties it to the places of its columns. */
  readonly bind: (places: readonly number[], check: Check) => (cells: readonly string[], line: number) => T
}

/** How each field of a row `T` is read; a field that reads as undefined is left out. */
export type Layout<T> = { readonly [K in keyof T]: Column<T[K]> }

/** A field from one column. */
export function column<T>(title: string, cell: Cell<T>): Column<T> {
  return {
    titles: [title],
    bind:
      ([place], check) =>
      (cells, line) =>
        check(cells[place!]!, cell, line, title),
  }
}

/** A field that lists the values of several columns. */
export function columns<T>(titles: readonly string[], cell: Cell<T>): Column<readonly T[]> {
  return {
    titles,
    bind: (places, check) => (cells, line) => places.map((place, k) => check(cells[place]!, cell, line, titles[k]!)),
  }
}

/** A field that says on which line the row starts. */
export const lineNumber: Column<number> = { titles: [], bind: () => (_, line) => line }

/** What a table looks like. */
export interface TableFormat extends RowFormat {
  /** Titles of the columns, where no header line gives them. */
  readonly header?: readonly string[]
}

/** States the fields for the header that was found; what is wrong with the header goes to `findings`. */
type LayoutFor<T> = (header: readonly string[], findings: Finding[]) => Layout<T>

/**
 * Reads a delimited table: the one reader behind every format of rows. Columns that the layout does not name are not
 * read.
 *
 * @throws CloudschedError `format` with every finding at once: missing or repeated columns, rows of another length,
 * cells that break their rule, a quote that is never closed
 */
export function readTable<T extends object>(
  source: TextSource,
  layout: Layout<T> | LayoutFor<T>,
  format: TableFormat = {},
): T[] {
  const text = readText(source)
  if (text.trim() === '')
    throw formatError({ path: 'text', received: '', expected: 'a table', hint: 'The file is empty.' })
  const findings: Finding[] = []
  const rows: T[] = []
  let table = format.header ? openTable(layout, format.header, 1, findings) : null
  let last = { line: 1, width: 0 }
  splitRows(text, format, (cells, line) => {
    last = { line, width: cells.length }
    if (table === null)
      table = openTable(
        layout,
        cells.map((cell) => cell.trim()),
        line,
        findings,
      )
    else if (cells.length === table.width) rows.push(table.read(cells, line))
    else
      findings.push({
        path: `line ${line}`,
        received: `${cells.length} columns`,
        expected: `${table.width} columns wide`,
      })
  })
  if (format.delimiter !== 'blanks' && hasOpenQuote(text)) {
    findings.push({
      path: `line ${last.line}`,
      received: 'a quote that is never closed',
      expected: 'a row with pairs of quotes',
      hint: cutOff,
    })
  }
  throwFindings('format', hintAtCut(findings, last, table?.width ?? 0))
  return rows
}

const cutOff = 'Maybe the file was cut off here.'

/** A last row that is too short looks like a file that was cut off. */
function hintAtCut(
  findings: readonly Finding[],
  last: { readonly line: number; readonly width: number },
  width: number,
): readonly Finding[] {
  const final = findings.at(-1)
  return final?.path === `line ${last.line}` && last.width < width
    ? [...findings.slice(0, -1), { ...final, hint: cutOff }]
    : findings
}

interface Table<T> {
  readonly width: number
  read(cells: readonly string[], line: number): T
}

/** Finds the columns of the layout. Without them every row would be wrong, so a broken header throws here. */
function openTable<T extends object>(
  layout: Layout<T> | LayoutFor<T>,
  header: readonly string[],
  line: number,
  findings: Finding[],
): Table<T> {
  const fields = Object.entries<Column<unknown>>(typeof layout === 'function' ? layout(header, findings) : layout)
  const placeOf = (title: string): number => header.indexOf(title)
  for (const title of fields.flatMap(([, { titles }]) => titles)) {
    const path = `line ${line}`
    if (placeOf(title) < 0)
      findings.push({
        path,
        received: header.join(','),
        expected: `a header with the column ${title}`,
        ...hintFor(title, header),
      })
    else if (placeOf(title) < header.lastIndexOf(title))
      findings.push({ path, received: title, expected: 'a header without repeated columns' })
  }
  throwFindings('format', findings)

  const check: Check = (text, { parse, rule, hint }, at, title) => {
    const value = parse(text)
    if (value !== broken) return value
    findings.push({
      path: `line ${at}, column ${title}`,
      received: text,
      expected: rule,
      ...(hint === undefined ? {} : { hint }),
    })
    // The row is read to its end, so that every finding is told; the findings then keep it from being returned.
    return undefined as never
  }
  const readers = fields.map(([key, { titles, bind }]) => ({ key, read: bind(titles.map(placeOf), check) }))
  return {
    width: header.length,
    read(cells, at) {
      const row: Record<string, unknown> = {}
      for (const { key, read } of readers) {
        const value = read(cells, at)
        if (value !== undefined) row[key] = value
      }
      return row as T
    },
  }
}

function hintFor(title: string, header: readonly string[]): Pick<Finding, 'hint'> {
  const alike = header.find((other) => other.toLowerCase() === title.toLowerCase())
  if (alike !== undefined) return { hint: `Maybe ${alike} is meant: write ${title}.` }
  const mark = header.length === 1 ? /[,;\t|]/.exec(header[0]!) : null
  return mark ? { hint: `Maybe the columns are divided by ${JSON.stringify(mark[0])} here.` } : {}
}
