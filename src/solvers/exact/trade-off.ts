import { weightedEst } from '../../objective/weighted.ts'
import { exp, ln } from '../../random/portable-math.ts'

/** Values from `from` to `from + span`. */
export interface Range {
  readonly from: number
  readonly span: number
}

/**
 * A part of the plane of time and cost that may still hold something better: no assignment in it is left of `time`, below
 * `cost`, or of an est below `bound`. It ends at the curve of a target est.
 */
export interface Region {
  readonly time: number
  readonly cost: number
  readonly bound: number
}

/** The box around a region, from its corner to where the curve of the target cuts its sides. */
export interface Box {
  readonly time: Range
  /** `null` where cost does not count. */
  readonly cost: Range | null
  /** (T - T0) / dT + (C - C0) / dC is at most this under the curve: 1, or more where the curve runs out of the box. */
  readonly mostValue: number
}

/**
 * The box around a region, `null` when nothing below the target is left in it.
 *
 * @param target - est that is to be fallen below
 * @param timeWeight - in (0, 1]
 * @param most - time and cost that no assignment exceeds: under a weight near 0 or 1 the curve runs far out
 */
export function boxOf(
  { time, cost, bound }: Region,
  target: number,
  timeWeight: number,
  most: { readonly time: number; readonly cost: number },
): Box | null {
  if (bound >= target) return null
  const costWeight = 1 - timeWeight
  const timeAt = (c: number): number => exp((target - costWeight * ln(c)) / timeWeight)
  const lastTime = Math.min(timeAt(cost), most.time)
  const timeRange = { from: time, span: lastTime - time }
  if (!(timeRange.span > 0)) return null
  if (costWeight === 0) return { time: timeRange, cost: null, mostValue: 1 }
  const costAt = (t: number): number => exp((target - timeWeight * ln(t)) / costWeight)
  const lastCost = Math.min(costAt(time), most.cost)
  const costRange = { from: cost, span: lastCost - cost }
  if (!(costRange.span > 0)) return null
  // The curve is convex: the value is largest at one of its ends.
  const aboveEnd = Math.max(0, costAt(lastTime) - cost) / costRange.span
  const besideEnd = Math.max(0, timeAt(lastCost) - time) / timeRange.span
  return { time: timeRange, cost: costRange, mostValue: 1 + Math.max(aboveEnd, besideEnd) }
}

/**
 * What a line leaves of a region. All its assignments are known to keep (T - T0) / dT + (C - C0) / dC >= value in its
 * box. Where the line runs above the curve of the target, nothing better can stand. est is concave along a line, so
 * this is one piece in the middle, and what is left are two regions, one at each end. Where only time counts, the
 * region moves up to the line.
 *
 * @param value - in [0, box.mostValue]
 */
export function cutRegion(
  region: Region,
  { time, cost }: Box,
  value: number,
  target: number,
  timeWeight: number,
): Region[] {
  const timeAt = (u: number): number => time.from + time.span * u
  if (cost === null) {
    const reached = timeAt(value)
    return [{ ...region, time: reached, bound: Math.max(region.bound, ln(reached)) }]
  }
  const costAt = (u: number): number => cost.from + cost.span * (value - u)
  const estAt = (u: number): number => weightedEst(timeWeight, timeAt(u), costAt(u))
  const isAbove = (u: number): boolean => estAt(u) >= target
  // Where est is largest along the line: there the two shares of its slope cancel.
  const top = (timeWeight * costAt(0)) / cost.span - ((1 - timeWeight) * time.from) / time.span
  const peak = Math.min(Math.max(top, 0), value)
  const [left, right] = isAbove(peak) ? [crossing(isAbove, 0, peak), crossing(isAbove, value, peak)] : [peak, peak]
  return [
    { time: time.from, cost: costAt(left), bound: Math.max(region.bound, estAt(0)) },
    { time: timeAt(right), cost: cost.from, bound: Math.max(region.bound, estAt(value)) },
  ]
}

const halvings = 60

/** The last place, on the way from `below` to `above`, that is not above. */
function crossing(isAbove: (u: number) => boolean, below: number, above: number): number {
  let from = below
  let to = above
  for (let k = 0; k < halvings; k++) {
    const middle = (from + to) / 2
    if (isAbove(middle)) to = middle
    else from = middle
  }
  return from
}
