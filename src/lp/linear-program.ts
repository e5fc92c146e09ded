/** A column of a programme, at least 0. */
export interface LpColumn {
  /** Its coefficient in the objective, which is minimised. */
  readonly cost: number
  /** Infinity where there is none; a whole column is 0 or 1. */
  readonly upper: number
  readonly isBinary: boolean
}

/** The sum of coefficient times column is at most, or exactly, the right side. */
export interface LpRow {
  readonly terms: readonly (readonly [column: number, coefficient: number])[]
  readonly relation: '<=' | '='
  readonly rightSide: number
}

/** A linear programme, mixed with columns that are 0 or 1. */
export interface LinearProgram {
  readonly columns: readonly LpColumn[]
  readonly rows: readonly LpRow[]
}

/** Name of a column in the text. */
export function columnName(column: number): string {
  return `x${column}`
}

/**
 * Writes a programme in CPLEX LP format. Every number is the shortest text that reads back as the same double; columns
 * are listed in order in the objective, those that cost nothing too.
 */
export function writeLp({ columns, rows }: LinearProgram): string {
  const lines = ['Minimize', ' objective:']
  columns.forEach(({ cost }, column) => lines.push(term(column, cost)))
  lines.push('Subject To')
  rows.forEach(({ terms, relation, rightSide }, row) => {
    lines.push(` r${row}:`)
    for (const [column, coefficient] of terms) lines.push(term(column, coefficient))
    lines.push(` ${relation} ${rightSide}`)
  })
  lines.push('Bounds')
  columns.forEach(({ isBinary, upper }, column) => {
    if (!isBinary && upper < Infinity) lines.push(` 0 <= ${columnName(column)} <= ${upper}`)
  })
  lines.push('Binary')
  columns.forEach(({ isBinary }, column) => {
    if (isBinary) lines.push(` ${columnName(column)}`)
  })
  lines.push('End', '')
  return lines.join('\n')
}

function term(column: number, coefficient: number): string {
  return ` ${coefficient < 0 ? '-' : '+'} ${Math.abs(coefficient)} ${columnName(column)}`
}
