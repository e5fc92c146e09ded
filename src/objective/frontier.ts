import { weightedEst } from './weighted.ts'

/** A line that every assignment P is above: Time(P) + costWeight * Cost(P) >= value. */
export interface Cut {
  /** mu, in seconds per unit of money, >= 0. */
  readonly costWeight: number
  /** In seconds. */
  readonly value: number
}

/** A point of time and cost, and its est, equation (7). */
export interface FrontierPoint {
  readonly timeSeconds: number
  readonly cost: number
  readonly est: number
}

/**
 * The point of least est above all lines (of slope > 0) and in the corner (timeSeconds, cost). est is concave, so its least value
 * stands at a corner of this region: the walk visits them all, by rising time. O(corners x lines).
 */
export function leastEst(cuts: readonly Cut[], timeSeconds: number, cost: number, timeWeight: number): FrontierPoint {
  let time = timeSeconds
  let active: Cut | null = null
  let height = cost
  for (const cut of cuts) {
    const at = (cut.value - time) / cut.costWeight
    if (at > height || (at === height && cut.costWeight > (active?.costWeight ?? Infinity))) {
      active = cut
      height = at
    }
  }
  let best = { timeSeconds: time, cost: height, est: weightedEst(timeWeight, time, height) }
  while (active) {
    const from: Cut = active
    // The flatter lines, and at last the floor, take over from here on.
    active = null
    let next = Math.max(time, from.value - from.costWeight * cost)
    height = cost
    for (const cut of cuts) {
      if (cut.costWeight <= from.costWeight) continue
      const meet = (from.value * cut.costWeight - cut.value * from.costWeight) / (cut.costWeight - from.costWeight)
      if (meet > next || (meet === next && cut.costWeight < (active?.costWeight ?? 0))) continue
      active = cut
      next = Math.max(time, meet)
      height = Math.max(cost, (cut.value - next) / cut.costWeight)
    }
    time = next
    const est = weightedEst(timeWeight, time, height)
    if (est < best.est) best = { timeSeconds: time, cost: height, est }
  }
  return best
}

/**
 * The slope mu of est at a point, in seconds per unit of money: a line of this slope either cuts off the corner of
 * least est, or touches a schedule that is no worse than the corner. That schedule is then optimal, because est is
 * concave.
 */
export function slopeOfEst({ timeSeconds, cost }: FrontierPoint, timeWeight: number): number {
  return ((1 - timeWeight) * timeSeconds) / (timeWeight * cost)
}
