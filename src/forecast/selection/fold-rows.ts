import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, oneOf, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { defaultSeed, type Seed, substream } from '../../random/rng.ts'
import { runOptionEntries } from '../../run/run-options.ts'
import { shuffle } from '../regression/shuffle.ts'

/** The rows to learn from and those to judge by, of one fold, ascending; they never meet. */
export interface FoldRows {
  readonly training: Int32Array
  readonly validation: Int32Array
}

/** Options of `kFoldRows`. */
export interface KFoldOptions {
  /** Number of folds, >= 2. @defaultValue 5 */
  readonly folds?: number
  /** @defaultValue 'cloudsched' */
  readonly seed?: Seed
}

/** Options of `blockedFoldRows`. */
export interface BlockedFoldOptions {
  /** Number of folds, >= 2. @defaultValue 5 */
  readonly folds?: number
  /** Rows on either side of the validation block that nothing learns from, >= 0; lags plus horizon where rows are windows. @defaultValue 0 */
  readonly gapRows?: number
}

/** Options of `rollingFoldRows`. */
export interface RollingFoldOptions {
  /** Number of folds, >= 1. @defaultValue 5 */
  readonly folds?: number
  /** Rows of each validation block, >= 1. @defaultValue a (folds + 1)-th of all rows */
  readonly validationRows?: number
  /** Rows before the validation block that nothing learns from, >= 0. @defaultValue 0 */
  readonly gapRows?: number
  /** Whether training always begins with the first row, or its length stays that of the first fold. @defaultValue 'expanding' */
  readonly window?: 'expanding' | 'sliding'
}

const folds = integerIn(2, 1e6)
const gapRows = integerIn(0, Number.MAX_SAFE_INTEGER)
const kFoldEntries: OptionEntries = { folds, seed: runOptionEntries['seed']! }
const blockedEntries: OptionEntries = { folds, gapRows }
const rollingEntries: OptionEntries = {
  folds: integerIn(1, 1e6),
  validationRows: integerIn(1, Number.MAX_SAFE_INTEGER),
  gapRows,
  window: oneOf('expanding', 'sliding'),
}

/**
 * k-fold cross-validation (Stone 1974): the rows in random order, cut into folds whose sizes differ by at most one; each
 * is judged once by what was learnt from all others. For rows without an order: of a series' windows neighbours overlap,
 * and a random neighbour gives the answer away. Use `blockedFoldRows` or `rollingFoldRows` for those.
 *
 * @throws CloudschedError `invalid-option` for more folds than rows
 */
export function kFoldRows(rowCount: number, options: KFoldOptions = {}): FoldRows[] {
  const read = readOptions(kFoldEntries, { folds: 5, seed: defaultSeed as Seed }, options)
  checkFolds(rowCount, read.folds)
  const order = Int32Array.from({ length: rowCount }, (_, row) => row)
  shuffle(order, substream(read.seed ?? defaultSeed, 'k-fold'))
  return blocks(rowCount, read.folds).map(([start, end]) => ({
    training: joined(order.subarray(0, start), order.subarray(end)).sort(),
    validation: order.slice(start, end).sort(),
  }))
}

/**
 * Blocked k-fold cross-validation (Bergmeir, Benítez 2012): rows in the order of time, each fold one block of them. Training rows lie
 * before and after the block, at least `gapRows` away from it.
 *
 * @throws CloudschedError `invalid-option` for more folds than rows, or where the gaps leave nothing to learn from
 */
export function blockedFoldRows(rowCount: number, options: BlockedFoldOptions = {}): FoldRows[] {
  const read = readOptions(blockedEntries, { folds: 5, gapRows: 0 }, options)
  checkFolds(rowCount, read.folds)
  return blocks(rowCount, read.folds).map(([start, end]) => {
    const before = Math.max(0, start - read.gapRows)
    const after = Math.min(rowCount, end + read.gapRows)
    if (before === 0 && after === rowCount) throw nothingLeft(read.gapRows)
    return { training: joined(range(0, before), range(after, rowCount)), validation: range(start, end) }
  })
}

/**
 * Rolling-origin cross-validation (Tashman 2000): blocks of validation rows at the end, one after the other, each judged
 * by what was learnt from rows before it alone, as in use.
 *
 * @throws CloudschedError `invalid-option` where the blocks and the gap leave nothing to learn from
 */
export function rollingFoldRows(rowCount: number, options: RollingFoldOptions = {}): FoldRows[] {
  const defaults: { readonly folds: number; readonly gapRows: number; readonly window: 'expanding' | 'sliding' } = {
    folds: 5,
    gapRows: 0,
    window: 'expanding',
  }
  const read = readOptions(rollingEntries, defaults, options)
  const validationRows = read.validationRows ?? Math.floor(rowCount / (read.folds + 1))
  const firstTrainingRows = rowCount - read.folds * validationRows - read.gapRows
  if (validationRows < 1) checkFolds(rowCount, read.folds + 1)
  if (firstTrainingRows < 1) throw nothingLeft(read.gapRows)
  return Array.from({ length: read.folds }, (_, fold) => {
    const start = rowCount - (read.folds - fold) * validationRows
    const end = start - read.gapRows
    const first = read.window === 'sliding' ? end - firstTrainingRows : 0
    return { training: range(first, end), validation: range(start, start + validationRows) }
  })
}

/** Start and end of consecutive blocks whose sizes differ by at most one. */
function blocks(rowCount: number, count: number): [number, number][] {
  const edge = (block: number): number => Math.floor((block * rowCount) / count)
  return Array.from({ length: count }, (_, block) => [edge(block), edge(block + 1)])
}

function range(start: number, end: number): Int32Array {
  return Int32Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i)
}

function joined(first: Int32Array, second: Int32Array): Int32Array {
  const all = new Int32Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}

function checkFolds(rowCount: number, count: number): void {
  if (count <= rowCount) return
  const expected = `at most the number of rows (${rowCount})`
  throw new CloudschedError('invalid-option', [{ path: 'options.folds', received: count, expected }])
}

function nothingLeft(gap: number): CloudschedError {
  const expected = 'small enough to leave a row to learn from in each fold'
  const hint = 'Take fewer folds, smaller validation blocks, or a smaller gap.'
  return new CloudschedError('invalid-option', [{ path: 'options.gapRows', received: gap, expected, hint }])
}
