import { weightedEst } from '../../objective/weighted.ts'

/** A number that orders schedules as est does, smaller is better. */
export type Score = (timeSeconds: number, cost: number) => number

/** What est, equation (7), is to a search: an order. Where one objective has all the weight, no logarithm is needed. */
export function createScore(timeWeight: number): Score {
  if (timeWeight === 1) return (timeSeconds) => timeSeconds
  if (timeWeight === 0) return (_, cost) => cost
  return (timeSeconds, cost) => weightedEst(timeWeight, timeSeconds, cost)
}
