/** The orchestrator over HTTP, for this computer alone: what it runs, any program here could run as well. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isCloudschedError } from 'cloudsched'
import type { LiveTask } from 'cloudsched/live'
import { BodyTooLong, readBody } from '../read-body.ts'
import { shutDown } from '../shut-down.ts'
import { createLiveFeed, messageOf } from './live-feed.ts'
import type { Orchestrator } from './orchestrator.ts'
import type { Sample, Watch } from './watch.ts'
import { faultOf, type Work } from './work.ts'

const maxBodyBytes = 64 * 1024
const mostWaiting = 10_000
const shownTasks = 100
/** Seconds of the past that a page is given when it opens. */
const keptSamples = 180

const files = {
  '/': { type: 'text/html; charset=utf-8', text: readFileSync(new URL('page.html', import.meta.url), 'utf8') },
  '/page.mjs': { type: 'text/javascript', text: readFileSync(new URL('page.mjs', import.meta.url), 'utf8') },
}

/** An answer that is no success. */
class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export interface OrchestratorServer {
  readonly http: Server
  close(): Promise<void>
}

export function createOrchestratorServer(orchestrator: Orchestrator, watch: Watch): OrchestratorServer {
  const feed = createLiveFeed()
  const samples: Sample[] = [watch.sample()]
  const timer = setInterval(() => {
    samples.push(watch.look())
    if (samples.length > keptSamples) samples.shift()
    feed.push('sample', samples.at(-1))
    feed.push('state', state())
  }, 1000)
  const http = createServer({ headersTimeout: 5000, requestTimeout: 10_000, connectionsCheckingInterval: 1000 })
  http.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, error))
  })
  return {
    http,
    close() {
      clearInterval(timer)
      feed.close()
      return shutDown(http, 2000)
    },
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkSender(request)
    const [path = '/'] = (request.url ?? '/').split('?')
    const name = /^\/tasks\/([^/]+)$/.exec(path)?.[1]
    const id = name === undefined ? '' : decoded(name)
    switch (`${request.method} ${name === undefined ? path : '/tasks/:id'}`) {
      case 'GET /':
      case 'GET /page.mjs': {
        const { type, text } = files[path as keyof typeof files]
        const policy = `default-src 'self'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'`
        response.writeHead(200, { 'content-type': type, 'content-security-policy': policy }).end(text)
        return
      }
      case 'GET /state':
        return send(response, 200, state())
      case 'GET /events':
        if (!feed.connect(response)) throw new Refusal(503, 'too-many', 'too many pages are open')
        response.write(messageOf('history', samples) + messageOf('state', state()))
        return
      case 'POST /tasks': {
        const { task, work } = await readTask(request)
        if (isKnown(task.id)) throw new Refusal(409, 'known', `task ${task.id} is known; a repetition changes nothing`)
        if (orchestrator.waiting().length >= mostWaiting) throw new Refusal(503, 'full', `${mostWaiting} tasks wait`)
        await orchestrator.submit(task, work)
        return send(response, 201, orchestrator.explain(task.id))
      }
      case 'GET /tasks/:id':
        if (!isKnown(id)) throw new Refusal(404, 'unknown', `task ${id} is not known`)
        return send(response, 200, orchestrator.explain(id))
      case 'DELETE /tasks/:id': {
        if (!isKnown(id)) throw new Refusal(404, 'unknown', `task ${id} is not known`)
        const before = orchestrator.explain(id)
        const isOpen = before.state === 'waiting' || before.state === 'running'
        const now = isOpen ? await orchestrator.cancel(id) : before
        return send(response, now.state === 'cancelled' ? 200 : 409, now)
      }
      default:
        throw new Refusal(404, 'no-route', `there is no ${request.method} ${path}`)
    }
  }

  function state(): unknown {
    return {
      ...watch.sample(),
      tasks: watch.running(),
      queue: orchestrator
        .waiting()
        .slice(0, shownTasks)
        .map(({ id, demand, priority = 0 }) => ({ id, demand, priority })),
      ended: orchestrator.ended().slice(-shownTasks).toReversed(),
      anomalies: watch.anomalies(),
    }
  }

  function isKnown(id: string): boolean {
    try {
      orchestrator.explain(id)
      return true
    } catch (error) {
      if (isCloudschedError(error)) return false
      throw error
    }
  }
}

/** A page elsewhere on the web must not reach this service through the browser of who works here. */
function checkSender({ method, headers }: IncomingMessage): void {
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? '')) {
    throw new Refusal(403, 'host', 'this service is for this computer alone')
  }
  // Without the header a browser would not ask first whether it may send that.
  if (method === 'POST' && !headers['content-type']?.startsWith('application/json')) {
    throw new Refusal(415, 'content-type', 'the content type must be application/json')
  }
}

/** Work is checked here, the task by the scheduler, which knows its rules. */
async function readTask(request: IncomingMessage): Promise<{ readonly task: LiveTask; readonly work: Work }> {
  const { work, demand = { cpu: 1 }, ...task } = record(await readJson(request))
  const fault = faultOf(work)
  if (fault) throw new Refusal(400, 'invalid-input', fault)
  // Nothing is for nothing: the number of processes on a machine is bounded by its cores.
  if (!((record(demand).cpu as number) >= 0.1)) {
    throw new Refusal(400, 'invalid-input', 'demand.cpu must be a number >= 0.1')
  }
  if (typeof task.id !== 'string' || task.id === '' || task.id.length > 100) {
    throw new Refusal(400, 'invalid-input', 'id must be a string of 1 to 100 characters')
  }
  return { task: { ...task, demand } as unknown as LiveTask, work: work as Work }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await readBody(request, maxBodyBytes)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, 'json', 'the body must be JSON')
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Refusal(400, 'invalid-input', 'the body and its demand must be objects')
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    throw new Refusal(400, 'path', 'the path does not decode')
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy()
  if (error instanceof BodyTooLong) {
    // What still comes is not read.
    response.setHeader('connection', 'close')
    return send(response, 413, { error: { code: 'too-long', message: error.message } })
  }
  if (error instanceof Refusal)
    return send(response, error.status, { error: { code: error.code, message: error.message } })
  if (isCloudschedError(error)) {
    const { code, message, findings } = error
    return send(response, 400, { error: { code, message, findings } })
  }
  send(response, 500, { error: { code: 'internal', message: 'see the log of the service' } })
  console.error(error)
}
