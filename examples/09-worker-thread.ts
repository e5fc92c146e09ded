/**
 * A long run in a worker thread: this thread goes on answering meanwhile, shows progress, and after ten reports tells the
 * worker to stop, which answers with the best schedule so far.
 *
 *   npx tsx examples/09-worker-thread.ts
 */
import { createProblem, whaql } from 'cloudsched'
import { cloudInstance } from 'cloudsched/workload'
import { solveInWorker } from './solve-in-worker.ts'

const problem = createProblem(cloudInstance({ taskCount: 300, vmCount: 20, seed: 1 }))

// The same run here and there gives the same schedule.
const short = { seed: 1, episodes: 200 }
const there = await solveInWorker(problem, short, () => {})
console.log(`same schedule as in this thread: ${there.assignment.join() === whaql(problem, short).assignment.join()}`)

// A run that would take long: a timer of this thread ticks meanwhile, and after ten reports the worker is told to stop.
const endless = { seed: 1, episodes: 100_000_000 }
const stop = new AbortController()
let ticks = 0
let reports = 0
const clock = setInterval(() => ticks++, 10)
const stopped = await solveInWorker(problem, endless, () => ++reports === 10 && stop.abort(), stop.signal)
clearInterval(clock)
console.log(`stopped early: ${stopped.status}, ${stopped.iterations > 0 ? 'with' : 'without'} a schedule`)
console.log(`this thread stayed free: ${ticks > 0}, reports came in: ${reports >= 10}`)
