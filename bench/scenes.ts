/**
 * The three scenes under rules, present use and forecasts, each with little and with much headroom:
 * `npx tsx bench/scenes.ts`. Writes docs/results/scenes.md with its charts.
 */
import { meanInterval } from 'cloudsched/experiment'
import { type LinePoint, lineSpec, markdownTable } from 'cloudsched/report'
import { cloudPlatform, type CloudPlatformFigures, irregularDemand } from '../examples/scenes/cloud-platform.ts'
import { dataCentre, type DataCentreFigures } from '../examples/scenes/data-centre.ts'
import type { Control, Figures } from '../examples/scenes/figures.ts'
import { storageTier, type StorageTierFigures } from '../examples/scenes/storage-tier.ts'
import { writeChart, writePage } from './evidence-page.ts'

const seeds = [1, 2, 3, 4, 5]
const controls: readonly Control[] = ['rules', 'reactive', 'predictive']

interface Setting<F extends Figures> {
  readonly control: Control
  readonly margin: number
  readonly runs: readonly F[]
}

/** Every control at every margin on every seed. */
function sweep<F extends Figures>(
  margins: Readonly<Record<Control, readonly number[]>>,
  run: (control: Control, margin: number, seed: number) => F,
): Setting<F>[] {
  return controls.flatMap((control) =>
    margins[control].map((margin) => {
      console.log(control, margin)
      return { control, margin, runs: seeds.map((seed) => run(control, margin, seed)) }
    }),
  )
}

type Columns<F> = Readonly<Record<string, (figures: F) => number>>

function table<F extends Figures>(settings: readonly Setting<F>[], marginTitle: string, columns: Columns<F>): string {
  return markdownTable(
    settings.map(({ control, margin, runs }) => ({
      control,
      [marginTitle]: String(margin),
      ...Object.fromEntries(Object.entries(columns).map(([title, of]) => [title, withInterval(runs.map(of))])),
    })),
  )
}

function withInterval(values: readonly number[]): string {
  const { mean, low, high } = meanInterval(values)!
  const digits = mean >= 100 ? 0 : mean >= 10 ? 1 : mean >= 1 ? 2 : 3
  return `${mean.toFixed(digits)} [${low!.toFixed(digits)}, ${high!.toFixed(digits)}]`
}

/** What one figure costs in the other: a line for each control, its margins along it. */
function tradeOff<F extends Figures>(
  settings: readonly Setting<F>[],
  x: (figures: F) => number,
  y: (figures: F) => number,
): LinePoint[] {
  return settings.map(({ control, runs }) => {
    const { mean, low, high } = meanInterval(runs.map(y))!
    return { series: control, x: meanInterval(runs.map(x))!.mean, y: mean, low: Math.max(0, low!), high }
  })
}

const start = process.cpuUsage()

const centre = sweep<DataCentreFigures>(
  { rules: [1, 0.8, 0.6, 0.5], reactive: [0, 0.1, 0.25, 0.5], predictive: [0.5, 0.85, 0.95, 0.99] },
  (control, margin, seed) => dataCentre({ control, margin, seed }).figures,
)
const centreMargins = { rules: 0.8, reactive: 0.5, predictive: 0.95 }
const centreDay = controls.flatMap((control) =>
  dataCentre({ control, margin: centreMargins[control], seed: 1, days: 1 })
    .course.filter((_, step) => step % 6 === 0)
    .flatMap(({ hour, requested, asked }) => [
      { series: `requested: ${control}`, x: hour, y: requested },
      ...(control === 'rules' ? [{ series: 'what the work asks for', x: hour, y: asked }] : []),
    ]),
)
const centreChart = await writeChart(
  'scenes-data-centre',
  'Cores requested for the services by each control, and what their work asks for',
  lineSpec(centreDay, {
    title: 'Data centre: what is requested for the services over a day',
    subtitle:
      'Rules 80 % of the limits, reactive present use and 50 %, predictive the 95 % quantile. Batch gets what is left of 192.',
    xTitle: 'hour',
    yTitle: 'cores',
  }),
)

const platformMargins = {
  rules: [0.7, 0.8, 0.9],
  reactive: [0.1, 0.2, 0.35, 0.5],
  predictive: [0.7, 0.85, 0.95, 0.99],
}
const platform = sweep<CloudPlatformFigures>(
  platformMargins,
  (control, margin, seed) => cloudPlatform({ control, margin, seed }).figures,
)
const surprised = sweep<CloudPlatformFigures>(
  platformMargins,
  (control, margin, seed) => cloudPlatform({ control, margin, seed, shape: irregularDemand }).figures,
)
const platformAxes = { xTitle: 'cost of machines a day', yTitle: 'mean wait of an instance, seconds' }
const platformChart = await writeChart(
  'scenes-cloud-platform',
  'Mean wait against cost on demand with a daily wave and hourly work',
  lineSpec(
    tradeOff(
      platform,
      ({ cost }) => cost,
      ({ waitSeconds }) => waitSeconds,
    ),
    {
      title: 'Cloud platform, demand with a daily wave and hourly scheduled work',
      subtitle: 'Lower left is better.',
      ...platformAxes,
    },
  ),
)
const surprisedChart = await writeChart(
  'scenes-cloud-platform-irregular',
  'Mean wait against cost on demand that jumps',
  lineSpec(
    tradeOff(
      surprised,
      ({ cost }) => cost,
      ({ waitSeconds }) => waitSeconds,
    ),
    { title: 'Cloud platform, demand that jumps at random times', subtitle: 'Lower left is better.', ...platformAxes },
  ),
)

const diskCounts = [6, 7, 8, 9]
const storageMargins = { rules: 0, reactive: 0.1, predictive: 0.7 }
const storage = diskCounts.map((disks) => ({
  disks,
  settings: sweep<StorageTierFigures>(
    { rules: [storageMargins.rules], reactive: [storageMargins.reactive], predictive: [storageMargins.predictive] },
    (control, margin, seed) => storageTier({ control, margin, seed, disks }).figures,
  ),
}))
const storageChart = await writeChart(
  'scenes-storage-tier',
  'Disk-steps overloaded against the number of disks',
  lineSpec(
    storage.flatMap(({ disks, settings }) =>
      tradeOff(
        settings,
        () => disks,
        ({ overloadPercent }) => overloadPercent,
      ),
    ),
    {
      title: 'Storage tier: 48 volumes on fewer and fewer disks',
      subtitle: 'Means with 95 % intervals.',
      xTitle: 'disks',
      yTitle: 'disk-steps overloaded, %',
    },
  ),
)

const shared = {
  'imbalance, %': ({ imbalancePercent }: Figures) => imbalancePercent,
  'utilisation, %': ({ utilisationPercent }: Figures) => utilisationPercent,
}
const platformColumns: Columns<CloudPlatformFigures> = {
  'cost a day': ({ cost }) => cost,
  'wait, s': ({ waitSeconds }) => waitSeconds,
  'delayed, %': ({ delayedPercent }) => delayedPercent,
  ...shared,
  'moves a day': ({ moves }) => moves,
}
const { user, system } = process.cpuUsage(start)

writePage({
  name: 'scenes',
  title: 'Three scenes under rules, present use and forecasts',
  command: 'npx tsx bench/scenes.ts',
  seeds: `${seeds[0]} to ${seeds.at(-1)}`,
  body: `What the scenes are, what the margins mean and what the numbers show: [the three scenes](../how-to/scenes.md). Two days each; means over ${seeds.length} seeds with
95 % intervals by Student's t.

## Data centre

${table(centre, 'margin', {
  'Wh per core-hour': ({ cost }) => cost,
  'wait of services, s': ({ waitSeconds }) => waitSeconds,
  'batch response, min': ({ batchMinutes }) => batchMinutes,
  ...shared,
  'batch work lost, %': ({ lostPercent }) => lostPercent,
})}

${centreChart}

## Cloud platform

Demand with a daily wave and scheduled work at every full hour:

${table(platform, 'margin', platformColumns)}

${platformChart}

Demand that jumps at random times:

${table(surprised, 'margin', platformColumns)}

${surprisedChart}

## Storage tier

${storage
  .map(
    ({ disks, settings }) =>
      `${disks} disks:\n\n${table(settings, 'margin', {
        'cost a day': ({ cost }) => cost,
        'wait, s': ({ waitSeconds }) => waitSeconds,
        'overloaded, %': ({ overloadPercent }) => overloadPercent,
        ...shared,
        'moves a day': ({ moves }) => moves,
        'GiB moved a day': ({ gibMoved }) => gibMoved,
      })}`,
  )
  .join('\n\n')}

${storageChart}

The page took ${((user + system) / 1e6).toFixed(0)} s of processor.`,
})
