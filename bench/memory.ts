/**
 * Memory of each solver: its formula, and the growth of the peak of a fresh process while it runs.
 *
 *   npx tsx bench/memory.ts
 */
import { execFileSync } from 'node:child_process'
import {
  branchAndBound,
  createProblem,
  descent,
  geneticAlgorithm,
  haql,
  iteratedLocalSearch,
  kCheapestLpt,
  lowerBound,
  lpt,
  minMin,
  nsga2,
  type Problem,
  qLearning,
  roundRobin,
  type SolveResult,
  simulatedAnnealing,
  sufferage,
  whaql,
} from 'cloudsched'
import { markdownTable } from 'cloudsched/report'
import { paperInstance, rangeBasedEtc } from 'cloudsched/workload'
import { writePage } from './evidence-page.ts'

interface Subject {
  readonly formula: (n: number, m: number) => string
  /** Bytes of the formula, the result (about 8 n) left out. */
  readonly bytes: (n: number, m: number) => number
  readonly solve: (problem: Problem) => SolveResult
  readonly kind?: 'unrelated'
}

const budget = { timeLimitMs: 2000 }
const subjects: Record<string, Subject> = {
  roundRobin: { formula: () => '4 n', bytes: (n) => 4 * n, solve: roundRobin },
  lpt: { formula: () => '16 n + 28 m', bytes: (n, m) => 16 * n + 28 * m, solve: lpt },
  kCheapestLpt: {
    formula: () => '20 n + 40 m',
    bytes: (n, m) => 20 * n + 40 * m,
    solve: (p) => kCheapestLpt(p, { timeWeight: 0.3 }),
  },
  minMin: { formula: () => '16 n + 28 m', bytes: (n, m) => 16 * n + 28 * m, solve: minMin },
  sufferage: {
    formula: () => '44 n + 8 n sqrt(m)',
    bytes: (n, m) => 44 * n + 8 * n * Math.sqrt(m),
    solve: sufferage,
    kind: 'unrelated',
  },
  descent: { formula: () => '8 n + 8 m', bytes: (n, m) => 8 * n + 8 * m, solve: (p) => descent(p, budget) },
  iteratedLocalSearch: {
    formula: () => '12 n + 8 m',
    bytes: (n, m) => 12 * n + 8 * m,
    solve: (p) => iteratedLocalSearch(p, budget),
  },
  simulatedAnnealing: {
    formula: () => '28 n + 24 m',
    bytes: (n, m) => 28 * n + 24 * m,
    solve: (p) => simulatedAnnealing(p, budget),
  },
  'simulatedAnnealing, unrelated': {
    formula: () => '28 n + 24 m + 20 n m',
    bytes: (n, m) => 28 * n + 24 * m + 20 * n * m,
    solve: (p) => simulatedAnnealing(p, budget),
    kind: 'unrelated',
  },
  'geneticAlgorithm, 100': {
    formula: () => '2 x 100 (4 n + 8 m)',
    bytes: (n, m) => 200 * (4 * n + 8 * m),
    solve: (p) => geneticAlgorithm(p, budget),
  },
  'nsga2, 100': {
    formula: () => '2 x 100 (4 n + 8 m)',
    bytes: (n, m) => 200 * (4 * n + 8 * m),
    solve: (p) => nsga2(p, budget),
  },
  'qLearning, bucket': {
    formula: () => '8 m a state',
    bytes: (_, m) => 8 * m,
    solve: (p) => qLearning(p, { ...budget, episodes: 200 }),
  },
  'haql, prefix': {
    formula: () => '12 m a state',
    bytes: (_, m) => 12 * m,
    solve: (p) => haql(p, { ...budget, episodes: 200 }),
  },
  'whaql, paper': {
    formula: () => '20 m + 8 a state',
    bytes: (_, m) => 20 * m + 8,
    solve: (p) => whaql(p, { ...budget, preset: 'paper', episodes: 200 }),
  },
  'whaql, stage': {
    formula: () => '(16 x 3 + 8) n',
    bytes: (n) => 56 * n,
    solve: (p) => whaql(p, { ...budget, preset: 'stage', episodes: 200 }),
  },
  'whaql, default': { formula: () => '8 n + 8 m', bytes: (n, m) => 8 * n + 8 * m, solve: (p) => whaql(p, budget) },
  branchAndBound: {
    formula: () => '36 n + 24 n m',
    bytes: (n, m) => 36 * n + 24 * n * m,
    solve: (p) => branchAndBound(p, budget),
  },
}

const sizes = [
  { n: 1000, m: 50 },
  { n: 5000, m: 100 },
]

const [name, tasks, vms] = process.argv.slice(2)
if (name !== undefined) {
  const { solve, kind } = subjects[name]!
  const shape = { taskCount: Number(tasks), vmCount: Number(vms), seed: 1 }
  const problem = createProblem(kind === 'unrelated' ? rangeBasedEtc(shape) : paperInstance(shape))
  lowerBound(problem)
  roundRobin(problem)
  const before = process.resourceUsage().maxRSS
  const result = solve(problem) as SolveResult & { states?: number }
  const grown = (process.resourceUsage().maxRSS - before) / 1024
  console.log(JSON.stringify({ grown, states: result.states ?? null }))
} else {
  const rows = Object.entries(subjects).map(([solver, { formula, bytes }]) => {
    const cells = sizes.map(({ n, m }) => {
      const out = execFileSync('npx', ['tsx', import.meta.filename, solver, String(n), String(m)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      const { grown, states } = JSON.parse(out.toString()) as { grown: number; states: number | null }
      const perState = formula(n, m).endsWith('a state')
      const mib = (bytes(n, m) * (perState ? (states ?? 0) : 1)) / 2 ** 20
      console.error(solver, n, m, mib.toFixed(1), grown.toFixed(1))
      return { mib, grown, states: perState ? states : null }
    })
    return { solver, formula: formula(0, 0), cells }
  })
  const columns = sizes.flatMap(({ n, m }, k) => [
    { title: `${n} x ${m}, by formula, MiB`, value: ({ cells }: (typeof rows)[number]) => cells[k]!.mib.toFixed(1) },
    { title: 'peak grows by, MiB', value: ({ cells }: (typeof rows)[number]) => cells[k]!.grown.toFixed(0) },
  ])
  writePage({
    name: 'memory',
    title: 'Memory of the solvers',
    command: 'npx tsx bench/memory.ts',
    seeds: '1',
    body: `n tasks, m VMs; bytes, the problem (16 n, or 8 n m for unrelated machines) and the result (about 8 n) left out. "Peak grows by" is the growth of the largest resident size of a fresh process during the run (2 s at most; learners 200 episodes). It holds what the formula counts and what the engine adds, its compiler and garbage not yet collected: some 5 to 30 MiB for any solver.\n\n${markdownTable(rows, [{ title: 'solver', value: ({ solver }) => solver }, { title: 'bytes', value: (row) => row.formula }, ...columns])}`,
  })
}
