import { oneOf, type OptionEntries, readOptions } from '../errors/read-options.ts'
import type { MeanInterval } from '../experiment/mean-interval.ts'
import type { ComparisonSummary, SolverSummary } from '../experiment/summarise.ts'
import type { SolveResult } from '../model/solver.ts'
import { formatNumber } from './format-number.ts'
import { type Column, consoleTable, markdownTable } from './table.ts'

/** Options of `resultTable` and `summaryTable`. */
export interface TableOptions {
  /** @defaultValue 'console' */
  readonly format?: 'console' | 'markdown'
}

const formatEntry: OptionEntries = { format: oneOf('console', 'markdown') }
const tableDefaults: Required<TableOptions> = { format: 'console' }

/** A table of results, one line each: time, cost, load, est, the gap in per cent, how the run ended. */
export function resultTable(results: readonly SolveResult[], options: TableOptions = {}): string {
  const { format } = readOptions(formatEntry, tableDefaults, options)
  const hasPrices = results.some(({ evaluation }) => evaluation.cost !== null)
  const columns: Column<SolveResult>[] = [
    { title: 'solver', value: ({ solver }) => solver },
    { title: 'time (s)', value: ({ evaluation }) => evaluation.timeSeconds, digits: 6 },
    ...(hasPrices ? [{ title: 'cost', value: ({ evaluation }: SolveResult) => evaluation.cost, digits: 6 }] : []),
    { title: 'load', value: ({ evaluation }) => evaluation.load, digits: 3 },
    { title: 'est', value: ({ evaluation }) => evaluation.est, digits: 6 },
    { title: 'gap (%)', value: ({ gap }) => percent(gap), digits: 3 },
    { title: 'evaluations', value: ({ evaluations }) => evaluations },
    { title: 'status', value: ({ status }) => status },
  ]
  return tableOf(format)(results, columns)
}

/** A table of a comparison, one line per solver: means, the gap with its confidence interval, failures where there are any. */
export function summaryTable({ solvers, confidence }: ComparisonSummary, options: TableOptions = {}): string {
  const { format } = readOptions(formatEntry, tableDefaults, options)
  const hasPrices = solvers.some(({ cost }) => cost !== null)
  const hasFailures = solvers.some(({ failures }) => failures > 0)
  const hasIntervals = solvers.some(({ gap }) => gap !== null && gap.low !== null)
  const columns: Column<SolverSummary>[] = [
    { title: 'solver', value: ({ solver }) => solver },
    { title: 'time (s)', value: ({ timeSeconds }) => timeSeconds?.mean, digits: 6 },
    ...(hasPrices ? [{ title: 'cost', value: ({ cost }: SolverSummary) => cost?.mean, digits: 6 }] : []),
    { title: 'load', value: ({ load }) => load?.mean, digits: 3 },
    { title: 'gap (%)', value: ({ gap }) => percent(gap?.mean ?? null), digits: 3 },
    ...(hasIntervals
      ? [{ title: `${formatNumber(confidence * 100)} % interval`, value: ({ gap }: SolverSummary) => interval(gap) }]
      : []),
    { title: 'optimal', value: ({ optimal, runs }) => `${optimal}/${runs}` },
    ...(hasFailures ? [{ title: 'failed', value: ({ failures }: SolverSummary) => failures }] : []),
    { title: 'ms', value: ({ milliseconds }) => milliseconds?.mean, digits: 3 },
  ]
  return tableOf(format)(solvers, columns)
}

function tableOf(format: 'console' | 'markdown'): typeof consoleTable {
  return format === 'markdown' ? markdownTable : consoleTable
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100
}

function interval(figure: MeanInterval | null): string | null {
  if (figure === null || figure.low === null || figure.high === null) return null
  return `${formatNumber(figure.low * 100, 3)} .. ${formatNumber(figure.high * 100, 3)}`
}
