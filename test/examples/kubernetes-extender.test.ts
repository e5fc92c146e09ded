import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { createExtender, type Extender, type Node, type Pod } from 'cloudsched/kubernetes'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createExtenderServer, serverDefaults } from '../../examples/kubernetes-extender/server.ts'
import { shutDown } from '../../examples/shut-down.ts'

const node = (name: string, cpu = '4'): Node => ({
  metadata: { name },
  status: { allocatable: { cpu, memory: '8Gi' } },
})
const pod = (name: string, cpu = '1', nodeName?: string): Pod => ({
  metadata: { name, namespace: 'shop', uid: `uid-${name}` },
  spec: { containers: [{ resources: { requests: { cpu } } }], ...(nodeName ? { nodeName } : {}) },
})

let extender: Extender
let server: ReturnType<typeof createExtenderServer>
let port: number

async function open(limits: Partial<typeof serverDefaults> = {}): Promise<void> {
  extender = createExtender()
  server = createExtenderServer(extender, { ...serverDefaults, maxBodyBytes: 5000, ...limits }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
}

beforeEach(() => open())
afterEach(() => shutDown(server, 100))

async function post(path: string, body: unknown, at = port) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(`http://127.0.0.1:${at}${path}`, { method: 'POST', body: text })
  return { status: response.status, answer: JSON.parse(await response.text()) }
}

/** All that the server says on a connection of bare bytes until it ends it. */
async function talk(bytes: string, thenEvery?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (chunk) => (heard += chunk))
  socket.on('error', () => {})
  socket.write(bytes)
  const timer = thenEvery === undefined ? undefined : setInterval(() => socket.write(thenEvery), 10)
  await once(socket, 'close')
  clearInterval(timer)
  return heard
}

test('news of nodes, then filter and prioritize as kube-scheduler asks them', async () => {
  const { answer } = await post('/nodes', { kind: 'NodeList', items: [node('n1', '500m'), node('n2'), node('n3')] })
  expect(answer).toEqual({ nodes: 3, pods: 0, uncounted: [] })
  await post('/pods', { type: 'ADDED', object: pod('old', '3', 'n2') })
  const args = { Pod: pod('new'), Nodes: null, NodeNames: ['n1', 'n2', 'n3'] }
  expect(await post('/scheduler/filter', args)).toEqual({
    status: 200,
    answer: {
      Nodes: null,
      NodeNames: ['n2', 'n3'],
      FailedNodes: { n1: 'needs 1 cpu, 0.5 free' },
      FailedAndUnresolvableNodes: {},
      Error: '',
    },
  })
  const ranked = await post('/scheduler/prioritize', { ...args, NodeNames: ['n2', 'n3'] })
  expect(ranked.answer).toEqual([
    { Host: 'n2', Score: 0 },
    { Host: 'n3', Score: 10 },
  ])
  // Booked on n3: known before any binding is seen.
  expect(extender.scheduler.free('n3')['cpu']).toBe(3)
})

test('a list forgets what is not in it, an event only what it says; a booked pod stays', async () => {
  await post('/nodes', { items: [node('n1'), node('n2')] })
  await post('/pods', { items: [pod('a', '1', 'n1'), pod('b', '1', 'n1'), pod('lost', '1', 'n9')] })
  await post('/scheduler/prioritize', { Pod: pod('booked'), Nodes: null, NodeNames: ['n2'] })
  expect(extender.uncounted().map((one) => one.pod)).toEqual(['shop/lost'])
  const { answer } = await post('/pods', { items: [pod('b', '1', 'n1'), pod('booked')] })
  expect(answer).toEqual({ nodes: 2, pods: 2, uncounted: [] })
  await post('/pods', { type: 'DELETED', object: pod('b', '1', 'n1') })
  expect(extender.scheduler.running().map(({ task }) => task.id)).toEqual(['shop/booked'])
  expect((await post('/nodes', { type: 'DELETED', object: node('n2') })).answer).toEqual({
    nodes: 1,
    pods: 0,
    uncounted: [],
  })
  expect((await post('/nodes', { items: [node('n3')] })).answer.nodes).toBe(1)
  expect(extender.scheduler.machines().map(({ id }) => id)).toEqual(['n3'])
})

test('what is malformed or at no address is refused and changes nothing', async () => {
  await post('/nodes', { items: [node('n1')] })
  const statuses = [
    (await post('/scheduler/filter', '{"Pod":')).status,
    (await post('/scheduler/filter', { Pod: pod('p') })).status,
    (await post('/nodes', { items: [node('n2'), node('n3', 'four')] })).status,
    (await post('/nodes', { items: [node('n2'), {}] })).status,
    (await post('/nodes', { type: 'BOOKMARK', object: node('n2') })).status,
    (await post('/nodes', 'null')).status,
    (await post('/pods', { type: 'DELETED', object: {} })).status,
    (await post('/pods', { items: [pod('a', '1', 'n1'), pod('b', 'much')] })).status,
  ]
  expect(statuses).toEqual([400, 400, 400, 400, 400, 400, 400, 400])
  expect((await post('/scheduler/preempt', {})).status).toBe(404)
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
  expect((await fetch(`http://127.0.0.1:${port}/scheduler/filter`)).status).toBe(405)
  const health = await fetch(`http://127.0.0.1:${port}/healthz`)
  expect(await health.json()).toEqual({ nodes: 1, pods: 0, uncounted: [] })
})

test('a body beyond the limit is refused and its connection ended, whether its length is said or not', async () => {
  expect((await post('/nodes', JSON.stringify({ items: [node('n'.repeat(6000))] }))).status).toBe(413)
  const head = 'POST /scheduler/filter HTTP/1.1\r\nHost: x\r\n'
  // What is said to follow never comes: the answer does not wait for it.
  expect(await talk(`${head}Content-Length: 999999\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 413 [\s\S]*connection: close/i)
  // An endless body.
  const chunk = `3e8\r\n${' '.repeat(1000)}\r\n`
  expect(await talk(`${head}Transfer-Encoding: chunked\r\n\r\n`, chunk)).toMatch(/^HTTP\/1\.1 413 /)
  expect(extender.scheduler.machines()).toEqual([])
})

test('a client that is too slow is cut off, in its headers or in its body', async () => {
  await shutDown(server, 0)
  await open({ headersTimeoutMs: 150, requestTimeoutMs: 300 })
  expect(await talk('POST /scheduler/filter HTTP/1.1\r\n', 'X-Slow: 1\r\n')).toMatch(/^HTTP\/1\.1 408 /)
  const head = 'POST /scheduler/filter HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n'
  expect(await talk(head, ' ')).toMatch(/^HTTP\/1\.1 408 /)
})

test('what is in is answered before the server ends; what comes then is not', async () => {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  socket.on('data', (chunk) => (heard += chunk))
  const body = JSON.stringify({ items: [node('n1')] })
  socket.write(`POST /nodes HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`)
  await once(server, 'request')
  const isDown = shutDown(server, 10_000)
  socket.write(body.slice(10))
  await isDown
  expect(heard).toMatch(/^HTTP\/1\.1 200 [\s\S]*"nodes":1/)
  await expect(post('/nodes', {})).rejects.toThrow('fetch failed')
})

test('the program listens where it is told, and ends when it is told', async () => {
  const args = ['--import', 'tsx', 'examples/kubernetes-extender/main.ts', '--port', '0']
  const program = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = (await once(createInterface({ input: program.stdout! }), 'line')) as [string]
    const at = Number(line.split(' ').at(-1))
    expect((await post('/nodes', { items: [node('n1')] }, at)).answer.nodes).toBe(1)
    const gone = once(program, 'exit')
    program.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
  } finally {
    program.kill('SIGKILL')
  }
}, 30_000)

test('the policy for kube-scheduler names the address, the verbs and the limits of this server', () => {
  const policy = readFileSync('examples/kubernetes-extender/scheduler-policy.yaml', 'utf8')
  expect(policy).toContain(`urlPrefix: http://127.0.0.1:8888${serverDefaults.urlPrefix}\n`)
  for (const line of ['filterVerb: filter', 'prioritizeVerb: prioritize', 'weight: 100', 'nodeCacheCapable: true']) {
    expect(policy).toContain(`    ${line}\n`)
  }
  const [, seconds] = /httpTimeout: (\d+)s/.exec(policy)!
  // Not cut off here before the scheduler itself gives up.
  expect(1000 * Number(seconds)).toBeLessThanOrEqual(serverDefaults.requestTimeoutMs)
})
