import { formatNumber } from './format-number.ts'

/** What may stand in a cell; `null` and `undefined` are shown as a dash. */
export type Cell = string | number | boolean | null | undefined

/** A column of a table over rows of type R. */
export interface Column<R> {
  readonly title: string
  readonly value: (row: R) => Cell
  /** Significant digits of its numbers. @defaultValue 4 */
  readonly digits?: number
}

/** A column as such, or the name of a field. */
export type ColumnOf<R> = Column<R> | (keyof R & string)

interface TextColumn {
  readonly title: string
  readonly cells: readonly string[]
  readonly isNumeric: boolean
}

const nothing = '–'

/**
 * Rows as a Markdown table: numbers to the right, in significant digits.
 *
 * @param columns - in their order; all fields of the first row where none are named
 * @example
 * markdownTable(rows, ['solver', { title: 'gap (%)', value: ({ gap }) => gap && gap * 100, digits: 3 }])
 */
export function markdownTable<R extends object>(
  rows: readonly R[],
  columns: readonly ColumnOf<R>[] = fieldsOf(rows),
): string {
  const texts = columns.map((column) => escaped(textColumn(rows, column)))
  const widths = texts.map((column) => Math.max(3, widthOf(column)))
  const rule = texts.map(({ isNumeric }, k) => (isNumeric ? `${'-'.repeat(widths[k]! - 1)}:` : '-'.repeat(widths[k]!)))
  const lines = [texts.map(({ title }) => title), ...rows.map((_, row) => texts.map(({ cells }) => cells[row]!))].map(
    (cells) => cells.map((cell, k) => padded(cell, widths[k]!, texts[k]!.isNumeric)),
  )
  return [lines[0]!, rule, ...lines.slice(1)].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Rows as a table for a terminal: columns two spaces apart, numbers in line with their points. */
export function consoleTable<R extends object>(
  rows: readonly R[],
  columns: readonly ColumnOf<R>[] = fieldsOf(rows),
): string {
  const texts = columns.map((column) => textColumn(rows, column))
  const widths = texts.map(widthOf)
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, k) => padded(cell, widths[k]!, texts[k]!.isNumeric))
      .join('  ')
      .trimEnd()
  return [
    line(texts.map(({ title }) => title)),
    line(widths.map((width) => '─'.repeat(width))),
    ...rows.map((_, row) => line(texts.map(({ cells }) => cells[row]!))),
  ].join('\n')
}

function fieldsOf<R extends object>(rows: readonly R[]): ColumnOf<R>[] {
  return Object.keys(rows[0] ?? {}) as (keyof R & string)[]
}

function textColumn<R extends object>(rows: readonly R[], column: ColumnOf<R>): TextColumn {
  const { title, value, digits } =
    typeof column === 'string' ? { title: column, value: (row: R) => row[column] as Cell, digits: undefined } : column
  const values = rows.map(value)
  const isNumeric =
    values.some((cell) => typeof cell === 'number') &&
    values.every((cell) => cell === null || cell === undefined || typeof cell === 'number')
  const cells = values.map((cell) =>
    cell === null || cell === undefined
      ? nothing
      : typeof cell === 'number'
        ? formatNumber(cell, digits)
        : String(cell),
  )
  return { title, cells: isNumeric ? pointsAligned(cells) : cells, isNumeric }
}

/** Pads the fractions to one width, so that right-aligned numbers have their points in line. */
function pointsAligned(cells: readonly string[]): string[] {
  const fractions = cells.map((cell) => (cell.includes('.') ? cell.length - cell.indexOf('.') : 0))
  const widest = Math.max(0, ...fractions)
  return cells.map((cell, k) => cell + ' '.repeat(widest - fractions[k]!))
}

/** Bars and line breaks would end a cell of a Markdown table. */
function escaped({ title, cells, isNumeric }: TextColumn): TextColumn {
  const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' ')
  return { title: escape(title), cells: cells.map(escape), isNumeric }
}

function widthOf({ title, cells }: TextColumn): number {
  return cells.reduce((most, cell) => Math.max(most, cell.length), title.length)
}

function padded(cell: string, width: number, isNumeric: boolean): string {
  return isNumeric ? cell.padStart(width) : cell.padEnd(width)
}
