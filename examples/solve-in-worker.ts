/** Runs WHAQL in a worker thread; see `09-worker-thread.ts`. */
import { Worker } from 'node:worker_threads'
import type { Problem, SolveResult, WhaqlOptions } from 'cloudsched'

/** What the worker reports on its way. */
export interface WorkerProgress {
  readonly fraction: number
  readonly best: number | null
}

export function solveInWorker(
  problem: Problem,
  options: WhaqlOptions,
  onProgress: (progress: WorkerProgress) => unknown,
  signal?: AbortSignal,
): Promise<SolveResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('solve-worker.ts', import.meta.url), { workerData: { problem, options } })
    worker.on('message', ({ result, ...progress }) => (result ? resolve(result) : onProgress(progress)))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code} and no result`)))
    signal?.addEventListener('abort', () => worker.postMessage('stop'), { once: true })
  })
}
