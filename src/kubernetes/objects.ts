import type { Affinity, Taint, Toleration, TopologySpreadConstraint } from '../live/index.ts'

/** Quantities by name of the resource: `{ cpu: '500m', memory: '2Gi' }`. */
export type ResourceList = Readonly<Record<string, string | number>>

/** What of the metadata of an object is read. */
export interface ObjectMeta {
  readonly name: string
  /** @defaultValue 'default' */
  readonly namespace?: string
  readonly uid?: string
  /** Changes with every change of the object. */
  readonly resourceVersion?: string
  readonly labels?: Readonly<Record<string, string>>
}

/** What of a container is read. */
export interface Container {
  readonly name?: string
  readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList }
  /** `Always` makes an init container one that runs beside the others. */
  readonly restartPolicy?: string
}

/** What of a Pod is read; all else is let pass. */
export interface Pod {
  readonly metadata: ObjectMeta
  readonly spec?: {
    readonly containers?: readonly Container[]
    readonly initContainers?: readonly Container[]
    readonly overhead?: ResourceList
    readonly nodeName?: string
    readonly nodeSelector?: Readonly<Record<string, string>>
    readonly priority?: number
    readonly preemptionPolicy?: string
    readonly tolerations?: readonly Toleration[]
    readonly affinity?: Affinity
    readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[]
  }
  readonly status?: { readonly phase?: string }
}

/** What of a Node is read; all else is let pass. */
export interface Node {
  readonly metadata: ObjectMeta
  readonly spec?: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean }
  readonly status?: { readonly allocatable?: ResourceList; readonly capacity?: ResourceList }
}

/** The body of a POST to `pods/<name>/binding`. */
export interface Binding {
  readonly apiVersion: 'v1'
  readonly kind: 'Binding'
  readonly metadata: ObjectMeta
  readonly target: { readonly apiVersion: 'v1'; readonly kind: 'Node'; readonly name: string }
}
