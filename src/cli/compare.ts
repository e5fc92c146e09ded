import { csvFormat } from 'd3-dsv'
import { compareAsync } from '../experiment/compare.ts'
import type { ComparisonRow, ComparisonRun } from '../experiment/comparison-row.ts'
import { summarise } from '../experiment/summarise.ts'
import type { Problem } from '../model/problem.ts'
import type { AsyncSolver, SolveOptions, SolveResult } from '../model/solver.ts'
import { comparisonSpec } from '../report/comparison.ts'
import { convergenceSpec } from '../report/convergence.ts'
import { ganttSpec } from '../report/gantt.ts'
import { paretoSpec } from '../report/pareto.ts'
import { summaryTable } from '../report/result-table.ts'
import { simulate } from '../simulate/simulate.ts'
import { countOf, readArguments, solveArguments, solveOptionsOf, wordOf } from './arguments.ts'
import { writeOutputs } from './files.ts'
import { frontOf, requirePrices } from './front.ts'
import { compareHelp } from './help.ts'
import { exitCode, type Io, printResult, UsageError } from './io.ts'
import { progressBar } from './progress-bar.ts'
import { inputArguments, readProblems } from './read-problem.ts'
import { checkCharts, renderCharts, requestedCharts } from './render-chart.ts'
import { solverNamed, solvers } from './solvers.ts'

const options = {
  ...inputArguments,
  ...solveArguments,
  solvers: { type: 'string' },
  seeds: { type: 'string' },
  chart: { type: 'string' },
  convergence: { type: 'string' },
  gantt: { type: 'string' },
  pareto: { type: 'string' },
} as const

const defaultSeeds = 3
/** The same budget for all; without one the exact solvers could take for ever. */
const defaultLimitMs = 1000

/** `cloudsched compare`: solvers beside each other on one or more problems; rows, a table, charts. */
export async function compare(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  if (values.help) {
    io.stdout.write(compareHelp)
    return exitCode.done
  }
  if (values.seed !== undefined)
    throw new UsageError('`compare` takes --seeds COUNT: every solver runs with each of the seeds 1 to COUNT.')
  if (values.option !== undefined)
    throw new UsageError('`compare` runs every solver with its defaults: --option belongs to `solve`.')
  const names = values.solvers?.split(',').map((name) => name.trim()) ?? Object.keys(solvers)
  const chosen: Record<string, AsyncSolver> = Object.fromEntries(
    names.map((name) => [name, solverNamed(name, '--solvers').solve]),
  )
  const seeds = countOf('--seeds', values.seeds) ?? defaultSeeds
  const format = wordOf('--format', values.format, ['json', 'csv']) ?? (values.out?.endsWith('.json') ? 'json' : 'csv')
  const charts = requestedCharts({
    '--chart': values.chart,
    '--convergence': values.convergence,
    '--gantt': values.gantt,
    '--pareto': values.pareto,
  })
  await checkCharts(charts)
  const shared: SolveOptions = { timeLimitMs: defaultLimitMs, ...solveOptionsOf(values) }
  const problems = await readProblems(positionals, values, (text) => io.stderr.write(`${text}\n`))
  const named = Object.fromEntries(problems.map(({ name, problem }) => [name, problem]))
  if (Object.keys(named).length < problems.length)
    throw new UsageError('Two problems have the same file name: rows are told apart by it.')
  requirePrices(problems[0]!.problem, values.pareto)

  const kept = keepFirstRun(problems[0]!.name)
  const bar = progressBar(io, 'compare')
  const rows = await compareAsync(chosen, named, {
    seeds,
    options: shared,
    signal: io.signal,
    onResult: kept.keep,
    ...(bar ? { onProgress: ({ fraction, solver }) => bar.update({ fraction, label: solver }) } : {}),
  }).finally(() => bar?.stop())

  const text = format === 'csv' ? `${csvFormat(rows.map(csvRow))}\n` : `${JSON.stringify(rows, null, 2)}\n`
  const results = kept.results()
  const drawn = await renderCharts(charts, {
    '--chart': () => comparisonSpec(rows),
    '--convergence': () => convergenceSpec(results, { measure: hasBounds(results) ? 'gap' : 'est' }),
    '--gantt': () => ganttOfBest(problems[0]!.problem, results),
    '--pareto': () =>
      paretoSpec(Object.fromEntries(Object.entries(results).map(([name, result]) => [name, frontOf(result)]))),
  })
  await writeOutputs([...(values.out === undefined ? [] : [{ path: values.out, content: text }]), ...drawn])
  printResult(io, values, text, () => `${summaryTable(summarise(rows))}\n`)
  noteFailures(io, rows)
  if (io.signal.aborted) return exitCode.interrupted
  return rows.every(({ status }) => status === 'failed') ? exitCode.internal : exitCode.done
}

/** The results of the first seed on one problem: what the charts of curves and bars show. */
function keepFirstRun(problem: string) {
  const first = new Map<string, SolveResult>()
  return {
    keep: (result: SolveResult, run: ComparisonRun): void => {
      if (run.problem === problem && !first.has(run.solver)) first.set(run.solver, result)
    },
    results: (): Record<string, SolveResult> => Object.fromEntries(first),
  }
}

/** Gaps show what the late search gains; est is all there is where no bound is known. */
function hasBounds(results: Readonly<Record<string, SolveResult>>): boolean {
  return Object.values(results).some(({ bound }) => bound !== null)
}

function ganttOfBest(problem: Problem, results: Readonly<Record<string, SolveResult>>): ReturnType<typeof ganttSpec> {
  const ranked = Object.entries(results).toSorted(
    ([, a], [, b]) => (a.evaluation.est ?? Infinity) - (b.evaluation.est ?? Infinity),
  )
  const best = ranked[0]
  if (!best) throw new UsageError('--gantt: no solver found a schedule.')
  return ganttSpec(problem, simulate(problem, best[1].assignment, { sharing: 'space' }), {
    title: `Best schedule, by ${best[0]}`,
  })
}

function csvRow(row: ComparisonRow): Record<string, string> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value === null ? '' : String(value)]))
}

/** One line per solver that failed, with the reason of its first failure. */
function noteFailures({ stderr }: Io, rows: readonly ComparisonRow[]): void {
  const seen = new Set<string>()
  for (const { solver, status, error } of rows) {
    if (status !== 'failed' || seen.has(solver)) continue
    seen.add(solver)
    stderr.write(`${solver} failed: ${error}\n`)
  }
}
