/** What is wrong, where, since when, and how sure that is. */
export interface Anomaly {
  readonly kind:
    | 'silent-machine'
    | 'stuck-machine'
    | 'overloaded-machine'
    | 'stuck-task'
    | 'oscillating-task'
    /** The use of a machine is far from what was expected of it. */
    | 'unexpected-use'
  /** Id of the machine or the task. */
  readonly subject: string
  /** When it began, as far as that is known. */
  readonly sinceSeconds: number
  /** In [0, 1]: 0.5 at the limit from which on it is reported. */
  readonly confidence: number
  /** The figures behind it, as a clause about the subject. */
  readonly detail: string
}

/**
 * r^2 / (1 + r^2): how sure a figure r times its limit makes us, 0.5 at the limit itself. Written so that an infinite ratio
 * gives 1 and not NaN.
 */
export function confidenceOf(ratio: number): number {
  return ratio === 0 ? 0 : 1 / (1 + 1 / (ratio * ratio))
}
