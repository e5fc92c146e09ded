/** Server-sent events: what the page draws, pushed to all who listen. */
import type { ServerResponse } from 'node:http'

export interface LiveFeed {
  push(event: string, data: unknown): void
  /** Opens a stream; @returns false where too many are open */
  connect(response: ServerResponse): boolean
  close(): void
}

const mostListeners = 50
/** Bytes that wait for a listener; one that reads slower than that is let go, and comes again by itself. */
const mostBacklog = 2 ** 20

export function createLiveFeed(): LiveFeed {
  const listeners = new Set<ServerResponse>()
  return {
    push(event, data) {
      const message = messageOf(event, data)
      for (const listener of listeners) {
        if (listener.writableLength > mostBacklog) listener.destroy()
        else listener.write(message)
      }
    },
    connect(response) {
      if (listeners.size >= mostListeners) return false
      listeners.add(response)
      response.once('close', () => listeners.delete(response))
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      return true
    },
    close() {
      for (const listener of listeners) listener.end()
    },
  }
}

export function messageOf(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
