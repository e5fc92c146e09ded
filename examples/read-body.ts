/** Reads the body of an HTTP request and stops where it gets too long; for the two servers among the examples. */
import type { IncomingMessage } from 'node:http'

/** The body is longer than the server reads. */
export class BodyTooLong extends Error {}

/**
 * @throws BodyTooLong as soon as that is known: the rest is not read, and the connection has to be ended
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const tooLong = new BodyTooLong(`the body is longer than ${maxBytes} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLong
  const chunks: Buffer[] = []
  let length = 0
  // The request must outlive the loop: its socket carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length
    if (length > maxBytes) throw tooLong
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
