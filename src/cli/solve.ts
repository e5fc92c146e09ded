import { writePlanCsv, writePlanJson } from '../io/plan.ts'
import type { SolveResult } from '../model/solver.ts'
import { convergenceSpec } from '../report/convergence.ts'
import { formatNumber } from '../report/format-number.ts'
import { ganttSpec } from '../report/gantt.ts'
import { loadSpec } from '../report/load.ts'
import { paretoSpec } from '../report/pareto.ts'
import { resultTable } from '../report/result-table.ts'
import { simulate } from '../simulate/simulate.ts'
import { readArguments, solveArguments, solveOptionsOf, wordOf } from './arguments.ts'
import { writeOutputs } from './files.ts'
import { solveHelp } from './help.ts'
import { frontOf, requirePrices } from './front.ts'
import { exitCode, type Io, printResult, UsageError } from './io.ts'
import { progressBar } from './progress-bar.ts'
import { inputArguments, readProblems } from './read-problem.ts'
import { checkCharts, renderCharts, requestedCharts } from './render-chart.ts'
import { defaultSolver, solverNamed } from './solvers.ts'

const options = {
  ...inputArguments,
  ...solveArguments,
  solver: { type: 'string' },
  chart: { type: 'string' },
  convergence: { type: 'string' },
  load: { type: 'string' },
  pareto: { type: 'string' },
} as const

/** `cloudsched solve`: one problem, one solver; the plan, and charts of it. */
export async function solve(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = readArguments(argv, options)
  if (values.help) {
    io.stdout.write(solveHelp)
    return exitCode.done
  }
  const name = values.solver ?? defaultSolver
  const solver = solverNamed(name)
  const format = wordOf('--format', values.format, ['json', 'csv']) ?? (values.out?.endsWith('.csv') ? 'csv' : 'json')
  const charts = requestedCharts({
    '--chart': values.chart,
    '--convergence': values.convergence,
    '--load': values.load,
    '--pareto': values.pareto,
  })
  await checkCharts(charts)
  const solveOptions = solveOptionsOf(values)
  const problems = await readProblems(positionals, values, (text) => io.stderr.write(`${text}\n`))
  if (problems.length > 1) throw new UsageError('`solve` takes one problem; `compare` takes several.')
  const { problem } = problems[0]!
  requirePrices(problem, values.pareto)

  const bar = progressBar(io, name)
  const result = await solver
    .solve(problem, {
      ...solveOptions,
      signal: io.signal,
      ...(bar ? { onProgress: (progress) => bar.update(progress) } : {}),
    })
    .finally(() => bar?.stop())

  const plan = format === 'csv' ? writePlanCsv(problem, result.assignment) : writePlanJson(problem, result)
  const drawn = await renderCharts(charts, {
    '--chart': () => ganttSpec(problem, simulate(problem, result.assignment, { sharing: 'space' })),
    '--convergence': () => convergenceSpec([result]),
    '--load': () => loadSpec(problem, result.evaluation),
    '--pareto': () => paretoSpec({ [name]: frontOf(result) }),
  })
  await writeOutputs([...(values.out === undefined ? [] : [{ path: values.out, content: plan }]), ...drawn])
  printResult(
    io,
    values,
    plan,
    () => `${problem.taskCount} tasks on ${problem.vmCount} VMs\n\n${resultTable([result])}\n`,
  )
  note(io, result)
  return io.signal.aborted ? exitCode.interrupted : exitCode.done
}

/** What the figures do not say. */
function note({ stderr }: Io, result: SolveResult): void {
  if (result.ignored.length > 0) {
    stderr.write(`The static model does not look at ${result.ignored.join(', ')}; a Gantt chart (--chart) does.\n`)
  }
  if (result.status === 'aborted') {
    stderr.write(`Interrupted: this is the best schedule so far${gapText(result.gap)}.\n`)
  }
}

function gapText(gap: number | null): string {
  return gap === null ? '' : `, at most ${formatNumber(gap * 100, 3)} % above the optimum`
}
