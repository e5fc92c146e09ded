import { CloudschedError } from '../../errors/cloudsched-error.ts'

/** 32-bit numbers as text: base64 of their little-endian bytes. */
export function encodeNumbers(values: ArrayLike<number>): string {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i]!, true)
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/**
 * Reverse of `encodeNumbers`.
 *
 * @param path - how the text is called in the message
 * @throws CloudschedError `format` when it is not base64 of `length` finite numbers
 */
export function decodeNumbers(text: unknown, length: number, path: string): Float32Array {
  const values = new Float32Array(length)
  const bytes = bytesOf(text)
  const view = bytes && new DataView(bytes.buffer)
  for (let i = 0; view?.byteLength === 4 * length && i < length; i++) values[i] = view.getFloat32(4 * i, true)
  if (view?.byteLength === 4 * length && values.every(Number.isFinite)) return values
  throw new CloudschedError('format', [
    { path, received: text, expected: `base64 of ${length} finite 32-bit numbers`, hint: 'Maybe the file was cut.' },
  ])
}

function bytesOf(text: unknown): Uint8Array<ArrayBuffer> | null {
  try {
    return typeof text === 'string' ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : null
  } catch {
    return null
  }
}
