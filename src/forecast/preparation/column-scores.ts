import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { integerIn, numberIn, type OptionEntries, readOptions } from '../../errors/read-options.ts'
import { ln } from '../../random/portable-math.ts'
import { binSamples } from '../regression/bins.ts'
import { columnOf, pickColumns, type Samples } from '../regression/samples.ts'

/** How much one column of the inputs tells about the target. */
export interface ColumnScore {
  readonly column: number
  readonly name: string
  /** The larger, the more; its unit is that of the measure. */
  readonly score: number
}

/**
 * The absolute correlation of each column with the target (Pearson), in [0, 1], best first: what a straight line can
 * use. 0 for a constant column or target.
 *
 * @example
 * correlationScores(samples)[0].name
 */
export function correlationScores(samples: Samples): ColumnScore[] {
  return ranked(samples, (column) => Math.abs(correlation(columnOf(samples, column), samples.targets)))
}

/** Options of `mutualInformationScores`. */
export interface MutualInformationOptions {
  /** Ranges that columns and target are cut into at most, in [2, 64]; rows should be many times its square. @defaultValue 8 */
  readonly bins?: number
}

const informationEntries: OptionEntries = { bins: integerIn(2, 64) }

/**
 * The mutual information of each column and the target in nats, best first: also what is not a straight line. From
 * counts in ranges of about equally many rows, less the bias of counting (Miller 1955), never below 0.
 *
 * @throws CloudschedError `invalid-option`
 */
export function mutualInformationScores(samples: Samples, options: MutualInformationOptions = {}): ColumnScore[] {
  const { bins } = readOptions(informationEntries, { bins: 8 }, options)
  const { rowCount, targets } = samples
  const { codes } = binSamples(samples, bins)
  const target = binSamples({ inputs: targets, targets, rowCount, columnCount: 1, names: ['target'] }, bins).codes
  return ranked(samples, (column) => {
    const own = codes.subarray(column * rowCount, (column + 1) * rowCount)
    const both = Uint16Array.from(own, (code, row) => code * bins + target[row]!)
    return Math.max(0, entropy(own, bins) + entropy(target, bins) - entropy(both, bins * bins))
  })
}

/** Options of `selectColumns`. */
export interface SelectColumnsOptions {
  /** Columns to keep at most, >= 1. @defaultValue all */
  readonly count?: number
  /** Least score of a column that is kept. @defaultValue none */
  readonly leastScore?: number
}

/** Samples of fewer columns, and which went. */
export interface SelectedColumns {
  /** The kept columns in their old order. */
  readonly samples: Samples
  /** Best first. */
  readonly kept: readonly ColumnScore[]
  readonly dropped: readonly ColumnScore[]
}

const selectEntries: OptionEntries = { count: integerIn(1), leastScore: numberIn(-Infinity) }

/**
 * Keeps the columns with the best scores. Choose them on training rows alone, then cut other rows with
 * `pickColumns(other, columns)`.
 *
 * @throws CloudschedError `invalid-option` when no column is left
 */
export function selectColumns(
  samples: Samples,
  scores: readonly ColumnScore[],
  options: SelectColumnsOptions = {},
): SelectedColumns {
  const { count = Infinity, leastScore = -Infinity } = readOptions(selectEntries, {}, options)
  const kept = byScore(scores).filter(({ score }, rank) => rank < count && score >= leastScore)
  if (kept.length === 0) {
    const expected = `at most the best score (${Math.max(...scores.map(({ score }) => score))})`
    throw new CloudschedError('invalid-option', [{ path: 'options.leastScore', received: leastScore, expected }])
  }
  const dropped = byScore(scores).filter((one) => !kept.includes(one))
  const columns = kept.map(({ column }) => column).sort((a, b) => a - b)
  return { samples: pickColumns(samples, columns), kept, dropped }
}

/** Scores all columns, best first; equal ones in their own order. */
export function ranked({ names }: Samples, scoreOf: (column: number) => number): ColumnScore[] {
  return byScore(names.map((name, column) => ({ column, name, score: scoreOf(column) })))
}

function byScore(scores: readonly ColumnScore[]): ColumnScore[] {
  return scores.toSorted((a, b) => b.score - a.score || a.column - b.column)
}

function correlation(a: Float64Array, b: Float64Array): number {
  const meanA = a.reduce((sum, x) => sum + x, 0) / a.length
  const meanB = b.reduce((sum, x) => sum + x, 0) / b.length
  let [products, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - meanA
    const y = b[i]! - meanB
    products += x * y
    squaresA += x * x
    squaresB += y * y
  }
  const size = Math.sqrt(squaresA) * Math.sqrt(squaresB)
  return size === 0 ? 0 : Math.min(1, Math.max(-1, products / size))
}

/** Entropy of the codes in nats, with the correction (cells in use - 1) / (2 rows). */
function entropy(codes: Uint8Array | Uint16Array, codeCount: number): number {
  const counts = new Int32Array(codeCount)
  for (const code of codes) counts[code]!++
  let sum = 0
  let used = 0
  for (const count of counts) {
    if (count === 0) continue
    used++
    sum -= (count / codes.length) * ln(count / codes.length)
  }
  return sum + (used - 1) / (2 * codes.length)
}
