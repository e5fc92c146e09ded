/** The worker of `solve-in-worker.ts`: plain data in, plain data out. */
import { parentPort, workerData } from 'node:worker_threads'
import { whaqlAsync } from 'cloudsched'

const stop = new AbortController()
parentPort!.once('message', () => stop.abort())
let reportedMs = -Infinity
const result = await whaqlAsync(workerData.problem, {
  ...workerData.options,
  signal: stop.signal,
  onProgress({ fraction, best }) {
    // A report for each episode would be a flood.
    if (performance.now() < reportedMs + 50) return
    reportedMs = performance.now()
    parentPort!.postMessage({ fraction, best })
  },
})
parentPort!.postMessage({ result })
parentPort!.close()
