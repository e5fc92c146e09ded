/**
 * One attempt at a task: a process of its own, started by `attempts.ts`. It needs no orchestrator to end: when that
 * one is killed, the attempt goes on and leaves its result for the next.
 */
import { conclude, readResult, writeSign } from './attempt-files.ts'
import type { AttemptOrder } from './attempts.ts'
import { perform } from './work.ts'

const { folder, attempt, work }: AttemptOrder = JSON.parse(process.argv[2]!)
const startedMs = Date.now()
let progress = 0
// From the start of the process on: both clocks begin there.
let seen = { cpu: { user: 0, system: 0 }, atMs: 0 }

function giveSign(): void {
  // Given up meanwhile: what it would find counts no more.
  if (readResult(folder, attempt)) process.exit(0)
  const now = { cpu: process.cpuUsage(), atMs: performance.now() }
  const used = now.cpu.user + now.cpu.system - seen.cpu.user - seen.cpu.system
  const cores = used / 1000 / Math.max(1, now.atMs - seen.atMs)
  seen = now
  writeSign(folder, attempt, { progress, cores })
}

function end(status: 'finished' | 'failed', detail: number | string | null): void {
  clearInterval(signs)
  conclude(folder, attempt, { status, detail, pid: process.pid, startedMs, endedMs: Date.now() })
}

giveSign()
const signs = setInterval(giveSign, 250)
try {
  const steps = perform(work, attempt)
  let step = await steps.next()
  for (; !step.done; step = await steps.next()) progress = step.value
  end('finished', step.value)
} catch (error) {
  end('failed', error instanceof Error ? error.message : String(error))
}
