import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { lineAt, readText } from '../../src/io/text.ts'
import { caught } from '../caught.ts'

describe('readText', () => {
  test('takes a string or UTF-8 bytes, without byte order mark', () => {
    expect(readText('a\nü')).toBe('a\nü')
    expect(readText(new TextEncoder().encode('a\nü'))).toBe('a\nü')
    expect(readText(Buffer.from('\ufeffid'))).toBe('id')
    expect(readText('\ufeffid')).toBe('id')
    expect(readText('')).toBe('')
  })

  test.each<[string, unknown, object]>([
    ['a NUL character', 'id\n1\n2\0\n', { path: 'line 3', received: 'a NUL character' }],
    [
      'bytes that are not UTF-8',
      Uint8Array.of(105, 100, 10, 0xff),
      { path: 'line 2', received: 'bytes that are not UTF-8' },
    ],
    ['a replacement character left by a reader', 'x\ufffd', { path: 'line 1', received: 'bytes that are not UTF-8' }],
    ['UTF-16', Buffer.from('id', 'utf16le'), { path: 'line 1', received: 'a NUL character' }],
    ['gzip bytes', gzipSync('id\n1\n'), { path: 'line 1', received: 'gzip data' }],
    ['gzip read as UTF-8', gzipSync('id\n1\n').toString('utf8'), { path: 'line 1', received: 'gzip data' }],
    ['gzip read as Latin-1', gzipSync('id\n1\n').toString('latin1'), { path: 'line 1', received: 'gzip data' }],
    ['no text at all', 7, { path: 'text', received: 7 }],
    ['nothing', undefined, { path: 'text', received: undefined }],
  ])('refuses %s', (_, source, finding) => {
    const error = caught(() => readText(source as string))
    expect(error).toMatchObject({ code: 'format', ...finding })
  })

  test('says what to do', () => {
    expect(caught(() => readText(gzipSync('x'))).message).toBe(
      'line 1 must be plain text, received "gzip data". Unpack it first, e.g. by gunzipSync of node:zlib.',
    )
  })
})

test('lineAt counts from 1', () => {
  expect([0, 1, 2, 3, 5].map((index) => lineAt('ab\nc\nd', index))).toEqual([1, 1, 1, 2, 3])
})
