import { readOptions } from '../errors/read-options.ts'
import { type Problem, vmId } from '../model/problem.ts'
import type { Evaluation } from '../model/solver.ts'
import { formatNumber } from './format-number.ts'
import { chart, ink, type JsonObject, plotWidth, titleEntry, type VegaLiteSpec } from './vega-lite-spec.ts'
import { makespanRule, roleColour, roleOf, rowHeight, vmRows } from './vm-rows.ts'

/** Options of `loadSpec`. */
export interface LoadOptions {
  readonly title?: string
}

/**
 * Load chart: the running time of each VM in seconds, equation (3), beside the makespan, equation (4).
 *
 * @param evaluation - of `evaluate(problem, assignment)`, or of a solver's result
 */
export function loadSpec(problem: Problem, evaluation: Evaluation, options: LoadOptions = {}): VegaLiteSpec {
  const { title } = readOptions(titleEntry, { title: 'Load of each VM' }, options)
  const { vmSeconds, timeSeconds, load, cost } = evaluation
  const row = rowHeight(problem.vmCount)
  const hasNumbers = row >= 12
  const values = vmSeconds.map(
    (seconds, vm): JsonObject => ({
      vm: vmId(problem, vm),
      seconds,
      role: roleOf(seconds === timeSeconds && timeSeconds > 0),
      ...(problem.pricePerSecond ? { cost: problem.pricePerSecond[vm]! * seconds } : {}),
      ...(hasNumbers ? { label: formatNumber(seconds) } : {}),
    }),
  )
  // Inside the bars the numbers keep clear of the rule; a bar too short for its number has it beside it.
  const inside = (60 / plotWidth) * timeSeconds
  const y = vmRows(problem, row)
  const x = {
    field: 'seconds',
    type: 'quantitative',
    title: 'running time (s)',
    scale: { domainMin: 0, ...(timeSeconds > 0 ? {} : { domainMax: 1 }) },
    axis: { tickCount: 8 },
  }
  const numbers = (filter: string, align: 'left' | 'right', color: string): JsonObject => ({
    transform: [{ filter }],
    mark: { type: 'text', align, dx: align === 'left' ? 5 : -5, fontSize: Math.min(11, row * 0.6), color },
    encoding: { y, x, text: { field: 'label', type: 'nominal' } },
  })
  const tooltip = ['vm', 'seconds', ...(problem.pricePerSecond ? ['cost'] : [])].map((field) => ({
    field,
    type: field === 'vm' ? 'nominal' : 'quantitative',
  }))
  const facts = [
    `makespan ${formatNumber(timeSeconds)} s`,
    ...(load === null ? [] : [`shortest over longest ${formatNumber(load, 3)}`]),
    ...(cost === null ? [] : [`cost ${formatNumber(cost)}`]),
  ]
  return chart({
    title,
    subtitle: facts.join('  ·  '),
    values,
    height: { step: row, for: 'position' },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          y,
          x,
          color: roleColour,
          tooltip,
        },
      },
      ...(hasNumbers && timeSeconds > 0 ? [numbers(`datum.seconds >= ${inside}`, 'right', 'white')] : []),
      ...(hasNumbers && vmSeconds.some((seconds) => seconds < inside)
        ? [numbers(`datum.seconds < ${inside}`, 'left', ink)]
        : []),
      ...makespanRule(timeSeconds),
    ],
  })
}
