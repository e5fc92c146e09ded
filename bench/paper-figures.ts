/**
 * Figures 2-6 of the WHAQL paper, and the verdict on its ordering under each reading of it.
 *
 *   npx tsx bench/paper-figures.ts
 */
import {
  branchAndBound,
  createProblem,
  descent,
  geneticAlgorithm,
  haql,
  iteratedLocalSearch,
  kCheapestLpt,
  minMin,
  type Problem,
  qLearning,
  roundRobin,
  type SolveResult,
  type Solver,
  whaql,
} from 'cloudsched'
import { holm, signedRankTest } from 'cloudsched/experiment'
import { type Cell, markdownTable, type VegaLiteSpec } from 'cloudsched/report'
import { paperInstance } from 'cloudsched/workload'
import { mean, median, writeChart, writePage } from './evidence-page.ts'

const sizes = [10, 20, 30, 40, 50]
const weights = [0.5, 1, 0]
const seeds = Array.from({ length: 20 }, (_, k) => k + 1)

const solvers: Record<string, Solver> = {
  'Equ (round robin)': roundRobin,
  'min-min': minMin,
  'k-cheapest + LPT': kCheapestLpt,
  'GA 50 x 100': (problem, options) => geneticAlgorithm(problem, { ...options, preset: 'paper' }),
  QL: (problem, options) => qLearning(problem, { ...options, preset: 'paper' }),
  'HAQL, learnt': (problem, options) => haql(problem, { ...options, heuristic: 'explore' }),
  'HAQL, look-ahead': (problem, options) => haql(problem, { ...options, heuristic: 'look-ahead' }),
  "WHAQL 'paper'": (problem, options) => whaql(problem, { ...options, preset: 'paper' }),
  "WHAQL 'stage'": (problem, options) => whaql(problem, { ...options, preset: 'stage' }),
  "WHAQL 'default'": (problem, options) => whaql(problem, options),
  descent,
  ILS: iteratedLocalSearch,
}
const names = Object.keys(solvers)

interface Run {
  readonly solver: string
  readonly taskCount: number
  readonly timeWeight: number
  readonly seed: number
  readonly milliseconds: number
  readonly result: SolveResult
  /** exp(est - reference) - 1; the reference is the proven optimum at 10 tasks, the bound above. */
  readonly gap: number
}

const runs: Run[] = []
for (const timeWeight of weights) {
  for (const taskCount of sizes) {
    for (const seed of seeds) {
      const problem: Problem = createProblem(paperInstance({ taskCount, seed }))
      const optimum = taskCount === 10 ? branchAndBound(problem, { timeWeight }).evaluation.est! : null
      for (const [solver, solve] of Object.entries(solvers)) {
        const start = performance.now()
        const result = solve(problem, { timeWeight, seed })
        const milliseconds = performance.now() - start
        const gap = Math.expm1(result.evaluation.est! - (optimum ?? result.bound!))
        runs.push({ solver, taskCount, timeWeight, seed, milliseconds, result, gap })
      }
    }
    console.error(`weight ${timeWeight}, ${taskCount} tasks done`)
  }
}

/** A column that shows a field as it is. */
function column(key: string, title: string): { title: string; value: (row: Record<string, Cell>) => Cell } {
  return { title, value: (row) => row[key] }
}

function select(solver: string, timeWeight: number, taskCount: number): Run[] {
  return runs.filter((run) => run.solver === solver && run.timeWeight === timeWeight && run.taskCount === taskCount)
}

function perSize(timeWeight: number, figure: (run: Run) => number, digits: number): string {
  const columns = [column('solver', 'solver'), ...sizes.map((size) => column(String(size), `${size} tasks`))]
  const rows = names.map((solver) => ({
    solver,
    ...Object.fromEntries(
      sizes.map((size) => [String(size), mean(select(solver, timeWeight, size).map(figure)).toFixed(digits)]),
    ),
  }))
  return markdownTable(rows, columns)
}

/** Several named lines over a numeric axis. */
function linesSpec(
  title: string,
  x: string,
  y: string,
  values: readonly { solver: string; x: number; y: number }[],
  zero = false,
): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title,
    width: 460,
    height: 300,
    data: { values: values.map((value) => ({ ...value })) },
    mark: { type: 'line', point: { size: 22 }, strokeWidth: 1.5 },
    encoding: {
      x: { field: 'x', type: 'quantitative', title: x, axis: { tickCount: 6, grid: false } },
      y: { field: 'y', type: 'quantitative', title: y, scale: { zero } },
      color: { field: 'solver', type: 'nominal', title: null, sort: names, scale: { scheme: 'tableau20' } },
    },
  } as unknown as VegaLiteSpec
}

const shown = [
  'Equ (round robin)',
  'GA 50 x 100',
  'QL',
  'HAQL, learnt',
  "WHAQL 'paper'",
  "WHAQL 'stage'",
  "WHAQL 'default'",
]
const sections: string[] = []

for (const [k, timeWeight] of weights.entries()) {
  const values = shown.flatMap((solver) =>
    sizes.map((size) => ({ solver, x: size, y: mean(select(solver, timeWeight, size).map(({ gap }) => 100 * gap)) })),
  )
  const chart = await writeChart(
    `paper-figure-${k + 2}`,
    `Mean gap against the number of tasks, weight ${timeWeight}`,
    linesSpec(
      `Figure ${k + 2}: weight of time ${timeWeight}`,
      'tasks',
      'mean gap, %',
      values.filter(({ solver }) => solver !== 'Equ (round robin)'),
      true,
    ),
  )
  sections.push(
    `## Figure ${k + 2}: weight ${timeWeight}\n\n${chart}\n\nThe chart leaves Equ out: its gap is several times the others'.\n\nMean gap in per cent, to the proven optimum at 10 tasks and to the lower bound above:\n\n${perSize(timeWeight, ({ gap }) => 100 * gap, 2)}\n\nMean est, the paper's own axis:\n\n${perSize(timeWeight, ({ result }) => result.evaluation.est!, 4)}`,
  )
}

// Figure 5: convergence at 20 tasks, weight 0.5, in stages of 500 episodes.
const learners = ['QL', 'HAQL, learnt', 'HAQL, look-ahead', "WHAQL 'paper'", "WHAQL 'stage'"]
const stages = Array.from({ length: 10 }, (_, k) => (k + 1) * 500)
function curve(solver: string, field: 'best' | 'mean'): number[] {
  const histories = select(solver, 0.5, 20).map(({ result }) => result.history)
  return stages.map((stage) =>
    mean(histories.map((history) => history.find(({ iteration }) => iteration === stage)![field]!)),
  )
}
const stageRows = learners.flatMap((solver) =>
  (['mean', 'best'] as const).map((field) => ({
    solver: `${solver}, ${field}`,
    ...Object.fromEntries(curve(solver, field).map((est, k) => [String(stages[k]), est.toFixed(4)])),
  })),
)
const convergence = await writeChart(
  'paper-figure-5',
  'Mean est of each stage of 500 episodes, 20 tasks, weight 0.5',
  linesSpec(
    'Figure 5: mean est of the schedules of each stage',
    'episodes',
    'mean est of the stage',
    learners.flatMap((solver) => curve(solver, 'mean').map((y, k) => ({ solver, x: stages[k]!, y }))),
  ),
)
sections.push(
  `## Figure 5: convergence, 20 tasks, weight 0.5\n\n${convergence}\n\n${markdownTable(stageRows, [column('solver', 'est'), ...stages.map((stage) => column(String(stage), String(stage)))])}`,
)

// Figure 6: load balance at weight 0.5.
const balance = await writeChart(
  'paper-figure-6',
  'Mean load balance against the number of tasks, weight 0.5',
  linesSpec(
    'Figure 6: load balance, weight 0.5',
    'tasks',
    'Load, equation (8)',
    shown.flatMap((solver) =>
      sizes.map((size) => ({
        solver,
        x: size,
        y: mean(select(solver, 0.5, size).map(({ result }) => result.evaluation.load ?? 0)),
      })),
    ),
  ),
)
sections.push(
  `## Figure 6: load balance, weight 0.5\n\n${balance}\n\n${perSize(0.5, ({ result }) => result.evaluation.load ?? 0, 2)}`,
)

// The paper's ordering: WHAQL below Equ, GA, QL and HAQL, under each reading of WHAQL.
const rivals = ['Equ (round robin)', 'GA 50 x 100', 'QL', 'HAQL, learnt', 'HAQL, look-ahead']
const verdicts = ["WHAQL 'paper'", "WHAQL 'stage'", "WHAQL 'default'"].flatMap((reading) =>
  weights.flatMap((timeWeight) => {
    const rows = rivals.map((rival) => {
      const perSizeWins = sizes.map((size) => {
        const theirs = select(rival, timeWeight, size)
        const differences = select(reading, timeWeight, size).map(
          ({ result }, i) => result.evaluation.est! - theirs[i]!.result.evaluation.est!,
        )
        return {
          wins: differences.filter((d) => d < -1e-12).length,
          losses: differences.filter((d) => d > 1e-12).length,
          differences,
        }
      })
      const { p } = signedRankTest(
        perSizeWins.flatMap(({ differences }) => differences.map((d) => (Math.abs(d) <= 1e-12 ? 0 : d))),
      )
      const wins = perSizeWins.reduce((sum, size) => sum + size.wins, 0)
      const losses = perSizeWins.reduce((sum, size) => sum + size.losses, 0)
      return {
        reading,
        timeWeight,
        rival,
        wins,
        losses,
        perSizeText: perSizeWins.map((size) => `${size.wins}:${size.losses}`).join(' '),
        p,
      }
    })
    const adjusted = holm(rows.map(({ p }) => p))
    return rows.map((row, k) => ({
      ...row,
      p: adjusted[k]!,
      verdict: adjusted[k]! < 0.05 ? (row.wins > row.losses ? 'holds' : 'reversed') : 'no difference shown',
    }))
  }),
)
const verdictTable = markdownTable(
  verdicts.map((row) => ({
    ...row,
    p: row.p < 0.0001 ? '< 0.0001' : row.p.toFixed(4),
    timeWeight: String(row.timeWeight),
    wins: `${row.wins}:${row.losses}`,
  })),
  [
    column('reading', 'reading'),
    column('timeWeight', 'weight'),
    column('rival', 'against'),
    column('wins', 'better:worse of 100'),
    column('perSizeText', 'at 10, 20, 30, 40, 50 tasks'),
    column('p', 'p'),
    column('verdict', 'the paper says better'),
  ],
)
sections.push(
  `## Does the paper's ordering hold?\n\nThe paper orders WHAQL before HAQL, QL, GA and Equ. Each line counts the instances (20 of each size) on which WHAQL's best schedule is better or worse than the rival's; p is Wilcoxon's signed-rank test over all 100, adjusted by Holm over the five rivals.\n\n${verdictTable}`,
)

const timeRows = names.map((solver) => ({
  solver,
  ...Object.fromEntries(
    [10, 20, 50].map((size) => [
      String(size),
      median(select(solver, 0.5, size).map(({ milliseconds }) => milliseconds)).toFixed(2),
    ]),
  ),
}))
sections.push(
  `## Time\n\nMedian milliseconds of a run at weight 0.5:\n\n${markdownTable(timeRows, [column('solver', 'solver'), ...[10, 20, 50].map((size) => column(String(size), `${size} tasks`))])}`,
)

writePage({
  name: 'paper-figures',
  title: 'Figures 2-6 of the WHAQL paper',
  command: 'npx tsx bench/paper-figures.ts',
  seeds: 'instances 1-20 of `paperInstance({ taskCount, seed })`, each solver with the seed of its instance',
  body: `Instances: lengths U[60000, 120000] MI, 5 VMs, speeds U[400, 1200] MIPS, price (speed / 1000)^1.5. QL, HAQL and WHAQL play 5000 episodes; the GA evaluates 50 x 100 schedules, unseeded. "HAQL, learnt" takes its heuristic from its first tenth of episodes, "HAQL, look-ahead" from the immediate reward: the paper does not say which it means.\n\n${sections.join('\n\n')}`,
})
