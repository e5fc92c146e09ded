/** Work that waits, as a fluid: what arrives faster than it is served queues up, first come, first served. */
export interface FluidStep {
  /** Work that waits at the end of the step. */
  readonly backlog: number
  /** Work done in the step. */
  readonly served: number
  /** Integral of the backlog over the step. Divided by the work that arrived it is the mean wait (Little's law). */
  readonly waited: number
}

/**
 * One step with constant rates, exactly: the backlog is the line backlog + (arriving - serving) t until it is 0, and
 * stays 0 from there on.
 *
 * @param arriving - work per second, >= 0
 * @param serving - work per second that could be done, >= 0
 */
export function fluidStep(backlog: number, arriving: number, serving: number, seconds: number): FluidStep {
  const growth = arriving - serving
  const end = backlog + growth * seconds
  if (end >= 0) {
    return { backlog: end, served: backlog + arriving * seconds - end, waited: ((backlog + end) / 2) * seconds }
  }
  return { backlog: 0, served: backlog + arriving * seconds, waited: (backlog * backlog) / (-2 * growth) }
}
