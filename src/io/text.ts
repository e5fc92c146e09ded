import { CloudschedError, type Finding } from '../errors/cloudsched-error.ts'

/** The content of a text file: as a string, or as its bytes, which are then read as UTF-8. */
export type TextSource = string | Uint8Array

const replacement = '\ufffd'

/**
 * The text of a source without byte order mark.
 *
 * @throws CloudschedError `format` when it is not text: compressed or otherwise binary, or not in UTF-8
 */
export function readText(source: TextSource): string {
  if (typeof source !== 'string' && !(source instanceof Uint8Array))
    throw formatError({ path: 'text', received: source, expected: 'a string or the bytes of a file' })
  const isGzip =
    typeof source === 'string'
      ? source.startsWith(`\u001f${replacement}`) || source.startsWith('\u001f\u008b')
      : source[0] === 0x1f && source[1] === 0x8b
  if (isGzip)
    throw formatError({
      path: 'line 1',
      received: 'gzip data',
      expected: 'plain text',
      hint: 'Unpack it first, e.g. by gunzipSync of node:zlib.',
    })
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source)
  // One pass for both: a NUL or a replacement character marks bytes that were no UTF-8 text.
  const strange = text.search(/[\0\ufffd]/)
  if (strange >= 0) {
    const received = text[strange] === replacement ? 'bytes that are not UTF-8' : 'a NUL character'
    throw formatError({
      path: `line ${lineAt(text, strange)}`,
      received,
      expected: 'plain UTF-8 text',
      hint: 'Maybe the file is binary, or in another encoding such as UTF-16.',
    })
  }
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** Line number of a place in a text, from 1. */
export function lineAt(text: string, index: number): number {
  let line = 1
  for (let end = text.indexOf('\n'); end >= 0 && end < index; end = text.indexOf('\n', end + 1)) line++
  return line
}

/** The error for a text of which nothing can be read. */
export function formatError(finding: Finding): CloudschedError {
  return new CloudschedError('format', [finding])
}
