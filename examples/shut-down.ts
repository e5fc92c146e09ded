/** Ends an HTTP server; for the two servers among the examples. */
import type { Server } from 'node:http'

/** Takes no new connections, answers the requests that are in, and cuts off what lasts longer than `patienceMs`. */
export function shutDown(server: Server, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is kept open between requests becomes idle after its answer, and would hold up the end.
    const idle = setInterval(() => server.closeIdleConnections(), 20)
    const late = setTimeout(() => server.closeAllConnections(), patienceMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(late)
      resolve()
    })
  })
}
