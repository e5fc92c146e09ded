import { randomUUID } from 'node:crypto'
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CloudschedError } from '../errors/cloudsched-error.ts'
import { UsageError } from './io.ts'

/**
 * Reads a file, unpacked where its bytes say gzip.
 *
 * @throws UsageError when it is not there or may not be read; CloudschedError `format` when the archive is damaged
 */
export async function readInput(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new UsageError(`Cannot read ${path}: ${reason(error)}.`, { cause: error })
  })
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes
  try {
    return gunzipSync(bytes)
  } catch (error) {
    throw new CloudschedError(
      'format',
      [{ path, received: reason(error), expected: 'a whole gzip file', hint: 'Maybe it was cut off.' }],
      { cause: error },
    )
  }
}

export interface OutputFile {
  readonly path: string
  readonly content: string
}

/**
 * Writes all files or none: each goes whole into a temporary file beside its place first, and all are renamed at the
 * end. Who reads a file at any time finds the old one or the new one.
 *
 * @throws UsageError when one cannot be written; the others are then untouched
 */
export async function writeOutputs(files: readonly OutputFile[]): Promise<void> {
  const staged: { readonly path: string; readonly temporary: string }[] = []
  try {
    for (const { path, content } of files) {
      const target = await targetOf(path)
      const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`)
      staged.push({ path: target, temporary })
      await writeDurably(temporary, content).catch((error: unknown) => {
        throw new UsageError(`Cannot write ${path}: ${reason(error)}. No file was written.`, { cause: error })
      })
    }
    for (const { path, temporary } of staged) await rename(temporary, path)
  } finally {
    await Promise.all(staged.map(({ temporary }) => rm(temporary, { force: true })))
  }
}

/** Where a path leads: a link stays a link, and a folder is refused before anything is written. */
async function targetOf(path: string): Promise<string> {
  const target = await realpath(path).catch(() => path)
  const existing = await stat(target).catch(() => null)
  if (existing && !existing.isFile())
    throw new UsageError(`Cannot write ${path}: it is not a regular file. No file was written.`)
  return target
}

async function writeDurably(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx')
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'not allowed',
  EPERM: 'not allowed',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the disk is read-only',
}

function reason(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return reasons[code] ?? (error instanceof Error ? error.message : String(error))
}
