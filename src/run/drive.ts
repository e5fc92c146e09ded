import { nowMs } from './clock.ts'
import type { AsyncSteps, Progress, Pulse, RunOptions, Steps, StopReason } from './run-options.ts'

/** A page stays smooth and a timer punctual when no piece of work is longer than one frame. */
const frameMs = 16

/**
 * Runs an algorithm to its end without a pause.
 *
 * @throws the signal's reason when it was aborted before the start
 */
export function drive<R>(steps: Steps<R>, options: RunOptions): R {
  const answer = createPilot(options)
  let step = steps.next()
  while (!step.done) step = steps.next(answer(step.value))
  return step.value
}

/**
 * Runs an algorithm in pieces of about 16 ms, so that timers, abort signals and drawing get their turn.
 *
 * @throws the signal's reason when it was aborted before the start
 */
export async function driveAsync<R>(steps: Steps<R> | AsyncSteps<R>, options: RunOptions): Promise<R> {
  const answer = createPilot(options)
  let pieceStart = nowMs()
  let next = steps.next()
  // Waiting for what is there already would cost a turn of the queue each step.
  let step = next instanceof Promise ? await next : next
  while (!step.done) {
    if (nowMs() - pieceStart >= frameMs) {
      await nextTurn()
      pieceStart = nowMs()
    }
    next = steps.next(answer(step.value))
    step = next instanceof Promise ? await next : next
  }
  return step.value
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

/** Merges all stop rules and all measures of progress into one answer per step. */
function createPilot(options: RunOptions): (progress: Progress) => Pulse {
  // The algorithm checks its options when it starts, which is after this: they may still be anything here.
  const { signal, timeLimitMs = Infinity, maxEvaluations = Infinity, targetGap = -1, onProgress } = options ?? {}
  if (signal?.aborted) throw signal.reason
  const start = nowMs()
  let fraction = 0

  function stopReason(progress: Progress, elapsedMs: number): StopReason | null {
    if (signal?.aborted) return 'aborted'
    if (progress.gap !== null && progress.gap <= targetGap) return 'targetReached'
    if (elapsedMs >= timeLimitMs) return 'timeLimit'
    return progress.evaluations >= maxEvaluations ? 'evaluationLimit' : null
  }

  return (progress) => {
    const elapsedMs = timeLimitMs === Infinity ? 0 : nowMs() - start
    const used = Math.max(progress.fraction, elapsedMs / timeLimitMs, progress.evaluations / maxEvaluations)
    fraction = Math.min(1, Math.max(fraction, used))
    onProgress?.(fraction === progress.fraction ? progress : { ...progress, fraction })
    return { fraction, stop: stopReason(progress, elapsedMs) }
  }
}
