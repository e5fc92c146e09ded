/**
 * Figures 2-4 of the source in the closed loop: execution time, waiting time and scheduling count against the number of
 * tasks, on generated traces and on a PlanetLab day (left out, and said so, where the data is not there; CLOUDSCHED_DATA
 * names its folder). About five minutes.
 *
 *   npx tsx bench/closed-loop.ts
 */
import { figures } from './closed-loop-figures.ts'
import { contenders, generated, planetlab } from './closed-loop-scenarios.ts'
import { writePage } from './evidence-page.ts'

const day = planetlab()
const planetlabFigures =
  day === null ? 'Not measured: no data in the folder that CLOUDSCHED_DATA names.' : await figures(contenders, day)
const main = await figures(contenders, generated)

writePage({
  name: 'closed-loop',
  title: 'The closed loop: figures 2-4 of the source',
  command: 'npx tsx bench/closed-loop.ts',
  seeds: generated.seeds.join(', '),
  body: `Means with their 95 % intervals over the seeds (Student's t); with three seeds the intervals are wide, and some reach
below 0. What the numbers show is said in [the closed loop](../algorithms/closed-loop.md), with the definition of each
column.

Policies: ASQ expects everything to stay as it is; 'last value' is the same as a forecaster, its line covers that of ASQ;
'last value, 0.85 quantile' adds the 0.85 quantile of the h-step changes of each series in the past that lies before the
run (3 days, for PlanetLab 8 hours); the oracle knows what comes. Threshold 0.8, horizon 12 steps, cooldown 12 steps, decisions every 5 minutes.
'decision' is the time of one decision by the clock, forecasts included, while other work went on on the machine.

## Generated traces, 30 days

100 pools of 8, 12 and 16 cores; with 200 tasks about half of all cores are asked for while all of them run.

${main}

## PlanetLab

The CPU curves are those of the PlanetLab VMs; that a VM is one core, when it arrives and how much work it has is drawn.

${planetlabFigures}`,
})
