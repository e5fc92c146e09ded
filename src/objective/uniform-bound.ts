import type { Problem } from '../model/problem.ts'
import { weightedEst } from './weighted.ts'

/** Bounds as numbers; cost is 0 in a problem without prices. */
export interface BoundFigures {
  readonly est: number
  readonly timeSeconds: number
  readonly cost: number
}

/**
 * Closed-form bound for uniform machines, O(n log n + m log m).
 *
 * Tasks may be cut at will. Then the cheapest way to be done by time T fills the VMs up to T in order of price per unit
 * of work, and est along T is concave between the times W / S_k at which the k cheapest VMs are just enough (W = work of
 * all tasks, S_k = their speed): its least value stands at one of these times, or at the smallest possible T.
 */
export function uniformBound(problem: Problem & { readonly etc: null }, timeWeight: number): BoundFigures {
  const { lengthMi, speedMips, vmCount } = problem
  const prices = problem.pricePerSecond ?? new Float64Array(vmCount)
  const work = lengthMi.reduce((sum, length) => sum + length, 0)
  const timeSeconds = shortestTime(lengthMi, speedMips)
  const byPricePerMi = Array.from(prices.keys()).sort((a, b) => prices[a]! / speedMips[a]! - prices[b]! / speedMips[b]!)
  const cheapest = byPricePerMi[0]!
  const cost = (work / speedMips[cheapest]!) * prices[cheapest]!

  let est = weightedEst(timeWeight, timeSeconds, costAt(timeSeconds, work, byPricePerMi, speedMips, prices))
  let speed = 0
  let pricePerSecond = 0
  for (const vm of byPricePerMi) {
    speed += speedMips[vm]!
    pricePerSecond += prices[vm]!
    const enough = work / speed
    if (enough < timeSeconds) break
    est = Math.min(est, weightedEst(timeWeight, enough, enough * pricePerSecond))
  }
  return { est, timeSeconds, cost }
}

/**
 * No schedule is shorter than max over q of (q largest tasks) / (q fastest VMs): q tasks have at most q VMs at once. At
 * q = number of VMs all the work counts.
 */
function shortestTime(lengthMi: Float64Array, speedMips: Float64Array): number {
  const sizes = lengthMi.toSorted().reverse()
  const speeds = speedMips.toSorted().reverse()
  let size = 0
  let speed = 0
  let longest = 0
  for (let q = 0; q < speeds.length && q < sizes.length; q++) {
    size += sizes[q]!
    speed += speeds[q]!
    if (size / speed > longest) longest = size / speed
  }
  for (let q = speeds.length; q < sizes.length; q++) size += sizes[q]!
  return sizes.length > speeds.length ? Math.max(longest, size / speed) : longest
}

/** Least cost of `work` when each VM may run `timeSeconds`. */
function costAt(
  timeSeconds: number,
  work: number,
  byPricePerMi: readonly number[],
  speedMips: Float64Array,
  prices: Float64Array,
): number {
  let left = work
  let cost = 0
  for (const vm of byPricePerMi) {
    const done = Math.min(left, timeSeconds * speedMips[vm]!)
    cost += (done / speedMips[vm]!) * prices[vm]!
    left -= done
  }
  return cost
}
