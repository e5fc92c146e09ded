import { describe, expect, test } from 'vitest'
import { createExtender, type Extender, extenderHandler, type Node, type Pod } from '../../src/kubernetes/index.ts'

const node = (name: string, cpu = '4', rest: Partial<Node> = {}): Node => ({
  metadata: { name },
  status: { allocatable: { cpu, memory: '8Gi', pods: '110' } },
  ...rest,
})
const pod = (name: string, cpu = '1', nodeName?: string): Pod => ({
  metadata: { name, namespace: 'default', uid: `uid-${name}` },
  spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...(nodeName ? { nodeName } : {}) },
})

function cached(...nodes: Node[]): Extender {
  const extender = createExtender()
  for (const one of nodes) extender.nodeChanged(one)
  return extender
}

describe('on the wire', () => {
  const post = async (extender: Extender, verb: string, body: unknown, nowSeconds = 0) => {
    const handle = extenderHandler(extender, { urlPrefix: '/scheduler', maxBodyLength: 5000 })
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const { status, body: answer } = await handle(
      { method: 'POST', path: `/scheduler/${verb}`, body: text },
      nowSeconds,
    )
    return { status, answer: JSON.parse(answer) }
  }

  test('filter with names answers names, keys in PascalCase, all of them there', async () => {
    const extender = cached(node('n1', '500m'), node('n2'), node('n3'))
    expect(await post(extender, 'filter', { Pod: pod('p'), Nodes: null, NodeNames: ['n1', 'n2', 'n3', 'n4'] })).toEqual(
      {
        status: 200,
        answer: {
          Nodes: null,
          NodeNames: ['n2', 'n3'],
          FailedNodes: { n1: 'needs 1 cpu, 0.5 free' },
          FailedAndUnresolvableNodes: { n4: 'is not known to the extender' },
          Error: '',
        },
      },
    )
  })

  test('filter with whole nodes answers whole nodes', async () => {
    const items = [node('n1', '500m'), { ...node('n2'), spec: { providerID: 'x' } as never }]
    expect(
      await post(createExtender(), 'filter', { Pod: pod('p'), Nodes: { metadata: {}, items }, NodeNames: null }),
    ).toEqual({
      status: 200,
      answer: {
        Nodes: { items: [items[1]] },
        NodeNames: null,
        FailedNodes: { n1: 'needs 1 cpu, 0.5 free' },
        FailedAndUnresolvableNodes: {},
        Error: '',
      },
    })
  })

  test('prioritize answers whole numbers from 0 to 10, one node alone at the top', async () => {
    const extender = cached(node('n1', '2'), node('n2', '8'), node('n3', '8'), node('n4', '500m'))
    // Worst fit by free parts: all of n1 to n3 are empty, so all free parts are equal; ties go by name.
    expect(
      await post(extender, 'prioritize', { Pod: pod('p'), Nodes: null, NodeNames: ['n3', 'n2', 'n1', 'n4'] }),
    ).toEqual({
      status: 200,
      answer: [
        { Host: 'n3', Score: 9 },
        { Host: 'n2', Score: 9 },
        { Host: 'n1', Score: 10 },
        { Host: 'n4', Score: 0 },
      ],
    })
    // p is booked on n1 now: the next one prefers the two that are empty.
    const { answer } = await post(extender, 'prioritize', { Pod: pod('q'), Nodes: null, NodeNames: ['n1', 'n2', 'n3'] })
    expect(answer).toEqual([
      { Host: 'n1', Score: 0 },
      { Host: 'n2', Score: 10 },
      { Host: 'n3', Score: 9 },
    ])
  })

  test('bind posts a Binding, and answers its error', async () => {
    const bodies: unknown[] = []
    const args = { PodName: 'p', PodNamespace: 'default', PodUID: 'u', Node: 'n1' }
    const extender = createExtender({ bind: async (binding) => void bodies.push(binding) })
    expect(await post(extender, 'bind', args)).toEqual({ status: 200, answer: { Error: '' } })
    expect(bodies).toMatchObject([
      { kind: 'Binding', metadata: { name: 'p', uid: 'u' }, target: { kind: 'Node', name: 'n1' } },
    ])
    const failing = createExtender({ bind: () => Promise.reject(new Error('conflict')) })
    expect(await post(failing, 'bind', args)).toEqual({ status: 200, answer: { Error: 'conflict' } })
    expect((await post(createExtender(), 'bind', args)).answer.Error).toBe('this extender does not bind')
  })

  test.each([
    ['filter', '{', 400],
    ['filter', 'null', 400],
    ['filter', '[]', 400],
    ['filter', '{"Pod":null,"Nodes":null,"NodeNames":["a"]}', 400],
    ['filter', '{"Pod":{},"Nodes":null,"NodeNames":["n1"]}', 400],
    ['filter', '{"Pod":{"metadata":{"name":"p"}},"Nodes":null,"NodeNames":null}', 400],
    ['filter', '{"Pod":{"metadata":{"name":"p"}},"Nodes":{"items":7},"NodeNames":null}', 400],
    ['filter', '{"Pod":{"metadata":{"name":"p"}},"Nodes":null,"NodeNames":[7]}', 400],
    [
      'filter',
      '{"Pod":{"metadata":{"name":"p"},"spec":{"containers":[{"resources":{"requests":{"cpu":"much"}}}]}},"NodeNames":["n1"]}',
      400,
    ],
    ['filter', '{"Pod":{"metadata":{"name":"p"}},"Nodes":{"items":[{"metadata":{}}]},"NodeNames":null}', 400],
    ['bind', '{"PodName":"p"}', 400],
    ['filter', `"${'x'.repeat(6000)}"`, 413],
    ['preempt', '{}', 404],
    ['', '{}', 404],
  ])('%s with a body that it cannot use changes nothing: %s', async (verb, body, status) => {
    const extender = cached(node('n1'))
    const { status: answered, answer } = await post(extender, verb, body)
    expect(answered).toBe(status)
    expect(answer.Error).not.toBe('')
    expect(extender.scheduler.running()).toEqual([])
    expect(extender.scheduler.machines()).toHaveLength(1)
  })

  test('only POST, only below the prefix', async () => {
    const handle = extenderHandler(cached(node('n1')), { urlPrefix: '/scheduler' })
    expect((await handle({ method: 'GET', path: '/scheduler/filter', body: '' }, 0)).status).toBe(405)
    expect((await handle({ method: 'POST', path: '/filter', body: '{}' }, 0)).status).toBe(404)
  })
})

describe('bookkeeping', () => {
  test('a burst of 500 pods does not herd onto one node', () => {
    const names = Array.from({ length: 50 }, (_, k) => `n${k}`)
    const extender = cached(...names.map((name) => node(name, '16')))
    const load = new Map<string, number>()
    for (let k = 0; k < 500; k++) {
      const args = { Pod: pod(`p${k}`), Nodes: null, NodeNames: names }
      const left = extender.filter(args, k / 1000).NodeNames!
      const best = extender.prioritize({ ...args, NodeNames: left }, k / 1000).toSorted((a, b) => b.Score - a.Score)[0]!
      load.set(best.Host, (load.get(best.Host) ?? 0) + 1)
    }
    // 500 equal pods on 50 equal nodes, nothing of it reported back yet: ten on each.
    expect([...load.values()]).toEqual(Array.from({ length: 50 }, () => 10))
  })

  test('with one node left filter books it, for prioritize is not asked', () => {
    const extender = cached(node('n1', '1'))
    const args = (name: string) => ({ Pod: pod(name), Nodes: null, NodeNames: ['n1'] })
    expect(extender.filter(args('p'), 0).NodeNames).toEqual(['n1'])
    expect(extender.filter(args('q'), 1).NodeNames).toEqual([])
    // p asked about again is not in its own way.
    expect(extender.filter(args('p'), 2).NodeNames).toEqual(['n1'])
  })

  test('a booking that nobody confirms lapses; one that is confirmed elsewhere moves', () => {
    const extender = cached(node('n1', '1'), node('n2', '1'))
    const args = (name: string, ...names: string[]) => ({ Pod: pod(name), Nodes: null, NodeNames: names })
    extender.filter(args('p', 'n1'), 0)
    expect(extender.filter(args('q', 'n1'), 31).NodeNames).toEqual(['n1'])
    extender.podChanged(pod('q', '1', 'n2'), 32)
    expect(extender.filter(args('r', 'n1', 'n2'), 33).NodeNames).toEqual(['n1'])
    extender.podChanged({ ...pod('q', '1', 'n2'), status: { phase: 'Succeeded' } }, 34)
    expect(extender.filter(args('s', 'n2'), 35).NodeNames).toEqual(['n2'])
  })

  test('a node is read again when its version has changed, and only then', () => {
    const extender = createExtender()
    const at = (resourceVersion: string, cpu: string): Node => ({
      ...node('n1', cpu),
      metadata: { name: 'n1', resourceVersion },
    })
    extender.nodeChanged(at('7', '4'))
    extender.nodeChanged(at('7', '9'))
    expect(extender.scheduler.free('n1')['cpu']).toBe(4)
    extender.nodeChanged(at('8', '9'))
    expect(extender.scheduler.free('n1')['cpu']).toBe(9)
    extender.nodeRemoved('n1')
    extender.nodeChanged(at('8', '5'))
    expect(extender.scheduler.free('n1')['cpu']).toBe(5)
  })

  test('what runs counts even where there is no room for it, and before its node is known', () => {
    const extender = createExtender()
    extender.podChanged(pod('early', '3', 'n1'), 0)
    expect(extender.uncounted()).toMatchObject([{ pod: 'default/early', node: 'n1' }])
    extender.nodeChanged(node('n1', '4'))
    expect(extender.uncounted()).toEqual([])
    extender.podChanged(pod('second', '3', 'n1'), 1)
    expect(extender.scheduler.free('n1')['cpu']).toBe(-2)
    extender.podRemoved(pod('early'))
    expect(extender.scheduler.free('n1')['cpu']).toBe(1)
    extender.nodeRemoved('n1')
    expect(extender.scheduler.running()).toEqual([])
  })
})
