import { expect, test } from 'vitest'
import { bindingOf, machineFromNode, type Pod, planPods, taskFromPod } from '../../src/kubernetes/index.ts'

test('a pod asks for its containers, or for the init container that asks for more, and for its overhead', () => {
  const pod: Pod = {
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: {
      initContainers: [
        { resources: { requests: { cpu: '2', memory: '64Mi' } } },
        { restartPolicy: 'Always', resources: { requests: { cpu: '100m' } } },
        { resources: { requests: { memory: '1Gi' } } },
      ],
      containers: [
        { resources: { requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '1Gi', 'nvidia.com/gpu': 1 } } },
        { resources: { requests: { cpu: '750m', memory: '128Mi' } } },
      ],
      overhead: { cpu: '50m' },
      priority: 1000,
      nodeSelector: { disk: 'ssd' },
    },
  }
  // cpu: first init container 2; running 0.1 + 0.25 + 0.75 = 1.1; the most is 2, and 0.05 overhead.
  // memory: third init container 1024; running 256 + 128 = 384; the most is 1024.
  expect(taskFromPod(pod)).toEqual({
    id: 'shop/web',
    demand: { cpu: 2.05, memoryMib: 1024, gpu: 1, pods: 1 },
    labels: { app: 'web', 'cloudsched/namespace': 'shop' },
    priority: 1000,
    requiredLabels: { disk: 'ssd' },
  })
})

test('a node offers what is allocatable; a cordoned one has a taint', () => {
  expect(
    machineFromNode({
      metadata: { name: 'n1', labels: { zone: 'a' } },
      spec: { unschedulable: true, taints: [{ key: 'gpu', value: 'yes', effect: 'NoExecute' }] },
      status: { allocatable: { cpu: '3920m', memory: '4Gi', pods: '29' }, capacity: { cpu: '4' } },
    }),
  ).toEqual({
    id: 'n1',
    capacity: { cpu: 3.92, memoryMib: 4096, pods: 29 },
    labels: { zone: 'a' },
    taints: [
      { key: 'gpu', value: 'yes', effect: 'NoExecute' },
      { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
    ],
  })
})

test('a binding is the body of a POST', () => {
  expect(bindingOf({ metadata: { name: 'web', namespace: 'shop', uid: 'u1' } }, 'n1')).toEqual({
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: 'web', namespace: 'shop', uid: 'u1' },
    target: { apiVersion: 'v1', kind: 'Node', name: 'n1' },
  })
})

test('what does not parse names its object', () => {
  expect(() => machineFromNode({ metadata: { name: 'n1' }, status: { allocatable: { cpu: 'four' } } })).toThrow(
    /node n1: cpu/,
  )
  expect(() => taskFromPod({ metadata: {} } as never)).toThrow(/pod.metadata.name must be given/)
  expect(() =>
    taskFromPod({ metadata: { name: 'p' }, spec: { containers: [{ resources: { requests: { cpu: '-1' } } }] } }),
  ).toThrow(/pod default\/p: cpu/)
})

const node = (name: string, cpu: string) => ({
  metadata: { name, labels: { host: name } },
  status: { allocatable: { cpu } },
})
const pod = (name: string, cpu: string, rest: Partial<NonNullable<Pod['spec']>> = {}, namespace = 'default'): Pod => ({
  metadata: { name, namespace, labels: { app: 'web' } },
  spec: { containers: [{ resources: { requests: { cpu } } }], ...rest },
})

test('a plan counts pods that have a node, and says why others have none', () => {
  const plan = planPods(
    [pod('a', '3', { nodeName: 'n1' }), pod('b', '2'), pod('c', '4')],
    [node('n1', '4'), node('n2', '4')],
  )
  expect(plan.bindings.map(({ metadata, target }) => [metadata.name, target.name])).toEqual([['b', 'n2']])
  expect(plan.unschedulable).toEqual([
    {
      pod: 'default/c',
      refusals: [
        { machine: 'n1', reasons: ['needs 4 cpu, 1 free'] },
        { machine: 'n2', reasons: ['needs 4 cpu, 2 free'] },
      ],
    },
  ])
})

test('affinity stays within its namespace', () => {
  const away = {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'host' },
        ],
      },
    },
  }
  const nodes = [node('n1', '9')]
  expect(planPods([pod('a', '1', away), pod('b', '1', away)], nodes).bindings).toHaveLength(1)
  expect(planPods([pod('a', '1', away), pod('b', '1', away, 'other')], nodes).bindings).toHaveLength(2)
})
