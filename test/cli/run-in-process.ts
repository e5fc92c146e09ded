import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command as from a pipe, or as on a terminal, without a process. */
export async function cloudsched(
  argv: readonly string[],
  surroundings: { isTTY?: boolean; signal?: AbortSignal } = {},
): Promise<Outcome> {
  const { isTTY = false, signal = new AbortController().signal } = surroundings
  let stdout = ''
  let stderr = ''
  const io: Io = {
    stdout: { isTTY, write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text) },
    signal,
  }
  const code = await run(argv, io)
  return { code, stdout, stderr }
}

const folders: string[] = []

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })))
})

export interface Folder {
  readonly path: string
  /** Full path of a file in it. */
  at(name: string): string
  /** Names of its files, hidden ones included. */
  names(): Promise<string[]>
}

/** A folder of its own with files in it; gone after the test. */
export async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'cloudsched-test-'))
  folders.push(path)
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content)
  return { path, at: (name) => join(path, name), names: async () => (await readdir(path)).sort() }
}
