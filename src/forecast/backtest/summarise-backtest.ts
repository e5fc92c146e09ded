import type { BacktestRow } from './backtest-row.ts'

/** How one method did over all series. */
export interface BacktestSummary {
  readonly method: string
  /** Series with a defined path ratio. */
  readonly series: number
  /** Series left out because naive makes no error there, or no target is known. */
  readonly excluded: readonly string[]
  /** Geometric means of the error ratio to naive: the first step ahead, the last one, and the whole path; `null` when every series is left out. */
  readonly firstStep: number | null
  readonly lastStep: number | null
  readonly path: number | null
  /** The series with the largest path ratio. */
  readonly worst: { readonly series: string; readonly ratio: number } | null
  /** Mean weighted quantile loss over the series where it is defined. */
  readonly weightedQuantileLoss: number | null
}

/**
 * Sums up rows of one or more backtests per method, in the order in which methods appear: geometric means of the ratio to naive,
 * so that no series outweighs the others by its unit, and the worst case.
 *
 * @example
 * summariseBacktest([...first.rows, ...second.rows])
 */
export function summariseBacktest(rows: readonly BacktestRow[]): BacktestSummary[] {
  const methods = [...new Set(rows.map(({ method }) => method))]
  return methods.map((method) => {
    const own = rows.filter((row) => row.method === method)
    const defined = own.flatMap(({ series, pathRatio }) => (pathRatio === null ? [] : [{ series, ratio: pathRatio }]))
    const losses = own.flatMap(({ weightedQuantileLoss: loss }) => (loss === null ? [] : [loss]))
    return {
      method,
      series: defined.length,
      excluded: own.filter(({ pathRatio }) => pathRatio === null).map(({ series }) => series),
      firstStep: geometricMean(own.map(({ ratioByStep }) => ratioByStep[0]!)),
      lastStep: geometricMean(own.map(({ ratioByStep }) => ratioByStep.at(-1)!)),
      path: geometricMean(own.map(({ pathRatio }) => pathRatio)),
      worst: defined.reduce<BacktestSummary['worst']>(
        (most, one) => (most && most.ratio >= one.ratio ? most : one),
        null,
      ),
      weightedQuantileLoss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    }
  })
}

/** Of the values that are defined; `null` without any. */
export function geometricMean(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  if (defined.length === 0) return null
  return Math.exp(defined.reduce((sum, value) => sum + Math.log(value), 0) / defined.length)
}
