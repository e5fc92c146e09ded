/**
 * The front each point belongs to, 0 for those that no other dominates: the ranks of the fast non-dominated sort of Deb,
 * Pratap, Agarwal and Meyarivan (2002), section III-A. For two objectives a sweep by rising time finds them in
 * O(N log N) instead of O(N^2) (Jensen 2003): in a front swept so far the last point is the cheapest, so a point is
 * dominated by the front exactly when it is dominated by that one.
 *
 * @param timeSeconds - first objective of each point, smaller is better
 * @param cost - second objective of each point, smaller is better
 */
export function nonDominatedRanks(timeSeconds: Float64Array, cost: Float64Array): Int32Array {
  const ranks = new Int32Array(timeSeconds.length)
  const byTime = Int32Array.from(timeSeconds.keys()).sort(
    (a, b) => timeSeconds[a]! - timeSeconds[b]! || cost[a]! - cost[b]!,
  )
  const lastOfFront: number[] = []
  const isDominatedBy = (last: number, point: number): boolean => {
    const saved = cost[point]! - cost[last]!
    return saved > 0 || (saved === 0 && timeSeconds[last]! < timeSeconds[point]!)
  }
  for (const point of byTime) {
    let low = 0
    let high = lastOfFront.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (isDominatedBy(lastOfFront[middle]!, point)) low = middle + 1
      else high = middle
    }
    ranks[point] = low
    lastOfFront[low] = point
  }
  return ranks
}
