import type { TimeSeries } from '../../model/forecaster.ts'
import { pickRows, type Samples } from '../regression/samples.ts'
import { rowsOf } from '../series/rows.ts'
import {
  type BlockedFoldOptions,
  blockedFoldRows,
  type FoldRows,
  type KFoldOptions,
  kFoldRows,
  type RollingFoldOptions,
  rollingFoldRows,
} from './fold-rows.ts'
import { type HeldOutSteps, originOf, type Searchable, type SetAside } from './hold-out.ts'

/** What one fold learns from and is judged by. */
export interface Fold<T, V> {
  readonly training: T
  readonly validation: V
}

const madeHere: unique symbol = Symbol('folds')

/** Folds of searchable data; made by `kFolds`, `blockedFolds` and `rollingFolds` alone, so that no hold-out is in them. */
export interface Folds<T, V = T> {
  readonly folds: readonly Fold<T, V>[]
  readonly [madeHere]: SetAside
}

/**
 * Random folds of rows without an order: see `kFoldRows`.
 *
 * @throws CloudschedError `invalid-option`; `invalid-input` for what did not come from `setAside`
 *
 * @example
 * const folds = kFolds(setAside(samples).searchable, { folds: 10, seed: 1 })
 */
export function kFolds(searchable: Searchable<Samples>, options: KFoldOptions = {}): Folds<Samples> {
  return sampleFolds(searchable, kFoldRows(rowCountOf(searchable), options))
}

/**
 * Folds that are blocks of rows in the order of time: see `blockedFoldRows`.
 *
 * @throws CloudschedError `invalid-option`; `invalid-input` for what did not come from `setAside`
 */
export function blockedFolds(searchable: Searchable<Samples>, options: BlockedFoldOptions = {}): Folds<Samples> {
  return sampleFolds(searchable, blockedFoldRows(rowCountOf(searchable), options))
}

/**
 * Folds that learn from what came before alone: see `rollingFoldRows`. Of a series the validation part is the range
 * of steps to forecast, in a series that ends with it.
 *
 * @throws CloudschedError `invalid-option`; `invalid-input` for what did not come from `setAside`
 *
 * @example
 * const folds = rollingFolds(setAside(series).searchable, { folds: 3, validationRows: 288 })
 */
export function rollingFolds(
  searchable: Searchable<TimeSeries>,
  options?: RollingFoldOptions,
): Folds<TimeSeries, HeldOutSteps>
/** The same for rows in the order of time. */
export function rollingFolds(searchable: Searchable<Samples>, options?: RollingFoldOptions): Folds<Samples>
export function rollingFolds(
  searchable: Searchable<TimeSeries> | Searchable<Samples>,
  options: RollingFoldOptions = {},
): Folds<TimeSeries, HeldOutSteps> | Folds<Samples> {
  const from = originOf(searchable)
  const { data } = searchable
  if ('inputs' in data) return sampleFolds({ ...searchable, data }, rollingFoldRows(data.rowCount, options))
  const folds = rollingFoldRows(data.values.length, options).map(({ training, validation }) => {
    const end = validation.at(-1)! + 1
    return {
      training: rowsOf(data, { start: training[0]!, end: training.at(-1)! + 1 }),
      validation: { series: rowsOf(data, { start: 0, end }), range: { start: validation[0]!, end } },
    }
  })
  return { folds, [madeHere]: from }
}

/** What the folds came from; @throws CloudschedError `invalid-input` for folds that were made elsewhere */
export function originOfFolds(folds: Folds<unknown, unknown>): SetAside {
  return (folds as Partial<Folds<unknown, unknown>> | null)?.[madeHere] ?? originOf(folds as never)
}

function rowCountOf(searchable: Searchable<Samples>): number {
  originOf(searchable)
  return searchable.data.rowCount
}

function sampleFolds(searchable: Searchable<Samples>, rows: readonly FoldRows[]): Folds<Samples> {
  const folds = rows.map(({ training, validation }) => ({
    training: pickRows(searchable.data, training),
    validation: pickRows(searchable.data, validation),
  }))
  return { folds, [madeHere]: originOf(searchable) }
}
