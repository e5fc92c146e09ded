/**
 * What an attempt and the orchestrator know of each other, as two files in the folder of the task:
 *
 * - `3.sign.json`, the sign of life of attempt 3, written again and again while it runs;
 * - `3.result.json`, what became of it, written once: whoever creates it first has the say, be it the attempt that is done
 *   or the orchestrator that gives it up. So an attempt that was given up can no longer finish, wherever it still runs.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** What became of an attempt. */
export interface AttemptResult {
  readonly status: 'finished' | 'failed' | 'cancelled'
  /** What the work found, or why it was not done. */
  readonly detail: number | string | null
  readonly pid: number
  /** When it was in work; for one that was given up, when that was. */
  readonly startedMs: number
  readonly endedMs: number
}

/** A sign of life. */
export interface Sign {
  /** In [0, 1]. */
  readonly progress: number
  /** Cores in use since the last sign. */
  readonly cores: number
}

/** States what became of an attempt. @returns what stands: this result, or that of who came first */
export function conclude(folder: string, attempt: number, result: AttemptResult): AttemptResult {
  const draft = join(folder, `${attempt}.${process.pid}.draft`)
  writeDurably(draft, JSON.stringify(result))
  try {
    // A link is created whole or not at all, and never over one that is there.
    linkSync(draft, resultPath(folder, attempt))
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  return readResult(folder, attempt)!
}

export function readResult(folder: string, attempt: number): AttemptResult | null {
  return readJson(resultPath(folder, attempt))
}

export function writeSign(folder: string, attempt: number, sign: Sign): void {
  const draft = join(folder, `${attempt}.${process.pid}.sign`)
  const descriptor = openSync(draft, 'w')
  writeSync(descriptor, JSON.stringify(sign))
  closeSync(descriptor)
  renameSync(draft, signPath(folder, attempt))
}

/** The last sign of life and when it came; `null` before the first. */
export function readSign(folder: string, attempt: number): (Sign & { readonly atMs: number }) | null {
  const sign = readJson<Sign>(signPath(folder, attempt))
  return sign && { ...sign, atMs: statSync(signPath(folder, attempt)).mtimeMs }
}

/** Writes a file that is on the disk when this returns. */
export function writeDurably(path: string, text: string): void {
  const descriptor = openSync(path, 'w')
  try {
    writeSync(descriptor, text)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function resultPath(folder: string, attempt: number): string {
  return join(folder, `${attempt}.result.json`)
}

function signPath(folder: string, attempt: number): string {
  return join(folder, `${attempt}.sign.json`)
}

function readJson<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
