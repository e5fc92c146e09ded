/**
 * Holds a folder for one process: a socket in it on which this one listens. A lock file would outlive a kill; a socket
 * that nobody listens on is known to be left over.
 */
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { isCode } from './attempt-files.ts'

/** @throws Error where another process holds it */
export async function holdAlone(path: string): Promise<() => void> {
  const server = await listen(path).catch(async (error: unknown) => {
    if (!isCode(error, 'EADDRINUSE')) throw error
    if (await isHeard(path)) throw new Error(`${path} is held by another process`, { cause: error })
    rmSync(path)
    return listen(path)
  })
  return () => server.close()
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy())
      .once('error', reject)
      .listen(path, () => resolve(server.unref()))
  })
}

function isHeard(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path)
      .once('connect', () => resolve(true))
      .once('error', () => resolve(false))
      .once('close', () => socket.destroy())
  })
}
