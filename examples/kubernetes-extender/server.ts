/** The extender over `node:http`: three verbs for kube-scheduler, two doors for news, and what a server on a cluster owes. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isCloudschedError } from 'cloudsched'
import { type Extender, extenderHandler, handlerDefaults } from 'cloudsched/kubernetes'
import { BodyTooLong, readBody } from '../read-body.ts'
import { NewsError, takeNodeNews, takePodNews } from './news.ts'

export interface ExtenderServerOptions {
  /** What stands before the verbs, as in the policy of kube-scheduler. */
  readonly urlPrefix: string
  /** A longer body is refused with 413, and the connection is ended. */
  readonly maxBodyBytes: number
  /** A client that has not sent its headers, or its whole request, within this time is cut off with 408. */
  readonly headersTimeoutMs: number
  readonly requestTimeoutMs: number
}

/** The limit of the handler itself: whole nodes are some kilobytes each, names alone stay far below it. */
export const serverDefaults: ExtenderServerOptions = {
  urlPrefix: '/scheduler',
  maxBodyBytes: handlerDefaults.maxBodyLength,
  headersTimeoutMs: 2000,
  requestTimeoutMs: 5000,
}

export function createExtenderServer(extender: Extender, options: ExtenderServerOptions = serverDefaults): Server {
  const { urlPrefix, maxBodyBytes, headersTimeoutMs, requestTimeoutMs } = options
  const handle = extenderHandler(extender, { urlPrefix, maxBodyLength: maxBodyBytes })
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Node looks for slow clients every 30 s unless told otherwise.
    connectionsCheckingInterval: Math.min(1000, headersTimeoutMs / 2),
    // kube-scheduler keeps its connections open between pods.
    keepAliveTimeout: 60_000,
  })
  return server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => refuse(response, error))
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '' } = request
    const [path = '/'] = (request.url ?? '/').split('?')
    if (method === 'GET' && path === '/healthz') return send(response, 200, JSON.stringify(health(extender)))
    const body = await readBody(request, maxBodyBytes)
    const nowSeconds = Date.now() / 1000
    if (method === 'POST' && path === '/nodes') takeNodeNews(extender, JSON.parse(body))
    else if (method === 'POST' && path === '/pods') takePodNews(extender, JSON.parse(body), nowSeconds)
    else {
      const { status, body: text } = await handle({ method, path, body }, nowSeconds)
      return send(response, status, text)
    }
    send(response, 200, JSON.stringify(health(extender)))
  }
}

/** What a probe, or a person, wants to know. */
function health(extender: Extender): unknown {
  const { machines, running } = extender.scheduler
  return { nodes: machines().length, pods: running().length, uncounted: extender.uncounted() }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

function refuse(response: ServerResponse, error: unknown): void {
  const text = JSON.stringify({ Error: error instanceof Error ? error.message : String(error) })
  if (error instanceof BodyTooLong) {
    // What still comes is not read.
    response.setHeader('connection', 'close')
    return send(response, 413, text)
  }
  if (error instanceof NewsError || error instanceof SyntaxError || isCloudschedError(error)) {
    return send(response, 400, text)
  }
  // A client that was cut off while it sent hears nothing any more.
  if (response.destroyed || response.req.destroyed) return
  console.error(error)
  send(response, 500, JSON.stringify({ Error: 'see the log of the extender' }))
}
