/**
 * A file that always holds one whole state: written beside it, forced to the disk, then renamed over it. Whatever is asked
 * for while a write is on its way goes into the next one, so a burst of a hundred changes costs two or three writes.
 */
import { readFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isCode } from './attempt-files.ts'

export interface StateFile<T> {
  /** What was saved last; `null` where nothing was. */
  read(): T | null
  /** Resolves when the state as it is now is on the disk. */
  save(): Promise<void>
}

export function stateFile<T>(path: string, state: () => T): StateFile<T> {
  let writing: Promise<void> | null = null
  let next: Promise<void> | null = null

  return {
    read() {
      try {
        return JSON.parse(readFileSync(path, 'utf8'))
      } catch (error) {
        if (isCode(error, 'ENOENT')) return null
        throw error
      }
    },
    save() {
      next ??= (writing ?? Promise.resolve()).then(() => {
        writing = next
        next = null
        return write(path, JSON.stringify(state()))
      })
      return next
    },
  }
}

async function write(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`
  const file = await open(draft, 'w')
  await file.writeFile(text)
  await file.sync()
  await file.close()
  await rename(draft, path)
  // The new name is on the disk when its folder is.
  const folder = await open(dirname(path), 'r')
  await folder.sync()
  await folder.close()
}
