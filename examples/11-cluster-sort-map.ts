/**
 * Day and night services on six machines, placed at noon: by what they use now, and by a forecast of 24 hours. Says how
 * often a machine would be overfull, and draws the load of each machine over the day.
 *
 *   npx tsx examples/11-cluster-sort-map.ts --out somewhere
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { adaptiveScheduling, clusterSortMap, type PipelineTask, type Pool } from 'cloudsched/pipeline'
import type { VegaLiteSpec } from 'cloudsched/report'
import { renderSvg } from './render-svg.ts'

const { values } = parseArgs({ options: { out: { type: 'string', default: 'output' } } })
const hours = 24

/** Cores of a service h hours from noon: a cosine-like day of whole steps, the night service half a day later. */
function path(size: number, isNight: boolean): number[] {
  return Array.from({ length: hours }, (_, h) => {
    const fromPeak = Math.abs((((isNight ? h + 12 : h) + 12) % hours) - 12)
    return size * (0.2 + 0.8 * (1 - fromPeak / 12))
  })
}

const services = Array.from({ length: 24 }, (_, i) => {
  const demand = path(2 + (i % 2), i % 3 > 0)
  const task: PipelineTask = {
    id: `${i % 3 > 0 ? 'night' : 'day'}-${String(i).padStart(2, '0')}`,
    lengthMi: 1000,
    demand: { cpu: demand[0]! },
  }
  return { task, demand }
})
const machines: Pool[] = Array.from({ length: 6 }, (_, j) => ({
  id: `machine-${j + 1}`,
  capacity: { cpu: j < 3 ? 8 : 12 },
  speedMips: j < 3 ? 1000 : 1500,
  bandwidthMbps: 1000,
}))

const tasks = services.map(({ task }) => task)
const forecast = {
  tasks: Object.fromEntries(services.map(({ task, demand }) => [task.id, { demand: { cpu: demand } }])),
}
const plans = {
  'by what is now': adaptiveScheduling(tasks, machines),
  'by the forecast': clusterSortMap(tasks, machines, { forecast }),
}
const loads = Object.entries(plans).flatMap(([plan, { assignment }]) =>
  machines.flatMap(({ id, capacity }) =>
    Array.from({ length: hours }, (_, hour) => {
      const here = services.filter(({ task }) => assignment[task.id] === id)
      const used = here.reduce((sum, { demand }) => sum + demand[hour]!, 0)
      return { row: `${plan}: ${id}`, plan, hour, load: used / capacity['cpu']! }
    }),
  ),
)

for (const [plan, { clusters, assignment, unscheduled }] of Object.entries(plans)) {
  const cells = loads.filter((cell) => cell.plan === plan)
  const overfull = cells.filter(({ load }) => load > 1 + 1e-9).length
  const highest = Math.max(...cells.map(({ load }) => load))
  console.log(
    `${plan}: ${Object.keys(assignment).length} placed, ${unscheduled.length} not; ` +
      `${overfull} of ${cells.length} machine-hours overfull, highest load ${(100 * highest).toFixed(0)} %`,
  )
  console.log(`  clusters, best first: ${clusters.map(({ pools }) => pools.join(' ')).join(' | ')}`)
}

const spec: VegaLiteSpec = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  title: 'Load of each machine in the 24 hours after the decision',
  data: { values: loads },
  width: 480,
  height: 260,
  layer: [
    {
      mark: 'rect',
      encoding: {
        x: { field: 'hour', type: 'ordinal', title: 'hours from now', axis: { labelAngle: 0 } },
        y: { field: 'row', type: 'nominal', title: null, axis: { labelLimit: 240 } },
        color: {
          field: 'load',
          type: 'quantitative',
          title: 'load (red: overfull)',
          scale: { scheme: 'redblue', reverse: true, domainMid: 1 },
        },
      },
    },
  ],
  config: {},
  background: 'white',
  padding: 5,
}
mkdirSync(values.out, { recursive: true })
const file = join(values.out, 'cluster-sort-map.svg')
writeFileSync(file, await renderSvg(spec))
console.log(`wrote ${file}`)
