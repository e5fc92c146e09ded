import type { Rng } from '../random/rng.ts'
import { firstCentres } from './first-centres.ts'
import { centroidOrder, type Clustering, labelsOfInput, type Rows, sortRows, squaredDistance } from './sorted-rows.ts'

/** A clustering in which each row belongs to every cluster by a part. */
export interface FuzzyClustering extends Clustering {
  /** For each row its part in each cluster, in [0, 1], sum 1; the label of a row is its largest part. */
  readonly memberships: Rows
}

const maxIterations = 300
/** The iteration ends when no membership changes by more. */
const tolerance = 1e-6

/**
 * Fuzzy c-means with exponent 2. Source: Bezdek, Ehrlich, Full: FCM: the fuzzy c-means clustering algorithm, Computers &
 * Geosciences 10(2-3), 1984; first centres by k-means++. A cluster that is no row's largest part is given up: the
 * algorithm then starts again with one cluster less.
 *
 * @param rows - points, all of one length
 * @param clusters - wished number of clusters, >= 1; reduced to the number of distinct rows
 * @returns the same for any order of the rows; no clusters for no rows
 * @throws CloudschedError `invalid-input` for a value that is not finite or rows of different lengths
 */
export function fuzzyCMeans(rows: Rows, clusters: number, rng: Rng): FuzzyClustering {
  const input = sortRows(rows, clusters)
  const { sorted } = input
  if (input.clusters === 0) return { labels: new Int32Array(0), centroids: [], memberships: [] }
  let centres = firstCentres(sorted, input.clusters, rng)
  let parts = membershipsOf(sorted, centres)
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    centres = weightedMeans(sorted, parts)
    const next = membershipsOf(sorted, centres)
    const change = largestChange(parts, next)
    parts = next
    if (change <= tolerance) break
  }
  const labels = parts.map((row) => row.indexOf(Math.max(...row)))
  if (new Set(labels).size < input.clusters) return fuzzyCMeans(rows, input.clusters - 1, rng)
  const order = centroidOrder(centres)
  const memberships: number[][] = rows.map(() => [])
  input.order.forEach((row, i) => {
    memberships[row] = order.map((cluster) => parts[i]![cluster]!)
  })
  return {
    labels: labelsOfInput(input, labels, order),
    centroids: order.map((cluster) => centres[cluster]!),
    memberships,
  }
}

/** u_ij = 1 / sum_k (d_ij / d_kj)^2; a row on centres belongs to these alone, in equal parts. */
function membershipsOf(rows: Rows, centres: Rows): number[][] {
  return rows.map((row) => {
    const distances = centres.map((centre) => squaredDistance(row, centre))
    const met = distances.filter((distance) => distance === 0).length
    if (met > 0) return distances.map((distance) => (distance === 0 ? 1 / met : 0))
    return distances.map((own) => 1 / distances.reduce((sum, distance) => sum + own / distance, 0))
  })
}

/** Means of the rows, weighted by the squares of their memberships. */
function weightedMeans(rows: Rows, memberships: Rows): number[][] {
  return memberships[0]!.map((_, cluster) => {
    const weights = memberships.map((parts) => parts[cluster]! * parts[cluster]!)
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return rows[0]!.map((__, column) => rows.reduce((sum, row, i) => sum + weights[i]! * row[column]!, 0) / total)
  })
}

function largestChange(before: Rows, after: Rows): number {
  return before.reduce(
    (largest, parts, i) => parts.reduce((most, part, k) => Math.max(most, Math.abs(part - after[i]![k]!)), largest),
    0,
  )
}
