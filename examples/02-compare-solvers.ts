/**
 * The main job: every solver on one instance of the WHAQL paper, a table, and two charts as SVG files.
 *
 *   npm run demo                              writes output/gantt.svg and output/convergence.svg
 *   npx tsx examples/02-compare-solvers.ts --tasks 50 --weight 1 --out somewhere
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  createProblem,
  descent,
  geneticAlgorithm,
  haql,
  iteratedLocalSearch,
  kCheapestLpt,
  lpt,
  maxMin,
  mct,
  met,
  milp,
  minMin,
  nsga2,
  olb,
  qLearning,
  roundRobin,
  type SolveResult,
  type Solver,
  simulatedAnnealing,
  sufferage,
  whaql,
} from 'cloudsched'
import { consoleTable, convergenceSpec, ganttSpec } from 'cloudsched/report'
import { simulate } from 'cloudsched/simulate'
import { paperInstance } from 'cloudsched/workload'
import { renderSvg } from './render-svg.ts'

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '40' },
    weight: { type: 'string', default: '0.5' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'output' },
  },
})

const solvers: Record<string, Solver> = {
  'round robin': roundRobin,
  OLB: olb,
  MET: met,
  MCT: mct,
  'min-min': minMin,
  'max-min': maxMin,
  sufferage,
  LPT: lpt,
  'k-cheapest + LPT': kCheapestLpt,
  descent,
  annealing: simulatedAnnealing,
  'iterated local search': iteratedLocalSearch,
  'genetic algorithm (paper)': (problem, options) => geneticAlgorithm(problem, { ...options, preset: 'paper' }),
  'genetic algorithm': geneticAlgorithm,
  'NSGA-II': nsga2,
  'Q-learning (paper)': (problem, options) => qLearning(problem, { ...options, preset: 'paper' }),
  'HAQL (look-ahead)': haql,
  'WHAQL (paper)': (problem, options) => whaql(problem, { ...options, preset: 'paper' }),
  'WHAQL (stage)': (problem, options) => whaql(problem, { ...options, preset: 'stage' }),
  'WHAQL (default)': whaql,
}

const problem = createProblem(paperInstance({ taskCount: Number(values.tasks), seed: values.seed }))
const options = { timeWeight: Number(values.weight), seed: values.seed }
const results = new Map<string, { result: SolveResult; milliseconds: number }>()
for (const [name, solve] of Object.entries(solvers)) {
  const start = performance.now()
  const result = solve(problem, options)
  results.set(name, { result, milliseconds: performance.now() - start })
}
const start = performance.now()
results.set('MILP (HiGHS, 5 s)', {
  result: await milp(problem, { ...options, timeLimitMs: 5000 }),
  milliseconds: performance.now() - start,
})

const rows = [...results].map(([solver, { result, milliseconds }]) => ({
  solver,
  seconds: result.evaluation.timeSeconds,
  cost: result.evaluation.cost,
  load: result.evaluation.load,
  est: result.evaluation.est,
  'gap, %': result.gap === null ? null : 100 * result.gap,
  ms: milliseconds,
}))
rows.sort((a, b) => (b['gap, %'] ?? 0) - (a['gap, %'] ?? 0))
console.log(
  `${problem.taskCount} tasks on ${problem.vmCount} VMs, weight of time ${values.weight}, seed ${values.seed}\n`,
)
console.log(consoleTable(rows))

mkdirSync(values.out, { recursive: true })
const shown = [
  'genetic algorithm (paper)',
  'Q-learning (paper)',
  'HAQL (look-ahead)',
  'WHAQL (paper)',
  'WHAQL (stage)',
  'WHAQL (default)',
]
const best = results.get('WHAQL (default)')!.result
const charts = {
  'gantt.svg': ganttSpec(problem, simulate(problem, best.assignment, { sharing: 'space' })),
  'convergence.svg': convergenceSpec(Object.fromEntries(shown.map((name) => [name, results.get(name)!.result])), {
    measure: 'gap',
  }),
}
for (const [file, spec] of Object.entries(charts)) {
  writeFileSync(join(values.out, file), await renderSvg(spec))
  console.log(`wrote ${join(values.out, file)}`)
}
