import { fuzzyCMeans } from '../cluster/fuzzy-c-means.ts'
import { kMeans } from '../cluster/k-means.ts'
import { minMaxColumns } from '../cluster/min-max.ts'
import { substream } from '../random/rng.ts'
import type { ClusterSortMapSettings } from './cluster-sort-map-options.ts'
import type { PipelineRound } from './pipeline-round.ts'

/** Pools that are alike, before they have a rank. */
export interface GroupedPools {
  /** Indices of the pools that compute, ascending. */
  readonly pools: Int32Array
  /** For each of them its attributes, standardised to [0, 1]: its resources, speed and bandwidth. */
  readonly attributes: readonly (readonly number[])[]
  /** For each of them its cluster, numbered from 0. */
  readonly labels: Int32Array
}

/** A cluster of pools that has a rank. */
export interface RankedCluster {
  /** Indices of its pools, ascending. */
  readonly pools: Int32Array
  /** Mean of the standardised attributes over its pools, in [0, 1]. */
  readonly score: number
}

/**
 * Steps 1 and 2, FunClustering(Y_rj) and FunClustering(y_rj), as one: groups the pools by beta y + (1 - beta) Y, where Y
 * are the attributes now and y the expected ones (of a path of capacities the least value), each brought to [0, 1].
 * Pools that compute nothing are left out.
 */
export function clusterPools(
  round: PipelineRound,
  { clustering, clusters, beta, seed }: Pick<ClusterSortMapSettings, 'clustering' | 'clusters' | 'beta' | 'seed'>,
): GroupedPools {
  const { pools, resources, steps } = round
  const computing = Int32Array.from(pools.ids.keys()).filter((pool) => pools.computes[pool] === 1)
  const mix = (now: number, expected: number): number => beta * expected + (1 - beta) * now
  const attributes = minMaxColumns(
    Array.from(computing, (pool) => [
      ...resources.map((_, r) => {
        const cell = pool * resources.length + r
        const path = pools.expectedCapacity.subarray(cell * steps, (cell + 1) * steps)
        return mix(
          pools.capacity[cell]!,
          path.reduce((least, x) => Math.min(least, x), Infinity),
        )
      }),
      mix(pools.speedMips[pool]!, pools.expectedSpeedMips[pool]!),
      mix(pools.bandwidthMbps[pool]!, pools.expectedBandwidthMbps[pool]!),
    ]),
  )
  const labels =
    clustering === 'none'
      ? new Int32Array(computing.length)
      : (clustering === 'kmeans' ? kMeans : fuzzyCMeans)(attributes, clusters, substream(seed, 'cluster-sort-map'))
          .labels
  return { pools: computing, attributes, labels }
}

/**
 * Step 3, SortCluster(y_j): clusters by the mean of the standardised attributes of their pools, the largest first; of
 * equal ones the cluster with the lowest pool id.
 */
export function sortClusters({ pools, attributes, labels }: GroupedPools): RankedCluster[] {
  const members = new Map<number, number[]>()
  labels.forEach((label, i) => {
    const rows = members.get(label)
    if (rows === undefined) members.set(label, [i])
    else rows.push(i)
  })
  const clusters = [...members.values()].map((rows) => ({
    pools: Int32Array.from(rows, (row) => pools[row]!),
    score: meanOf(rows.map((row) => meanOf(attributes[row]!))),
  }))
  return clusters.sort((a, b) => b.score - a.score || a.pools[0]! - b.pools[0]!)
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
