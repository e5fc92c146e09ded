import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstCentres } from '../../src/cluster/first-centres.ts'
import { fuzzyCMeans } from '../../src/cluster/fuzzy-c-means.ts'
import { kMeans, lloyd } from '../../src/cluster/k-means.ts'
import { minMaxColumns } from '../../src/cluster/min-max.ts'
import { type Clustering, type Rows, squaredDistance } from '../../src/cluster/sorted-rows.ts'
import { substream } from '../../src/random/rng.ts'
import { caught } from '../caught.ts'

const rng = () => substream(1, 'test/cluster')
const algorithms = { kMeans, fuzzyCMeans }
const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
  minLength: 1,
  maxLength: 25,
})
const distinctCount = (rows: Rows): number => new Set(rows.map((row) => row.join())).size

describe.each(Object.entries(algorithms))('%s', (_, cluster) => {
  test('two groups far apart are found, the lower one first', () => {
    const { labels, centroids } = cluster([[10], [0], [12], [1], [11], [2]], 2, rng())
    expect([...labels]).toEqual([1, 0, 1, 0, 1, 0])
    // Crisp: (0 + 1 + 2) / 3 and (10 + 11 + 12) / 3; fuzzy centres are drawn a little towards each other.
    expect(centroids[0]![0]).toBeCloseTo(1, 0)
    expect(centroids[1]![0]).toBeCloseTo(11, 0)
  })

  test('no rows, one row, equal rows, more clusters than rows', () => {
    expect(cluster([], 3, rng())).toMatchObject({ labels: new Int32Array(0), centroids: [] })
    expect(cluster([[4, 2]], 3, rng())).toMatchObject({ labels: Int32Array.of(0), centroids: [[4, 2]] })
    const equal = cluster([[1], [1], [1]], 3, rng())
    expect(equal.centroids).toEqual([[1]])
    expect([...equal.labels]).toEqual([0, 0, 0])
    expect([...cluster([[5], [1], [3], [1]], 9, rng()).labels]).toEqual([2, 0, 1, 0])
  })

  test('never an empty cluster, never NaN, never more clusters than distinct rows', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 8 }), fc.integer(), (rows, clusters, seed) => {
        const { labels, centroids } = cluster(rows, clusters, substream(seed, 'x'))
        expect(centroids.length).toBeLessThanOrEqual(Math.min(clusters, distinctCount(rows)))
        expect(new Set(labels).size).toBe(centroids.length)
        for (const value of centroids.flat()) expect(value).toBeGreaterThanOrEqual(0)
      }),
      { numRuns: 200 },
    )
  })

  test('the order of the rows decides nothing', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 24 }), (rows, clusters, shift) => {
        const cut = shift % rows.length
        const turned = [...rows.slice(cut), ...rows.slice(0, cut)].reverse()
        const a = cluster(rows, clusters, rng())
        const b = cluster(turned, clusters, rng())
        expect(b.centroids).toEqual(a.centroids)
        const labelOf = (result: Clustering, given: Rows, point: readonly number[]) =>
          result.labels[given.findIndex((row) => squaredDistance(row, point) === 0)]
        for (const point of rows) expect(labelOf(b, turned, point)).toBe(labelOf(a, rows, point))
      }),
      { numRuns: 100 },
    )
  })

  test('wrong rows and counts are named', () => {
    const error = caught(() => cluster([[1, 2], [3], [4, Number.NaN]], 2, rng()))
    expect(error).toMatchObject({ code: 'invalid-input' })
    expect(error.findings.map(({ path }) => path)).toEqual(['rows[1]', 'rows[2][1]'])
    expect(caught(() => cluster([[1]], 0, rng()))).toMatchObject({ code: 'invalid-option', path: 'options.clusters' })
  })
})

test('k-means: each row is in the cluster of the nearest centroid, and each centroid is the mean of its rows', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 6 }), (rows, clusters) => {
      const { labels, centroids } = kMeans(rows, clusters, rng())
      rows.forEach((row, i) => {
        const distances = centroids.map((centroid) => squaredDistance(row, centroid))
        expect(distances[labels[i]!]).toBeLessThanOrEqual(Math.min(...distances) + 1e-9)
      })
      centroids.forEach((centroid, cluster) => {
        const members = rows.filter((__, i) => labels[i] === cluster)
        const sum = members.reduce((total, row) => total + row[0], 0)
        expect(centroid[0]).toBeCloseTo(sum / members.length, 9)
      })
    }),
  )
})

test('Lloyd: a cluster that runs empty gets the farthest row', () => {
  // The centre 100 wins no row; 9 is the farthest from the mean (0 + 1 + 9) / 3, and becomes a cluster of its own.
  const { labels, centroids } = lloyd([[0], [1], [9]], [[3], [100]])
  expect(labels).toEqual([0, 0, 1])
  expect(centroids).toEqual([[0.5], [9]])
})

test('first centres are distinct rows', () => {
  const rows = [[0], [0], [0], [0], [1], [2]]
  for (let seed = 0; seed < 50; seed++) {
    const centres = firstCentres(rows, 3, substream(seed, 'x'))
    expect(centres.map(([x]) => x).sort()).toEqual([0, 1, 2])
  }
})

test('fuzzy c-means: memberships of a point between two centres', () => {
  const rows = [[0], [0], [0], [4], [10], [10], [10]]
  const { memberships, centroids } = fuzzyCMeans(rows, 2, rng())
  const [a, b] = [centroids[0]![0]!, centroids[1]![0]!]
  // u = 1 / (1 + (d_own / d_other)^2), by definition.
  const own = (4 - a) * (4 - a)
  const other = (b - 4) * (b - 4)
  expect(memberships[3]![0]).toBeCloseTo(1 / (1 + own / other), 6)
  for (const parts of memberships) expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 12)
  // A fixed point of the update of the centres: sum u^2 x / sum u^2.
  const weights = memberships.map((parts) => parts[0]! * parts[0]!)
  const mean = rows.reduce((sum, row, i) => sum + weights[i]! * row[0]!, 0) / weights.reduce((sum, w) => sum + w, 0)
  expect(a).toBeCloseTo(mean, 4)
})

test('min-max: every column in [0, 1], a constant one 0', () => {
  expect(
    minMaxColumns([
      [2, 7, 100],
      [4, 7, 300],
      [3, 7, 200],
    ]),
  ).toEqual([
    [0, 0, 0],
    [1, 0, 1],
    [0.5, 0, 0.5],
  ])
  expect(minMaxColumns([])).toEqual([])
})
