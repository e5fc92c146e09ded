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
  const size = Math.abs(mean)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
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

/** What a control does better than another one on the same seeds: the mean of the differences. */
function difference<F extends Figures>(
  settings: readonly Setting<F>[],
  [first, second]: readonly [readonly [Control, number], readonly [Control, number]],
  columns: Columns<F>,
): Record<string, string> {
  const [a, b] = [first, second].map(([control, margin]) =>
    settings.find((setting) => setting.control === control && setting.margin === margin),
  )
  const differences = Object.entries(columns).map(([title, of]) => {
    return [title, withInterval(a!.runs.map((figures, k) => of(figures) - of(b!.runs[k]!)))]
  })
  return { difference: `${first.join(' ')} less ${second.join(' ')}`, ...Object.fromEntries(differences) }
}

const start = process.cpuUsage()

const centre = sweep<DataCentreFigures>(
  { rules: [1, 0.8, 0.6, 0.5], reactive: [0, 0.1, 0.25, 0.5], predictive: [0.5, 0.85, 0.95, 0.99] },
  (control, margin, seed) => dataCentre({ control, margin, seed }).figures,
)
const centreMargins = { rules: 0.8, reactive: 0.5, predictive: 0.95 }
const days = controls.map((control) => {
  return { control, course: dataCentre({ control, margin: centreMargins[control], seed: 1, days: 1 }).course }
})
const everyHalfHour = (_: unknown, step: number): boolean => step % 6 === 0
const centreDay = [
  ...days.flatMap(({ control, course }) =>
    course
      .filter(everyHalfHour)
      .map(({ hour, requested }) => ({ series: `requested: ${control}`, x: hour, y: requested })),
  ),
  // The work is the same for all three.
  ...days[0]!.course
    .filter(everyHalfHour)
    .map(({ hour, asked }) => ({ series: 'asked for by the work', x: hour, y: asked })),
]
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

const centreTradeOff = await writeChart(
  'scenes-data-centre-trade-off',
  'Mean wait of the services against response time of batch',
  lineSpec(
    tradeOff(
      centre.filter(({ control }) => control !== 'rules'),
      ({ batchMinutes }) => batchMinutes,
      ({ waitSeconds }) => waitSeconds,
    ),
    {
      title: 'Data centre: services against batch',
      subtitle: 'Lower left is better. The rules lie outside: no wait at hours of batch response, or minutes of wait.',
      xTitle: 'mean response time of batch, minutes',
      yTitle: 'mean wait of services, seconds',
    },
  ),
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
const storageSweep = (disks: number, targetLoad: number): Setting<StorageTierFigures>[] =>
  sweep<StorageTierFigures>(
    { rules: [storageMargins.rules], reactive: [storageMargins.reactive], predictive: [storageMargins.predictive] },
    (control, margin, seed) => storageTier({ control, margin, seed, disks, targetLoad }).figures,
  )
const storage = diskCounts.map((disks) => ({ disks, settings: storageSweep(disks, 0.9) }))
const lowTarget = storageSweep(7, 0.8)
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
const centreColumns: Columns<DataCentreFigures> = {
  'Wh per core-hour': ({ cost }) => cost,
  'wait of services, s': ({ waitSeconds }) => waitSeconds,
  'batch response, min': ({ batchMinutes }) => batchMinutes,
  ...shared,
  'batch work lost, %': ({ lostPercent }) => lostPercent,
}
const platformColumns: Columns<CloudPlatformFigures> = {
  'cost a day': ({ cost }) => cost,
  'wait, s': ({ waitSeconds }) => waitSeconds,
  'delayed, %': ({ delayedPercent }) => delayedPercent,
  ...shared,
  'moves a day': ({ moves }) => moves,
}
const storageColumns: Columns<StorageTierFigures> = {
  'cost a day': ({ cost }) => cost,
  'wait, s': ({ waitSeconds }) => waitSeconds,
  'overloaded, %': ({ overloadPercent }) => overloadPercent,
  ...shared,
  'moves a day': ({ moves }) => moves,
  'GiB moved a day': ({ gibMoved }) => gibMoved,
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

${table(centre, 'margin', centreColumns)}

On the same seeds:

${markdownTable([
  difference(
    centre,
    [
      ['predictive', 0.5],
      ['reactive', 0.1],
    ],
    centreColumns,
  ),
  difference(
    centre,
    [
      ['predictive', 0.95],
      ['reactive', 0.25],
    ],
    centreColumns,
  ),
])}

${centreTradeOff}

${centreChart}

## Cloud platform

Demand with a daily wave and scheduled work at every full hour:

${table(platform, 'margin', platformColumns)}

On the same seeds:

${markdownTable([
  difference(
    platform,
    [
      ['predictive', 0.95],
      ['reactive', 0.35],
    ],
    platformColumns,
  ),
  difference(
    platform,
    [
      ['predictive', 0.99],
      ['reactive', 0.2],
    ],
    platformColumns,
  ),
  difference(
    platform,
    [
      ['predictive', 0.99],
      ['reactive', 0.35],
    ],
    platformColumns,
  ),
])}

${platformChart}

Demand that jumps at random times:

${table(surprised, 'margin', platformColumns)}

On the same seeds:

${markdownTable([
  difference(
    surprised,
    [
      ['predictive', 0.95],
      ['reactive', 0.35],
    ],
    platformColumns,
  ),
  difference(
    surprised,
    [
      ['predictive', 0.99],
      ['reactive', 0.2],
    ],
    platformColumns,
  ),
  difference(
    surprised,
    [
      ['predictive', 0.99],
      ['reactive', 0.35],
    ],
    platformColumns,
  ),
])}

${surprisedChart}

## Storage tier

${storage.map(({ disks, settings }) => `${disks} disks:\n\n${table(settings, 'margin', storageColumns)}`).join('\n\n')}

On the same seeds:

${markdownTable(
  storage.map(({ disks, settings }) => ({
    disks,
    ...difference(
      settings,
      [
        ['predictive', 0.7],
        ['reactive', 0.1],
      ],
      storageColumns,
    ),
  })),
)}

7 disks, where moves fill no disk beyond 80 % instead of 90 %:

${table(lowTarget, 'margin', storageColumns)}

${storageChart}

The page took ${((user + system) / 1e6).toFixed(0)} s of processor.`,
})
