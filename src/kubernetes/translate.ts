import { CloudschedError } from '../errors/cloudsched-error.ts'
import type {
  Affinity,
  AffinityTerm,
  LabelSelector,
  LiveMachine,
  LiveTask,
  Taint,
  TaskAffinity,
  TopologySpreadConstraint,
} from '../live/index.ts'
import type { Binding, Container, Node, Pod, ResourceList } from './objects.ts'
import { parseQuantity } from './quantity.ts'

/** Resources that go by another name or unit here: cores stay cores, bytes become MiB. */
const renamed: Readonly<Record<string, { readonly name: string; readonly factor: number }>> = {
  cpu: { name: 'cpu', factor: 1 },
  memory: { name: 'memoryMib', factor: 2 ** -20 },
  'ephemeral-storage': { name: 'storageMib', factor: 2 ** -20 },
  'nvidia.com/gpu': { name: 'gpu', factor: 1 },
}

/** A label that every task carries, so that a selector can be held to a namespace. */
const namespaceLabel = 'cloudsched/namespace'

/** The id of a pod's task: its namespace and name. */
export function taskIdOf({ metadata }: Pick<Pod, 'metadata'>): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`
}

/**
 * A pod as a task: the requests of its containers (a limit where no request stands), at least those of each init container
 * at its time, and its overhead; one of the `pods` that a node can hold; labels, node selector, tolerations, affinity, spread
 * and priority as they are, selectors held to their namespaces.
 *
 * @throws CloudschedError `format` for an object that is no pod, or a quantity that does not parse
 */
export function taskFromPod(pod: Pod): LiveTask {
  if (typeof pod?.metadata?.name !== 'string' || pod.metadata.name === '') {
    throw new CloudschedError('format', [
      { path: 'pod.metadata.name', received: pod?.metadata?.name, expected: 'given' },
    ])
  }
  const { metadata, spec = {} } = pod
  const namespace = metadata.namespace ?? 'default'
  return {
    id: taskIdOf(pod),
    demand: { ...podDemand(pod), pods: 1 },
    labels: { ...metadata.labels, [namespaceLabel]: namespace },
    priority: spec.priority ?? 0,
    ...(spec.nodeSelector ? { requiredLabels: spec.nodeSelector } : {}),
    ...(spec.tolerations ? { tolerations: spec.tolerations } : {}),
    ...(spec.affinity ? { affinity: affinityIn(namespace, spec.affinity) } : {}),
    ...(spec.topologySpreadConstraints
      ? { topologySpreadConstraints: spec.topologySpreadConstraints.map((one) => spreadIn(namespace, one)) }
      : {}),
  }
}

/**
 * A node as a machine: what is allocatable, its labels and taints; one that takes no pods has the taint of Kubernetes for that.
 *
 * @throws CloudschedError `format` for an object that is no node, or a quantity that does not parse
 */
export function machineFromNode(node: Node): LiveMachine {
  const name = node?.metadata?.name
  if (typeof name !== 'string' || name === '') {
    throw new CloudschedError('format', [{ path: 'node.metadata.name', received: name, expected: 'given' }])
  }
  const { metadata, spec = {}, status = {} } = node
  const cordon: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }
  const taints = [...(spec.taints ?? []), ...(spec.unschedulable ? [cordon] : [])].map(({ key, value, effect }) => ({
    key,
    effect,
    ...(value === undefined ? {} : { value }),
  }))
  const capacity = amounts(status.allocatable ?? status.capacity ?? {}, `node ${name}`)
  // A kubelet that does not say how many pods it takes takes 110.
  return { id: name, capacity: { pods: 110, ...capacity }, labels: { ...metadata.labels }, taints }
}

/** The body that binds a pod to a node. */
export function bindingOf(
  { metadata: { name, namespace = 'default', uid } }: Pick<Pod, 'metadata'>,
  node: string,
): Binding {
  return {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name, namespace, ...(uid === undefined ? {} : { uid }) },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  }
}

/** Rule of Kubernetes: init containers run one after the other before the others; those that stay add to what follows. */
function podDemand(pod: Pod): Record<string, number> {
  const path = `pod ${taskIdOf(pod)}`
  const { containers = [], initContainers = [], overhead = {} } = pod.spec ?? {}
  let beside: Record<string, number> = {}
  let peak: Record<string, number> = {}
  for (const container of initContainers) {
    const own = requests(container, path)
    if (container.restartPolicy === 'Always') {
      beside = sum(beside, own)
      peak = most(peak, beside)
    } else peak = most(peak, sum(beside, own))
  }
  const running = containers.reduce((total, container) => sum(total, requests(container, path)), beside)
  return sum(most(peak, running), amounts(overhead, path))
}

function requests({ resources = {} }: Container, path: string): Record<string, number> {
  return amounts({ ...resources.limits, ...resources.requests }, path)
}

function amounts(list: ResourceList, path: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(list).map(([resource, quantity]) => {
      const { name, factor } = renamed[resource] ?? { name: resource, factor: 1 }
      return [name, parseQuantity(quantity, `${path}: ${resource}`) * factor]
    }),
  )
}

function sum(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  return merged(a, b, (x, y) => x + y)
}

function most(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  return merged(a, b, Math.max)
}

function merged(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
  join: (x: number, y: number) => number,
): Record<string, number> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries(Array.from(names, (name) => [name, join(a[name] ?? 0, b[name] ?? 0)]))
}

function affinityIn(namespace: string, { nodeAffinity, podAffinity, podAntiAffinity }: Affinity): Affinity {
  return {
    ...(nodeAffinity ? { nodeAffinity } : {}),
    ...(podAffinity ? { podAffinity: termsIn(namespace, podAffinity) } : {}),
    ...(podAntiAffinity ? { podAntiAffinity: termsIn(namespace, podAntiAffinity) } : {}),
  }
}

function termsIn(namespace: string, affinity: TaskAffinity): TaskAffinity {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution
  return {
    ...(required
      ? { requiredDuringSchedulingIgnoredDuringExecution: required.map((term) => termIn(namespace, term)) }
      : {}),
    ...(preferred
      ? {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map(({ weight, podAffinityTerm }) => ({
            weight,
            podAffinityTerm: termIn(namespace, podAffinityTerm),
          })),
        }
      : {}),
  }
}

/** A term without namespaces means that of its own pod. */
function termIn(own: string, term: AffinityTerm & { readonly namespaces?: readonly string[] }): AffinityTerm {
  const { labelSelector, topologyKey, namespaces = [] } = term
  return { labelSelector: held(labelSelector, namespaces.length > 0 ? namespaces : [own]), topologyKey }
}

function spreadIn(namespace: string, constraint: TopologySpreadConstraint): TopologySpreadConstraint {
  const { maxSkew, topologyKey, whenUnsatisfiable, labelSelector } = constraint
  return { maxSkew, topologyKey, whenUnsatisfiable, labelSelector: held(labelSelector, [namespace]) }
}

function held(selector: LabelSelector | undefined, namespaces: readonly string[]): LabelSelector {
  const { matchLabels, matchExpressions = [] } = selector ?? {}
  return {
    ...(matchLabels ? { matchLabels } : {}),
    matchExpressions: [...matchExpressions, { key: namespaceLabel, operator: 'In', values: namespaces }],
  }
}
