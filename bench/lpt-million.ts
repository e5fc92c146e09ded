/**
 * A million tasks on a thousand VMs by LPT, from columns, the making of the problem included: a cold run, one a process.
 * Bar: 2 s and 300 MB.
 *
 *   npx tsx bench/lpt-million.ts
 */
import { createProblem, lpt } from 'cloudsched'

const taskCount = 1_000_000
const vmCount = 1000

/** Whole numbers from `low` on, spread by a multiplier without a common divisor: no two VMs are alike, few tasks are. */
function spread(count: number, low: number, span: number): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => low + ((k * 48_271) % span))
}

const lengthMi = spread(taskCount, 60_000, 60_001)
const speedMips = spread(vmCount, 400, 2003)
const pricePerSecond = speedMips.map((speed) => speed * Math.sqrt(speed))

const start = performance.now()
const problem = createProblem({ tasks: { lengthMi }, vms: { speedMips, pricePerSecond } })
const created = performance.now()
const { gap, evaluation } = lpt(problem, { timeWeight: 1 })
const end = performance.now()

const peakMegabytes = (process.resourceUsage().maxRSS * 1024) / 1e6
console.log('| tasks | VMs | problem, ms | LPT, ms | both, ms | peak memory, MB | makespan, s | gap, % |')
console.log('|---|---|---|---|---|---|---|---|')
console.log(
  `| ${taskCount} | ${vmCount} | ${(created - start).toFixed(0)} | ${(end - created).toFixed(0)} | ${(end - start).toFixed(0)} | ${peakMegabytes.toFixed(0)} | ${evaluation.timeSeconds.toFixed(2)} | ${(100 * gap!).toPrecision(2)} |`,
)
