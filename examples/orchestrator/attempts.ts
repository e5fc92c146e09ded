/** The processes of the attempts: starts them, knows what became of them, gives them up. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type AttemptResult, conclude, readResult, readSign } from './attempt-files.ts'
import type { Work } from './work.ts'

/** All that an attempt is told. It stands in the arguments of the process, where `ps` shows it. */
export interface AttemptOrder {
  readonly id: string
  readonly machine: string
  readonly attempt: number
  /** Where it leaves its files: a folder of this task alone. */
  readonly folder: string
  readonly work: Work
}

type Place = Pick<AttemptOrder, 'folder' | 'attempt'>

export interface Attempts {
  /** @param onEnd - called when the process is gone */
  start(order: AttemptOrder, onEnd: () => void): void
  /** What became of an attempt, `null` while it goes on. One that is gone, or silent for too long, is given up. */
  result(place: Place, placedMs: number): AttemptResult | null
  /** @returns what stands: it may have ended just before */
  giveUp(place: Place, status: 'failed' | 'cancelled', reason: string): AttemptResult
}

const program = fileURLToPath(new URL('attempt-process.ts', import.meta.url))

// From 22.18 on Node reads TypeScript itself, and starts five times as fast without the loader of this process.
const { typescript } = process.features as { readonly typescript?: string | false }
const flags = typescript ? [] : process.execArgv

export function createAttempts(leaseSeconds: number): Attempts {
  /** Processes that this one has started and that still run; those of its predecessor are not among them. */
  const children = new Map<string, ChildProcess>()
  const gone = new Set<string>()
  const openedMs = Date.now()

  return { start, result, giveUp }

  function start(order: AttemptOrder, onEnd: () => void): void {
    mkdirSync(order.folder, { recursive: true })
    // Detached and without pipes: it survives a signal to the group of its parent, and the end of its parent.
    const child = spawn(process.execPath, [...flags, program, JSON.stringify(order)], {
      detached: true,
      stdio: 'ignore',
    })
    child.unref()
    children.set(keyOf(order), child)
    const ended = (): void => {
      if (children.delete(keyOf(order))) gone.add(keyOf(order))
      onEnd()
    }
    child.once('exit', ended).once('error', ended)
  }

  function result(place: Place, placedMs: number): AttemptResult | null {
    const { folder, attempt } = place
    const isGone = gone.has(keyOf(place))
    // Nobody listened before this process did: the time until then does not count as silence.
    const heardMs = Math.max(readSign(folder, attempt)?.atMs ?? placedMs, openedMs)
    const isSilent = Date.now() - heardMs > 1000 * leaseSeconds
    const found = readResult(folder, attempt)
    if (!found && !isGone && !isSilent) return null
    gone.delete(keyOf(place))
    if (found) return found
    const reason = isGone ? 'the process ended without a result' : `no sign of life for ${leaseSeconds} s`
    return giveUp(place, 'failed', reason)
  }

  function giveUp(place: Place, status: 'failed' | 'cancelled', detail: string): AttemptResult {
    const nowMs = Date.now()
    mkdirSync(place.folder, { recursive: true })
    const own = { status, detail, pid: process.pid, startedMs: nowMs, endedMs: nowMs }
    const standing = conclude(place.folder, place.attempt, own)
    // A child of the process before this one sees the file itself, and ends.
    children.get(keyOf(place))?.kill('SIGKILL')
    children.delete(keyOf(place))
    return standing
  }
}

function keyOf({ folder, attempt }: Place): string {
  return `${folder}/${attempt}`
}
