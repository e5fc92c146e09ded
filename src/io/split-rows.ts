import { dsvFormat } from 'd3-dsv'

/** How the lines of a text become cells. */
export interface RowFormat {
  /** The character between cells; 'blanks' for any number of blanks. @defaultValue ',' */
  readonly delimiter?: string
  /** Start of the lines that are no rows, in a table of blanks; `onComment` gets them. */
  readonly comment?: string
  readonly onComment?: (line: string) => void
}

/** Calls `visit` with the cells of each row and the line that the row starts on. Blank lines are no rows. */
export function splitRows(
  text: string,
  format: RowFormat,
  visit: (cells: readonly string[], line: number) => void,
): void {
  const { delimiter = ',' } = format
  if (delimiter === 'blanks') splitByBlanks(text, format, visit)
  else splitByDelimiter(text, delimiter, visit)
}

function splitByBlanks(
  text: string,
  { comment, onComment }: RowFormat,
  visit: (cells: string[], line: number) => void,
): void {
  text.split(/\r\n|\n|\r/).forEach((raw, index) => {
    const content = raw.trim()
    if (comment !== undefined && content.startsWith(comment)) onComment?.(content)
    else if (content !== '') visit(content.split(/\s+/), index + 1)
  })
}

function splitByDelimiter(text: string, delimiter: string, visit: (cells: string[], line: number) => void): void {
  const isQuoted = text.includes('"')
  let line = 1
  dsvFormat(delimiter).parseRows(text, (cells) => {
    if (cells.length > 1 || cells[0]!.trim() !== '') visit(cells, line)
    line += isQuoted ? 1 + linesWithin(cells) : 1
    return null
  })
}

/** Line breaks inside quoted cells. */
function linesWithin(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0)
}

/** Whether a quote is opened that is never closed: the rest of the text is then one cell. */
export function hasOpenQuote(text: string): boolean {
  let quotes = 0
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++
  return quotes % 2 === 1
}
