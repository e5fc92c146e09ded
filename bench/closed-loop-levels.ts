/**
 * What the quantile of the forecasts does in the closed loop: moves and overload together, where there is room and where
 * there is little. About two minutes.
 *
 *   npx tsx bench/closed-loop-levels.ts
 */
import type { VegaLiteSpec } from 'cloudsched/report'
import { type Contender, type Run, runAll, type Scenario, tableOf } from './closed-loop-figures.ts'
import { crowded, levelContenders, residualContenders, roomy } from './closed-loop-scenarios.ts'
import { mean, writeChart, writePage } from './evidence-page.ts'

const columns = [
  'reschedules',
  'useless, %',
  'ping-pong, %',
  'overload, %',
  'deficit, core-steps',
  'hotspots',
  'missed',
  'moved, GB',
]

/** A policy in the plane of moves and overload. */
interface Point {
  readonly policy: string
  /** Its quantile; `null` for the ends. */
  readonly level: number | null
  readonly reschedules: number
  readonly overload: number
}

function pointOf(name: string, runs: readonly Run[]): Point {
  const [policy, quantile] = name.split(', ')
  return {
    policy: policy!,
    level: quantile === undefined ? null : Number.parseFloat(quantile),
    reschedules: mean(runs.map(({ metrics }) => metrics.reschedules)),
    overload: mean(runs.map(({ metrics }) => metrics.overloadPercent!)),
  }
}

/** A path per forecaster through its quantiles, in their order, which stand beside its points. */
function planeSpec(points: readonly Point[], subtitle: string): VegaLiteSpec {
  const position = {
    x: { field: 'reschedules', type: 'quantitative', title: 'reschedules' },
    y: { field: 'overload', type: 'quantitative', title: 'overloaded pool-steps, %' },
    color: { field: 'policy', type: 'nominal', title: null },
  }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: 'Overload against moves, by quantile', subtitle, anchor: 'start' },
    data: { values: points.map((point) => ({ ...point })) },
    width: 560,
    height: 320,
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.5 },
        encoding: { ...position, order: { field: 'level', type: 'quantitative' } },
      },
      { mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: position },
      {
        mark: { type: 'text', align: 'left', dx: 7, dy: -7 },
        encoding: { ...position, text: { field: 'level', type: 'nominal' } },
        transform: [{ filter: 'datum.level !== null' }],
      },
    ],
    config: {},
    background: 'white',
    padding: 5,
  }
}

async function section(contenders: readonly Contender[], scenario: Scenario): Promise<string> {
  const runs = await runAll(contenders, scenario)
  const points = contenders.map(({ name }) =>
    pointOf(
      name,
      runs.filter(({ contender }) => contender === name),
    ),
  )
  const chart = await writeChart(
    scenario.name,
    'Overload against moves, by quantile',
    planeSpec(points, scenario.subtitle),
  )
  return `${chart}\n\n${tableOf(runs, scenario, columns)}`
}

const sections = [await section(levelContenders, roomy), await section(residualContenders, crowded)]
writePage({
  name: 'closed-loop-levels',
  title: 'The closed loop: what the quantile does',
  command: 'npx tsx bench/closed-loop-levels.ts',
  seeds: roomy.seeds.join(', '),
  body: `Moves and overload of the same policies at several quantiles of their forecasts. All tasks run for all of the 4 days.
Means with their 95 % intervals over the seeds (Student's t); some of them reach below 0. 'Last value' adds a quantile of
the h-step changes of each series in the 3 days before the run; the autoregression has 12 lags and is fitted to the same
days, for each series alone. Threshold 0.8, horizon and cooldown 12 steps. What the numbers show is said in
[the closed loop](../algorithms/closed-loop.md).

## Room enough

72 tasks on 36 pools of 8, 12 and 16 cores, half of all cores asked for on average: two tasks share a pool.

${sections[0]}

## Crowded

100 tasks on 12 pools of 24, 36 and 48 cores, two thirds of all cores asked for: eight tasks share a pool. The
autoregression is left out.

${sections[1]}`,
})
