/**
 * What the quantile of the forecasts does in the closed loop: moves and overload together, where there is room and where
 * there is little. About two minutes.
 *
 *   npx tsx bench/closed-loop-levels.ts
 */
import { lineSpec } from 'cloudsched/report'
import { type Contender, runAll, type Scenario, tableOf } from './closed-loop-figures.ts'
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

async function section(contenders: readonly Contender[], scenario: Scenario): Promise<string> {
  const all = runAll(contenders, scenario)
  const points = contenders.map(({ name }) => {
    const runs = all.filter(({ contender }) => contender === name)
    return {
      series: name.split(',')[0]!,
      x: mean(runs.map(({ metrics }) => metrics.reschedules)),
      y: mean(runs.map(({ metrics }) => metrics.overloadPercent!)),
    }
  })
  const title = 'Overload against moves, a point per quantile'
  const chart = await writeChart(
    scenario.name,
    title,
    lineSpec(points, {
      title,
      subtitle: `${scenario.subtitle}; quantiles 0.5, 0.75, 0.85, 0.95; ASQ and oracle as the ends`,
      xTitle: 'reschedules',
      yTitle: 'overloaded pool-steps, %',
    }),
  )
  return `${chart}\n\n${tableOf(all, scenario, columns)}`
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
