import { kmeans } from 'ml-kmeans'
import type { Rng } from '../random/rng.ts'
import { firstCentres } from './first-centres.ts'
import { centroidOrder, type Clustering, labelsOfInput, type Rows, sortRows, squaredDistance } from './sorted-rows.ts'

/** Lloyd's algorithm ends by itself; this guards against a cycle by rounding. */
const maxIterations = 1000

/**
 * K-means: Lloyd's algorithm from k-means++ centres, until no row changes its cluster. A cluster that runs empty gets
 * the row that is farthest from its centroid, so that none is empty in the end.
 *
 * @param rows - points, all of one length
 * @param clusters - wished number of clusters, >= 1; reduced to the number of distinct rows
 * @returns the same for any order of the rows; no clusters for no rows
 * @throws CloudschedError `invalid-input` for a value that is not finite or rows of different lengths
 */
export function kMeans(rows: Rows, clusters: number, rng: Rng): Clustering {
  const input = sortRows(rows, clusters)
  if (input.clusters === 0) return { labels: new Int32Array(0), centroids: [] }
  const { labels, centroids } = lloyd(input.sorted, firstCentres(input.sorted, input.clusters, rng))
  const order = centroidOrder(centroids)
  return {
    labels: labelsOfInput(input, labels, order),
    centroids: order.map((cluster) => centroids[cluster]!),
  }
}

/**
 * Lloyd's algorithm from the given centres. Each new centre for an empty cluster lowers the sum of squared distances,
 * so it comes to an end.
 *
 * @param rows - at least as many distinct ones as there are centres
 */
export function lloyd(rows: number[][], centres: number[][]): { labels: readonly number[]; centroids: number[][] } {
  for (;;) {
    const { clusters: labels, centroids } = kmeans(rows, centres.length, {
      initialization: centres,
      tolerance: 0,
      maxIterations,
    })
    const empty = centroids.findIndex((_, cluster) => !labels.includes(cluster))
    if (empty < 0) return { labels, centroids }
    const distances = rows.map((row, i) => squaredDistance(row, centroids[labels[i]!]!))
    const farthest = distances.reduce((best, distance, i) => (distance > distances[best]! ? i : best), 0)
    centres = centroids.with(empty, [...rows[farthest]!])
  }
}
