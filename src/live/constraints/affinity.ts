import { holds, type LabelRequirement, type LabelSelector, type Labels } from './label-selector.ts'

/** Rules on the labels of a machine, all of which must hold. */
export interface NodeSelectorTerm {
  readonly matchExpressions: readonly LabelRequirement[]
}

/** Which machines a task must or would like to run on, by their labels. */
export interface NodeAffinity {
  /** At least one term must hold. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms: readonly NodeSelectorTerm[] }
  /** Each term that holds adds its weight, 1 to 100. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly preference: NodeSelectorTerm
  }[]
}

/** Tasks by their labels, and how near counts as together: machines with one value of the label are one domain. */
export interface AffinityTerm {
  readonly labelSelector: LabelSelector
  /** A label of machines, e.g. a host name, a rack or a zone. */
  readonly topologyKey: string
}

/** Which tasks a task must, or would like to, run beside (affinity) or away from (anti-affinity). */
export interface TaskAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: AffinityTerm
  }[]
}

/** Spelt as Kubernetes spells it: `node` is a machine, `pod` a task. */
export interface Affinity {
  readonly nodeAffinity?: NodeAffinity
  readonly podAffinity?: TaskAffinity
  readonly podAntiAffinity?: TaskAffinity
}

/** How evenly tasks must be spread over the domains of a label. */
export interface TopologySpreadConstraint {
  /** Most by which the fullest domain may exceed the emptiest, >= 1. */
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway'
  readonly labelSelector: LabelSelector
}

/** Whether the machine's labels are among those that the task requires. */
export function meetsNodeAffinity(affinity: NodeAffinity | undefined, labels: Labels): boolean {
  const terms = affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  return terms === undefined || terms.some((term) => meetsTerm(term, labels))
}

/** Sum of the weights of the preferred terms that hold, in hundredths. */
export function nodePreference(affinity: NodeAffinity | undefined, labels: Labels): number {
  let sum = 0
  for (const { weight, preference } of affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []) {
    if (meetsTerm(preference, labels)) sum += weight
  }
  return sum / 100
}

function meetsTerm({ matchExpressions }: NodeSelectorTerm, labels: Labels): boolean {
  return matchExpressions.every((requirement) => holds(requirement, labels))
}
