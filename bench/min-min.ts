/**
 * Min-min, max-min and sufferage on 10 000 tasks x 500 VMs: uniform machines, and matrices of three kinds. Bar: min-min
 * in 5 s. The time of the bound, which every solver shares, stands apart.
 *
 *   npx tsx bench/min-min.ts
 */
import { createProblem, lowerBound, maxMin, minMin, sufferage } from 'cloudsched'
import { type Consistency, paperInstance, rangeBasedEtc } from 'cloudsched/workload'

const size = { taskCount: 10_000, vmCount: 500, seed: 1 }
const kinds: readonly Consistency[] = ['inconsistent', 'semiConsistent', 'consistent']
const inputs = [
  { machines: 'uniform', create: () => paperInstance(size) },
  ...kinds.map((consistency) => ({ machines: consistency, create: () => rangeBasedEtc({ ...size, consistency }) })),
]

console.log('| machines | solver | makespan, s | bound, s | milliseconds | peak memory so far, MB |')
console.log('|---|---|---|---|---|---|')
for (const { machines, create } of inputs) {
  const problem = createProblem(create())
  const boundStart = performance.now()
  const bound = lowerBound(problem, { timeWeight: 1 })
  printRow(machines, 'the bound', Number.NaN, performance.now() - boundStart)
  for (const solve of [minMin, maxMin, sufferage]) {
    const start = performance.now()
    const { solver, evaluation } = solve(problem, { timeWeight: 1 })
    printRow(machines, solver, evaluation.timeSeconds, performance.now() - start)
  }

  function printRow(name: string, solver: string, seconds: number, milliseconds: number): void {
    const makespan = Number.isNaN(seconds) ? '' : seconds.toFixed(1)
    const peak = (process.resourceUsage().maxRSS * 1024) / 1e6
    console.log(
      `| ${name} | ${solver} | ${makespan} | ${bound.timeSeconds.toFixed(1)} | ${milliseconds.toFixed(0)} | ${peak.toFixed(0)} |`,
    )
  }
}
