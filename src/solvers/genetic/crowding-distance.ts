/**
 * Crowding distance of each point within its front, Deb et al. (2002), section III-B: per objective the distance
 * between the two neighbours over the width of the front, added up; Infinity at both ends. In two objectives the front
 * sorted by time is the front sorted by falling cost, so one order serves both. A front of no width in an objective has
 * no distance in it.
 *
 * @param ranks - the front of each point, as `nonDominatedRanks` gives it
 */
export function crowdingDistances(timeSeconds: Float64Array, cost: Float64Array, ranks: Int32Array): Float64Array {
  const distances = new Float64Array(ranks.length)
  const order = Int32Array.from(ranks.keys()).sort(
    (a, b) => ranks[a]! - ranks[b]! || timeSeconds[a]! - timeSeconds[b]! || cost[b]! - cost[a]!,
  )
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && ranks[order[end]!] === ranks[order[start]!]) end++
    const first = order[start]!
    const last = order[end - 1]!
    const timeWidth = timeSeconds[last]! - timeSeconds[first]!
    const costWidth = cost[first]! - cost[last]!
    distances[first] = Infinity
    distances[last] = Infinity
    for (let k = start + 1; k < end - 1; k++) {
      const before = order[k - 1]!
      const after = order[k + 1]!
      const inTime = timeWidth > 0 ? (timeSeconds[after]! - timeSeconds[before]!) / timeWidth : 0
      const inCost = costWidth > 0 ? (cost[before]! - cost[after]!) / costWidth : 0
      distances[order[k]!] = inTime + inCost
    }
  }
  return distances
}
