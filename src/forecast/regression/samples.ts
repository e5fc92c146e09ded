import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import { isList } from '../../model/columns.ts'

/** Rows of inputs with one target each: what a regression learns from. Made and checked by `createSamples`. */
export interface Samples {
  /** Row after row: rowCount * columnCount finite numbers. */
  readonly inputs: Float64Array
  /** One finite number for each row. */
  readonly targets: Float64Array
  readonly rowCount: number
  readonly columnCount: number
  /** What each column of the inputs means. */
  readonly names: readonly string[]
}

/** Findings of one input beyond which looking on tells nothing new. */
const enoughFindings = 100

/**
 * Checks rows and targets and lays them out for the regressions; the input is copied.
 *
 * @param rows - one list of inputs for each row, all of one length >= 1
 * @param targets - one number for each row
 * @param names - what each column means; `x0`, `x1`, ... where none are given
 * @throws CloudschedError `invalid-input` for no rows, ragged rows, and values that are not finite: fill or drop missing
 * ones first
 *
 * @example
 * const samples = createSamples([[1], [2], [3]], [2.1, 3.9, 6.2], ['requests'])
 */
export function createSamples(
  rows: readonly ArrayLike<number>[],
  targets: ArrayLike<number>,
  names?: readonly string[],
): Samples {
  if (!isList(rows) || rows.length === 0) throw invalid('rows', rows, 'a list of at least one row')
  if (!isList(targets) || targets.length !== rows.length) {
    throw invalid('targets', isList(targets) ? targets.length : targets, `as long as rows (${rows.length})`)
  }
  const columnCount = rows[0]!.length
  if (!(columnCount >= 1)) throw invalid('rows[0]', rows[0], 'a list of at least one number')
  if (names !== undefined && names.length !== columnCount) {
    throw invalid('names', names.length, `one for each of the ${columnCount} columns`)
  }
  const samples = {
    inputs: new Float64Array(rows.length * columnCount),
    targets: Float64Array.from(targets),
    rowCount: rows.length,
    columnCount,
    names: names ? [...names] : Array.from({ length: columnCount }, (_, column) => `x${column}`),
  }
  rows.forEach((row, i) => {
    if (row.length !== columnCount) throw invalid(`rows[${i}]`, row.length, `as long as rows[0] (${columnCount})`)
    samples.inputs.set(row, i * columnCount)
  })
  checkFinite(samples)
  return samples
}

/** The given rows of some samples, in the given order; a row may be taken more than once. */
export function pickRows(samples: Samples, rows: ArrayLike<number>): Samples {
  const { columnCount } = samples
  const inputs = new Float64Array(rows.length * columnCount)
  const targets = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    if (!(row >= 0 && row < samples.rowCount)) throw invalid(`rows[${i}]`, row, `a row in [0, ${samples.rowCount})`)
    inputs.set(samples.inputs.subarray(row * columnCount, (row + 1) * columnCount), i * columnCount)
    targets[i] = samples.targets[row]!
  }
  return { inputs, targets, rowCount: rows.length, columnCount, names: samples.names }
}

/** The given columns of some samples, in the given order. */
export function pickColumns(samples: Samples, columns: readonly number[]): Samples {
  columns.forEach((column, i) => {
    if (!(column >= 0 && column < samples.columnCount)) {
      throw invalid(`columns[${i}]`, column, `a column in [0, ${samples.columnCount})`)
    }
  })
  const inputs = new Float64Array(samples.rowCount * columns.length)
  for (let row = 0; row < samples.rowCount; row++) {
    for (let i = 0; i < columns.length; i++) {
      inputs[row * columns.length + i] = samples.inputs[row * samples.columnCount + columns[i]!]!
    }
  }
  const names = columns.map((column) => samples.names[column]!)
  return { inputs, targets: samples.targets, rowCount: samples.rowCount, columnCount: columns.length, names }
}

/** The inputs of one row, as a view. */
export function inputsOf(samples: Samples, row: number): Float64Array {
  return samples.inputs.subarray(row * samples.columnCount, (row + 1) * samples.columnCount)
}

/** The inputs of one column, as a copy. */
export function columnOf({ inputs, rowCount, columnCount }: Samples, column: number): Float64Array {
  return Float64Array.from({ length: rowCount }, (_, row) => inputs[row * columnCount + column]!)
}

function checkFinite({ inputs, targets, columnCount }: Samples): void {
  const findings: Finding[] = []
  const hint = 'Fill or drop missing values first.'
  const check = (value: number, path: () => string): void => {
    if (Number.isFinite(value) || findings.length >= enoughFindings) return
    findings.push({ path: path(), received: value, expected: 'a finite number', hint })
  }
  inputs.forEach((value, i) => check(value, () => `rows[${Math.floor(i / columnCount)}][${i % columnCount}]`))
  targets.forEach((value, i) => check(value, () => `targets[${i}]`))
  throwFindings('invalid-input', findings)
}

function invalid(path: string, received: unknown, expected: string): CloudschedError {
  return new CloudschedError('invalid-input', [{ path, received, expected }])
}
