/** What a machine says to keep tasks away. */
export interface Taint {
  readonly key: string
  readonly value?: string
  /** `NoExecute` keeps new tasks away like `NoSchedule`; tasks that run there already are the orchestrator's to move. */
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute'
}

/** Which taints a task puts up with. */
export interface Toleration {
  /** Every key, where none is given (the operator must then be `Exists`). */
  readonly key?: string
  /** @defaultValue 'Equal' */
  readonly operator?: 'Exists' | 'Equal'
  readonly value?: string
  /** Every effect, where none is given. */
  readonly effect?: Taint['effect']
}

/** The first taint that forbids the task, or `null`. */
export function forbiddingTaint(taints: readonly Taint[], tolerations: readonly Toleration[]): Taint | null {
  return taints.find((taint) => taint.effect !== 'PreferNoSchedule' && !isTolerated(taint, tolerations)) ?? null
}

/** How many taints would rather keep the task away. */
export function discouragingTaints(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  return taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations)).length
}

function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some(
    ({ key, operator = 'Equal', value = '', effect }) =>
      (key === undefined ? operator === 'Exists' : key === taint.key) &&
      (operator === 'Exists' || value === (taint.value ?? '')) &&
      (effect === undefined || effect === taint.effect),
  )
}
