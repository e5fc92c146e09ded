import { columnOf, type Samples } from './samples.ts'

/** Columns of inputs, each cut into a few ranges, so that a tree tries ranges instead of values. */
export interface Bins {
  /** Column after column, rowCount each: the range of each value, 0 = the lowest. */
  readonly codes: Uint8Array
  /** For each column the upper edges of all its ranges but the last, ascending: range k holds edges[k - 1] < x <= edges[k]. */
  readonly edges: readonly Float64Array[]
  readonly rowCount: number
}

/**
 * Cuts each column into at most `binCount` ranges with about equally many rows: one for each distinct value where
 * there are few. An edge lies halfway between two neighbouring values.
 *
 * @param binCount - in [2, 256]
 */
export function binSamples(samples: Samples, binCount: number): Bins {
  const { rowCount, columnCount } = samples
  const codes = new Uint8Array(columnCount * rowCount)
  const edges = Array.from({ length: columnCount }, (_, column) => {
    const values = columnOf(samples, column)
    const cuts = edgesOf(values.toSorted(), binCount)
    for (let row = 0; row < rowCount; row++) codes[column * rowCount + row] = rangeOf(cuts, values[row]!)
    return cuts
  })
  return { codes, edges, rowCount }
}

function edgesOf(sorted: Float64Array, binCount: number): Float64Array {
  const edges: number[] = []
  const last = sorted.length - 1
  const distinct = sorted.reduce((count, value, i) => count + (i === 0 || value > sorted[i - 1]! ? 1 : 0), 0)
  const rowsPerBin = distinct <= binCount ? 1 : sorted.length / binCount
  let nextCut = rowsPerBin
  for (let i = 0; i < last && edges.length < binCount - 1; i++) {
    // Equal values share a range, so that a cut may have to wait.
    if (i + 1 < nextCut || sorted[i] === sorted[i + 1]) continue
    edges.push(between(sorted[i]!, sorted[i + 1]!))
    while (nextCut <= i + 1) nextCut += rowsPerBin
  }
  return Float64Array.from(edges)
}

/** A number >= low and < high, halfway where doubles allow. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2
  return middle < high ? middle : low
}

/** Number of edges below a value, by halving. */
function rangeOf(edges: Float64Array, value: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value > edges[middle]!) low = middle + 1
    else high = middle
  }
  return low
}
