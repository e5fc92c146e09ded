import type { Problem } from '../../model/problem.ts'
import { proveByDual } from '../../objective/dual-bound.ts'
import { leastEst } from '../../objective/frontier.ts'

/**
 * A smooth stand-in for est around its bound. The line of the dual bound that passes through the corner of least est,
 *
 *   Time + mu Cost >= sum_j merit_j vmt_j,   merit_j = lambda_j + mu c_j,
 *
 * says what a second on each VM is worth; a schedule is near the bound when this sum is small and no VM runs much
 * longer than the corner's time. est itself says nothing about a change that does not touch the longest VM.
 */
export interface Landscape {
  /** Worth of a second on each VM. */
  readonly merits: Float64Array
  /** What the sum comes to at the bound. */
  readonly value: number
  /** The corner's time: no VM should run longer. */
  readonly timeSeconds: number
}

/** The landscape of a problem. At a time weight of 0 it is Cost itself, and VMs may run as long as they like. */
export function createLandscape(problem: Problem, timeWeight: number): Landscape {
  const { cuts, timeSeconds, cost } = proveByDual(problem, timeWeight)
  if (timeWeight === 0) return { merits: problem.pricePerSecond!, value: cost, timeSeconds: Infinity }
  const sloped = cuts.slice(1)
  const corner = sloped.length > 0 ? leastEst(sloped, timeSeconds, cost, timeWeight) : { timeSeconds, cost }
  const shortfall = (cut: (typeof cuts)[number]) => corner.timeSeconds + cut.costWeight * corner.cost - cut.value
  const active = sloped.reduce((best, cut) => (shortfall(cut) < shortfall(best) ? cut : best), sloped[0] ?? cuts[0]!)
  return { merits: active.merits, value: active.value, timeSeconds: corner.timeSeconds }
}
