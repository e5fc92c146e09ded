/**
 * What branch and bound and the integer programme prove, and how long it takes them, written to docs/results/exact.md.
 *
 *   npx tsx bench/exact.ts
 */
import { type AsyncSolver, branchAndBoundAsync, createProblem, milp, type Problem } from 'cloudsched'
import { markdownTable } from 'cloudsched/report'
import { paperInstance, rangeBasedEtc } from 'cloudsched/workload'
import { mean, writePage } from './evidence-page.ts'

const timeLimitMs = 10_000
const seeds = [1, 2, 3]
const timeWeights = [0.5, 1]
const solvers: Record<string, AsyncSolver> = { branchAndBound: branchAndBoundAsync, milp }

interface Family {
  readonly kind: string
  readonly sizes: readonly (readonly [tasks: number, vms: number])[]
  readonly instance: (taskCount: number, vmCount: number, seed: number) => Problem
}

const families: readonly Family[] = [
  {
    kind: 'uniform (the paper)',
    sizes: [
      [8, 5],
      [10, 5],
      [12, 5],
      [20, 5],
      [50, 5],
    ],
    instance: (taskCount, vmCount, seed) => createProblem(paperInstance({ taskCount, vmCount, seed })),
  },
  {
    kind: 'unrelated (range-based)',
    sizes: [
      [20, 5],
      [40, 5],
      [40, 10],
      [100, 10],
    ],
    instance: (taskCount, vmCount, seed) =>
      createProblem(rangeBasedEtc({ taskCount, vmCount, seed, priceExponent: 1.5 })),
  },
]

/** A solver on all seeds and weights of a size: how many it proves, and where it ends. */
async function measure(
  solve: AsyncSolver,
  problems: readonly Problem[],
): Promise<{ proven: number; seconds: number; gap: number }> {
  const runs: { gap: number; seconds: number }[] = []
  for (const problem of problems)
    for (const timeWeight of timeWeights) {
      const start = process.cpuUsage()
      const { gap } = await solve(problem, { timeWeight, timeLimitMs })
      const { user, system } = process.cpuUsage(start)
      runs.push({ gap: gap!, seconds: (user + system) / 1e6 })
    }
  const proven = runs.filter(({ gap }) => gap === 0)
  return {
    proven: proven.length,
    seconds: mean(proven.map(({ seconds }) => seconds)),
    gap: 100 * mean(runs.map(({ gap }) => gap)),
  }
}

const rows: Record<string, string | number>[] = []
for (const { kind, sizes, instance } of families)
  for (const [taskCount, vmCount] of sizes) {
    const problems = seeds.map((seed) => instance(taskCount, vmCount, seed))
    for (const [solver, solve] of Object.entries(solvers)) {
      const { proven, seconds, gap } = await measure(solve, problems)
      rows.push({
        machines: kind,
        'tasks x VMs': `${taskCount}x${vmCount}`,
        solver,
        proven: `${proven} of ${problems.length * timeWeights.length}`,
        's for a proof': proven > 0 ? seconds : '',
        'mean gap left %': gap,
      })
      console.log(rows.at(-1))
    }
  }

writePage({
  name: 'exact',
  title: 'Exact solvers',
  command: 'npx tsx bench/exact.ts',
  seeds: seeds.join(', '),
  body: `Each size stands for ${seeds.length} instances at the time weights ${timeWeights.join(' and ')}, with ${timeLimitMs / 1000} s of wall time for each run. Seconds are
processor time, means of the runs that ended with a proof; the gap counts all runs.

${markdownTable(rows)}`,
})
