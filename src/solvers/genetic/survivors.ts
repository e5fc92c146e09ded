/**
 * Sorts out who lives on, Deb et al. (2002), section III-C: whole fronts as long as they have room, and of the first one
 * that has not, the least crowded points. The most crowded goes first, and its neighbours' distances are taken anew
 * before the next one goes (Kukkonen and Deb 2006): dropping all at once would tear holes where many points crowd.
 *
 * @param ranks - the front of each point, as `nonDominatedRanks` gives it
 * @returns all indices, those of the `count` survivors first
 */
export function survivorsFirst(
  timeSeconds: Float64Array,
  cost: Float64Array,
  ranks: Int32Array,
  count: number,
): Int32Array {
  const order = Int32Array.from(ranks.keys()).sort(
    (a, b) => ranks[a]! - ranks[b]! || timeSeconds[a]! - timeSeconds[b]! || a - b,
  )
  const splitRank = ranks[order[count - 1]!]!
  const start = order.findIndex((k) => ranks[k] === splitRank)
  const behind = order.findIndex((k) => ranks[k]! > splitRank)
  const front = Array.from(order.subarray(start, behind < 0 ? order.length : behind))
  const dropped = prune(front, timeSeconds, cost, count - start)
  order.set([...front, ...dropped], start)
  return order
}

/** Takes points out of a front, which is sorted by time, until `count` are left; returns those taken out. */
function prune(front: number[], timeSeconds: Float64Array, cost: Float64Array, count: number): number[] {
  const first = front[0]!
  const last = front.at(-1)!
  const perSecond = inverse(timeSeconds[last]! - timeSeconds[first]!)
  const perMoney = inverse(cost[first]! - cost[last]!)
  const dropped: number[] = []
  while (front.length > count) {
    // The ends stay as long as there is anything between them.
    let crowded = front.length - 1
    let least = Infinity
    for (let k = 1; k < front.length - 1; k++) {
      const before = front[k - 1]!
      const after = front[k + 1]!
      const inTime = (timeSeconds[after]! - timeSeconds[before]!) * perSecond
      const distance = inTime + (cost[before]! - cost[after]!) * perMoney
      if (distance >= least) continue
      least = distance
      crowded = k
    }
    dropped.push(...front.splice(crowded, 1))
  }
  return dropped
}

/** A front of no width in an objective has no distance in it. */
function inverse(width: number): number {
  return width > 0 ? 1 / width : 0
}
