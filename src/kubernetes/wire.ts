import type { Node, Pod } from './objects.ts'

/** The request of filter and prioritize. The extender's own structs have no JSON tags: their keys are in PascalCase. */
export interface ExtenderArgs {
  /** The pod that is asked about. */
  readonly Pod: Pod
  /** Whole nodes; `null` where names are sent. */
  readonly Nodes: { readonly items: readonly Node[] } | null
  /** Names, for an extender that keeps the nodes itself (`nodeCacheCapable`); `null` where whole nodes are sent. */
  readonly NodeNames: readonly string[] | null
}

/** The answer of filter: of Nodes and NodeNames that which was asked with, a subset of it. */
export interface ExtenderFilterResult {
  readonly Nodes: { readonly items: readonly Node[] } | null
  readonly NodeNames: readonly string[] | null
  /** Nodes where room may come by pushing pods off, each with the reason. */
  readonly FailedNodes: Readonly<Record<string, string>>
  /** Nodes that no preemption can help. */
  readonly FailedAndUnresolvableNodes: Readonly<Record<string, string>>
  readonly Error: string
}

/** One line of the answer of prioritize; the score is a whole number from 0 to 10. */
export interface HostPriority {
  readonly Host: string
  readonly Score: number
}

/** The request of bind. */
export interface ExtenderBindingArgs {
  readonly PodName: string
  readonly PodNamespace: string
  readonly PodUID: string
  /** Name of the node that it is to be bound to. */
  readonly Node: string
}

/** The answer of bind; an empty error is success. */
export interface ExtenderBindingResult {
  readonly Error: string
}
