/**
 * A scheduler that has met 100 clouds learns the next one from a few records: cost and QoS by their number, beside a greedy
 * that knows nominal speeds and ridge on the same records.
 *
 *   npx tsx examples/12-meta-scheduling.ts [--out folder]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  adapt,
  type Allocation,
  cheapestFirst,
  type Cloud,
  correctedTimes,
  effectiveTimes,
  evaluateAllocation,
  exploreCloud,
  metaTrain,
  randomCloud,
  ridgeCorrections,
  roomyAllocation,
} from 'cloudsched/meta'
import { consoleTable, lineSpec } from 'cloudsched/report'
import { renderSvg } from './render-svg.ts'

const { values } = parseArgs({ options: { out: { type: 'string', default: 'output' } } })
const clouds = (label: string, count: number): Cloud[] =>
  Array.from({ length: count }, (_, k) => randomCloud({ seed: `${label}/${k}` }))

// Training, once: what clouds of this kind are like.
const model = await metaTrain('maml', clouds('train', 100), { seed: 1, iterations: 60 })

// A new cloud each time: K records, then a decision about 30 tasks.
const unseen = clouds('unseen', 20)
const schedulers: Record<string, (cloud: Cloud, records: number) => Allocation> = {
  MAML: (cloud, records) => adapt(model, exploreCloud(cloud, { records })).decide(cloud.tasks).allocation,
  'ridge, no margin': (cloud, records) => {
    const { tasks, resources } = cloud
    const estimate = ridgeCorrections(exploreCloud(cloud, { records }), 4)
    return roomyAllocation(tasks, resources, correctedTimes(tasks, resources, estimate))
  },
  'cheapest first': ({ tasks, resources }) =>
    cheapestFirst(tasks, resources, effectiveTimes(tasks, resources), 'split'),
}

const rows = Object.entries(schedulers).flatMap(([scheduler, decide]) =>
  [1, 5, 10, 20, 40].map((records) => {
    let qos = 0
    let cost = 0
    for (const cloud of unseen) {
      const { tasks, resources, hidden } = cloud
      const times = effectiveTimes(tasks, resources, hidden)
      const outcome = evaluateAllocation(decide(cloud, records), tasks, resources, times)
      const best = evaluateAllocation(roomyAllocation(tasks, resources, times), tasks, resources, times)
      qos += (100 * outcome.qosRate!) / unseen.length
      cost += outcome.cost / best.cost / unseen.length
    }
    return { scheduler, records, qos, cost }
  }),
)
console.log(
  consoleTable(rows, [
    { title: 'scheduler', value: ({ scheduler }) => scheduler },
    { title: 'records', value: ({ records }) => records },
    { title: 'QoS, %', value: ({ qos }) => qos.toFixed(1) },
    { title: 'cost / best', value: ({ cost }) => cost.toFixed(3) },
  ]),
)

const spec = lineSpec(
  rows.map(({ scheduler, records, qos }) => ({ series: scheduler, x: records, y: qos })),
  {
    title: 'What a few records of a new cloud are worth',
    subtitle: '20 unseen clouds, 30 tasks each',
    xTitle: 'records',
    yTitle: 'tasks whose requirements hold, %',
  },
)
mkdirSync(values.out, { recursive: true })
const file = join(values.out, 'meta-scheduling.svg')
writeFileSync(file, await renderSvg(spec))
console.log(`wrote ${file}`)
