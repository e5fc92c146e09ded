import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { pickRows, type Samples } from '../regression/samples.ts'
import { checkSeries } from '../series/check-series.ts'
import { rowsOf, type StepRange } from '../series/rows.ts'

/** Marks what a hold-out was taken from; no other module can make one. */
const origin: unique symbol = Symbol('origin')

/** What one `setAside` made; it remembers whether its hold-out was opened. */
export interface SetAside {
  isOpen: boolean
}

/**
 * Data whose hold-out lies elsewhere: the only thing that folds are made of, and folds are the only thing that a search
 * takes. Made by `setAside` alone.
 */
export interface Searchable<D> {
  readonly data: D
  readonly [origin]: SetAside
}

/** Result of a search, as far as a hold-out asks for it. */
export interface FinishedSearch {
  readonly trials: readonly unknown[]
}

/** The rows that nobody looks at before the search is over: they lie in a closure, and no search takes them. */
export interface HoldOut<D> {
  /** Number of rows or steps. */
  readonly size: number
  /**
   * Gives the rows out, for the last figure. From then on no search takes folds of the same data: to choose again would
   * be to choose by the hold-out.
   *
   * @param result - of a search on folds of the data that this was taken from
   * @throws CloudschedError `invalid-input` for anything else
   */
  readonly open: (result: FinishedSearch) => D
}

/** The steps that were held out, with the series that leads up to them. */
export interface HeldOutSteps {
  /** The whole series: what comes before the range is known when the range is forecast. */
  readonly series: TimeSeries
  readonly range: StepRange
}

/** Data in two: one part to search on, one to judge the winner. */
export interface DividedData<D, H = D> {
  readonly searchable: Searchable<D>
  readonly holdOut: HoldOut<H>
}

/** Which searches were made on what. */
const searches = new WeakMap<FinishedSearch, SetAside>()

/**
 * Sets the latest rows aside before anything is chosen. What is left can be cut into folds and searched on; the hold-out
 * is given out only to the result of such a search.
 *
 * @param share - of the rows or steps, in (0, 1), rounded to whole ones, at least one. @defaultValue 0.1
 * @throws CloudschedError `invalid-option` for a share that leaves nothing on one side
 *
 * @example
 * const { searchable, holdOut } = setAside(series, 0.1)
 * const result = gridSearch({ lags: [12, 24, 36] }, rollingFolds(searchable), evaluate)
 * const { series: whole, range } = holdOut.open(result)
 */
export function setAside(data: TimeSeries, share?: number): DividedData<TimeSeries, HeldOutSteps>
/** The same for rows in the order of time. */
export function setAside(data: Samples, share?: number): DividedData<Samples>
export function setAside(
  data: TimeSeries | Samples,
  share: number = 0.1,
): DividedData<TimeSeries, HeldOutSteps> | DividedData<Samples> {
  if ('inputs' in data) {
    const cut = cutAt(data.rowCount, share)
    const rows = Array.from({ length: data.rowCount }, (_, row) => row)
    return divide(pickRows(data, rows.slice(0, cut)), pickRows(data, rows.slice(cut)), data.rowCount - cut)
  }
  checkSeries([data])
  const cut = cutAt(data.values.length, share)
  const range = { start: cut, end: data.values.length }
  const whole = copied(rowsOf(data, { start: 0, end: range.end }))
  // A view would still show the hold-out through its buffer.
  return divide(copied(rowsOf(data, { start: 0, end: cut })), { series: whole, range }, range.end - cut)
}

/** What the folds of some data came from. */
export function originOf(searchable: Searchable<unknown>): SetAside {
  const found = (searchable as Partial<Searchable<unknown>> | null)?.[origin]
  if (found) return found
  const expected = 'what setAside called searchable'
  const hint = 'Set a hold-out aside first: const { searchable, holdOut } = setAside(data).'
  throw new CloudschedError('invalid-input', [{ path: 'searchable', received: searchable, expected, hint }])
}

/** Notes that a search on these data is over. */
export function registerSearch(result: FinishedSearch, from: SetAside): void {
  searches.set(result, from)
}

/** @throws CloudschedError `invalid-input` when the hold-out of the data is open */
export function checkClosed({ isOpen }: SetAside): void {
  if (!isOpen) return
  const expected = 'of data whose hold-out is closed'
  const hint = 'Its hold-out was opened for an earlier search: choosing again would be choosing by it.'
  throw new CloudschedError('invalid-input', [
    { path: 'folds', received: 'data with an open hold-out', expected, hint },
  ])
}

function divide<D, H>(data: D, held: H, size: number): DividedData<D, H> {
  const from: SetAside = { isOpen: false }
  const open = (result: FinishedSearch): H => {
    if (typeof result !== 'object' || result === null || searches.get(result) !== from) {
      const expected = 'the result of a search on folds of the data that this hold-out was taken from'
      throw new CloudschedError('invalid-input', [{ path: 'result', received: result, expected }])
    }
    from.isOpen = true
    return held
  }
  return { searchable: Object.freeze({ data, [origin]: from }), holdOut: Object.freeze({ size, open }) }
}

function cutAt(length: number, share: number): number {
  const cut = length - Math.max(1, Math.round(length * share))
  if (share > 0 && share < 1 && cut >= 1) return cut
  const expected = `a number in (0, 1) that leaves some of the ${length} rows on either side`
  throw new CloudschedError('invalid-option', [{ path: 'share', received: share, expected }])
}

function copied(series: TimeSeries): TimeSeries {
  const features = Object.entries(series.features ?? {}).map(([name, list]) => [name, Float64Array.from(list)] as const)
  return {
    ...series,
    values: Float64Array.from(series.values),
    ...(series.features && { features: Object.fromEntries(features) }),
  }
}
