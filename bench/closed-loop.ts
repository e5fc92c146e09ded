/**
 * Figures 2-4 of the source in the closed loop: execution time, waiting time and scheduling count against the number of
 * tasks, on generated traces and on a PlanetLab day (left out, and said so, where the data is not there; CLOUDSCHED_DATA
 * names its folder); and what the quantile does.
 *
 *   npx tsx bench/closed-loop.ts
 */
import { lineSpec } from 'cloudsched/report'
import { figures, runAll, tableOf } from './closed-loop-figures.ts'
import { contenders, generated, levelContenders, levels, planetlab } from './closed-loop-scenarios.ts'
import { mean, writeChart, writePage } from './evidence-page.ts'

const started = process.cpuUsage()
const levelColumns = [
  'reschedules',
  'useless, %',
  'ping-pong, %',
  'overload, %',
  'deficit, core-steps',
  'hotspots',
  'missed',
  'moved, GB',
]
const levelRuns = runAll(levelContenders, levels)
const levelTable = tableOf(levelRuns, levels, levelColumns)
const levelChart = await writeChart(
  'closed-loop-levels',
  'Overload against moves, a point per quantile',
  lineSpec(
    levelContenders.map(({ name }) => {
      const runs = levelRuns.filter(({ contender }) => contender === name)
      return {
        series: name.split(',')[0]!,
        x: mean(runs.map(({ metrics }) => metrics.reschedules)),
        y: mean(runs.map(({ metrics }) => metrics.overloadPercent!)),
      }
    }),
    {
      title: 'Overload against moves, a point per quantile',
      subtitle: 'quantiles 0.5, 0.75, 0.85, 0.95; ASQ and oracle as the ends',
      xTitle: 'reschedules',
      yTitle: 'overloaded pool-steps, %',
    },
  ),
)
const day = planetlab()
const planetlabFigures =
  day === null ? 'Not measured: no data in the folder that CLOUDSCHED_DATA names.' : await figures(contenders, day)
const main = await figures(contenders, generated)
const { user, system } = process.cpuUsage(started)

writePage({
  name: 'closed-loop',
  title: 'The closed loop: figures 2-4 of the source',
  command: 'npx tsx bench/closed-loop.ts',
  seeds: `${generated.seeds.join(', ')}; quantiles ${levels.seeds.join(', ')}`,
  body: `Means with their 95 % intervals over the seeds (Student's t); with three or four seeds the intervals are wide. What the
numbers show is said in [the closed loop](../algorithms/closed-loop.md), with the definition of each column.

Policies: ASQ expects everything to stay as it is; 'last value' is the same as a forecaster; 'last value, 0.85 quantile'
adds the 0.85 quantile of the h-step changes of each series in the past that lies before the run (3 days, for PlanetLab 8
hours); the oracle knows what comes. Threshold 0.8, horizon 12 steps, cooldown 12 steps, decisions every 5 minutes.
'decision' is the time of one decision by the clock, forecasts included, while other work went on on the machine.

## Generated traces, 30 days

100 pools of 8, 12 and 16 cores; with 200 tasks about half of all cores are asked for while all of them run.

${main}

## PlanetLab

The CPU curves are those of the PlanetLab VMs; that a VM is one core, when it arrives and how much work it has is drawn.

${planetlabFigures}

## What the quantile does

72 tasks that run all the time on 36 pools for 4 days, half of all cores asked for on average. The autoregression has 12
lags and is fitted to the 3 days before the run, for each series alone.

${levelChart}

${levelTable}

The whole page took ${Math.round((user + system) / 1e6)} s of processor time.`,
})
