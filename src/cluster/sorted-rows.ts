import { CloudschedError, type Finding, throwFindings } from '../errors/cloudsched-error.ts'

/** Points to cluster: one row a point, all of one length. */
export type Rows = readonly (readonly number[])[]

/** Which rows belong together. Clusters are numbered by their centroids in lexicographic order; none is empty. */
export interface Clustering {
  /** Cluster of each row. */
  readonly labels: Int32Array
  /** One row a cluster: the mean of its rows, in fuzzy clustering the weighted mean of all. */
  readonly centroids: Rows
}

/** The rows in lexicographic order: a result that is computed from these does not depend on the order of the input. */
export interface SortedRows {
  readonly sorted: number[][]
  /** Index in the input of each sorted row. */
  readonly order: readonly number[]
  /** How many clusters can be had: the wished number, at most that of the distinct rows. */
  readonly clusters: number
}

/**
 * Checks and sorts rows.
 *
 * @param clusters - wished number of clusters, >= 1
 * @throws CloudschedError `invalid-input` for a value that is not finite or rows of different lengths,
 * `invalid-option` for a number of clusters that is none
 */
export function sortRows(rows: Rows, clusters: number): SortedRows {
  if (!Number.isInteger(clusters) || clusters < 1) {
    throw new CloudschedError('invalid-option', [
      { path: 'options.clusters', received: clusters, expected: 'a whole number >= 1' },
    ])
  }
  checkRows(rows)
  const order = rows.map((_, row) => row).sort((a, b) => compareRows(rows[a]!, rows[b]!) || a - b)
  const sorted = order.map((row) => [...rows[row]!])
  const distinct = sorted.filter((row, i) => i === 0 || compareRows(sorted[i - 1]!, row) !== 0).length
  return { sorted, order, clusters: Math.min(clusters, distinct) }
}

/** Lexicographic order of two rows of one length. */
export function compareRows(a: readonly number[], b: readonly number[]): number {
  for (let column = 0; column < a.length; column++) {
    const difference = a[column]! - b[column]!
    if (difference !== 0) return difference
  }
  return 0
}

/** Numbers of the clusters by their centroids in lexicographic order: the first entry is the cluster that comes first. */
export function centroidOrder(centroids: Rows): number[] {
  return centroids.map((_, cluster) => cluster).sort((a, b) => compareRows(centroids[a]!, centroids[b]!) || a - b)
}

/** The labels of the sorted rows, as labels of the input, with the clusters numbered anew. */
export function labelsOfInput(
  { order }: SortedRows,
  sortedLabels: ArrayLike<number>,
  clusterOrder: readonly number[],
): Int32Array {
  const rankOf = new Int32Array(clusterOrder.length)
  clusterOrder.forEach((cluster, rank) => {
    rankOf[cluster] = rank
  })
  const labels = new Int32Array(order.length)
  order.forEach((row, i) => {
    labels[row] = rankOf[sortedLabels[i]!]!
  })
  return labels
}

export function squaredDistance(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let column = 0; column < a.length; column++) {
    const difference = a[column]! - b[column]!
    sum += difference * difference
  }
  return sum
}

function checkRows(rows: Rows): void {
  const findings: Finding[] = []
  rows.forEach((row, i) => {
    if (row.length !== rows[0]!.length) {
      findings.push({
        path: `rows[${i}]`,
        received: row,
        expected: `a row of ${rows[0]!.length} numbers, as the first`,
      })
    }
    row.forEach((value, column) => {
      if (Number.isFinite(value)) return
      findings.push({ path: `rows[${i}][${column}]`, received: value, expected: 'a finite number' })
    })
  })
  throwFindings('invalid-input', findings)
}
