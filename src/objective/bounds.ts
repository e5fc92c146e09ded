import type { Problem } from '../model/problem.ts'
import { dualBound } from './dual-bound.ts'
import { uniformBound } from './uniform-bound.ts'
import { readTimeWeight, type WeightOptions } from './weighted.ts'

/** What no assignment can beat. */
export interface LowerBound {
  /** Bound on est(P); `null` where est is not defined (no tasks, or a time or cost of 0 under its weight). */
  readonly est: number | null
  /** Bound on Time(P) alone, in seconds. */
  readonly timeSeconds: number
  /** Bound on Cost(P) alone; `null` in a problem without prices. */
  readonly cost: number | null
  /** 'closed-form' for uniform machines that take every task, 'dual' for all others. */
  readonly method: 'closed-form' | 'dual'
}

const memory = new WeakMap<Problem, Map<number, LowerBound>>()

/**
 * A proven lower bound on est, time and cost over all assignments: closed form for uniform machines, dual ascent for
 * unrelated machines and where some VM may not take some task. Computed once for a problem and weight, and frozen.
 *
 * @param options - `timeWeight`, omega in [0, 1]; 0.5 with prices and 1 without
 * @example
 * const { est } = lowerBound(problem, { timeWeight: 1 })
 */
export function lowerBound(problem: Problem, options: WeightOptions = {}): LowerBound {
  const timeWeight = readTimeWeight(problem, options)
  const known = memory.get(problem) ?? new Map<number, LowerBound>()
  memory.set(problem, known)
  let bound = known.get(timeWeight)
  if (!bound) {
    bound = computeBound(problem, timeWeight)
    known.set(timeWeight, bound)
  }
  return bound
}

function computeBound(problem: Problem, timeWeight: number): LowerBound {
  const hasClosedForm = problem.etc === null && problem.eligibility === null
  const { est, timeSeconds, cost } = hasClosedForm ? uniformBound(problem, timeWeight) : dualBound(problem, timeWeight)
  const needsTime = timeWeight > 0 && timeSeconds === 0
  const needsCost = timeWeight < 1 && cost === 0
  const isDefined = problem.taskCount > 0 && !needsTime && !needsCost
  return Object.freeze({
    est: isDefined ? est : null,
    timeSeconds,
    cost: problem.pricePerSecond ? cost : null,
    method: hasClosedForm ? 'closed-form' : 'dual',
  })
}
