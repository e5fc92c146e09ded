/**
 * Meta-learned schedulers beside greedies, ridge, the un-adapted network, training from scratch and the oracle, on clouds that
 * no training saw: cost, QoS, the claims of the source, and what the number of records K changes.
 *
 *   npx tsx bench/meta-schedulers.ts
 */
import { meanInterval } from 'cloudsched/experiment'
import {
  type AllocationOutcome,
  type Cloud,
  exploreCloud,
  loadCloudSolver,
  type MetaModel,
  oracleAllocation,
  shiftedCloudOptions,
} from 'cloudsched/meta'
import { type LinePoint, lineSpec, markdownTable } from 'cloudsched/report'
import { writeChart, writePage } from './evidence-page.ts'
import {
  cautiousRidge,
  clouds,
  informedGreedies,
  learned,
  type Method,
  nominalGreedies,
  outcome,
  ridge,
  train,
  unadapted,
} from './meta-methods.ts'

const testCount = 200
const mainRecords = 20
const training = clouds('train', 400)
const solve = await loadCloudSolver()

const quick = { iterations: 300, metaRate: 0.003 }
const runs = {
  MAML: await train('maml', training, quick),
  FOMAML: await train('fomaml', training, quick),
  ANIL: await train('anil', training, quick),
  Reptile: await train('reptile', training, { ...quick, metaRate: 0.3 }),
  PLATIPUS: await train('platipus', training, { ...quick, iterations: 120 }),
  Matching: await train('matching', training, { ...quick, iterations: 150 }),
  VERSA: await train('versa', training, { ...quick, iterations: 80 }),
}
const descent = await train('maml', training, {
  iterations: 1000,
  metaRate: 0.01,
  recordFeatures: false,
  learnRates: true,
  innerSteps: 10,
  innerRate: 0.3,
  clip: 1,
})
const slots = {
  'Prototypical (slots)': await train('prototypical', training, { ...quick, form: 'slots', iterations: 200 }),
  'Matching (slots)': await train('matching', training, { ...quick, form: 'slots', iterations: 200 }),
}
// One iteration with a step of next to nothing: the random network that training starts from.
const untrained = await train('maml', training, {
  iterations: 1,
  metaRate: 1e-12,
  recordFeatures: false,
  innerRate: 0.05,
})

const ours = 'MAML'
const careful = cautiousRidge(training.slice(-40), mainRecords)
const methods: readonly Method[] = [
  ...nominalGreedies,
  ...informedGreedies,
  ridge('(d) ridge, exact allocation', 1),
  careful,
  unadapted('(e) un-adapted: no records', runs.MAML.model),
  learned('(e) un-adapted: records as inputs, 0 steps', runs.MAML.model, 0),
  learned('(f) from scratch: 200 steps', untrained.model, 200),
  learned('MAML, records by descent alone', descent.model),
  ...Object.entries({ ...slots, ...runs }).map(([name, { model }]) => learned(name, model)),
]

interface Result {
  readonly oracle: AllocationOutcome
  readonly byMethod: ReadonlyMap<string, AllocationOutcome>
  /** Cost over that of an oracle that may miss the tasks that the method missed: equal QoS. */
  readonly equalQos: ReadonlyMap<string, number>
}

function judge(cloud: Cloud, records: number, of: readonly Method[]): Result {
  const support = exploreCloud(cloud, { records, seed: 'test' })
  const oracle = outcome(cloud, oracleAllocation(cloud, solve))
  const byMethod = new Map(of.map(({ name, decide }) => [name, outcome(cloud, decide(cloud, support))]))
  const equalQos = new Map(
    [...byMethod].map(([name, { cost, qosMet }]) => {
      const relieved = cloud.tasks.map((task, i) =>
        qosMet[i] ? task : { ...task, latencySeconds: 1e9, throughputGflops: null },
      )
      return [name, cost / outcome(cloud, oracleAllocation({ ...cloud, tasks: relieved }, solve)).cost]
    }),
  )
  return { oracle, byMethod, equalQos }
}

const half = (values: readonly number[]): string => {
  const { mean, low, high } = meanInterval(values)!
  return `${mean.toFixed(3)} ± ${((high! - low!) / 2).toFixed(3)}`
}

function table(results: readonly Result[]): string {
  const rows = ['oracle', ...methods.map(({ name }) => name)].map((name) => {
    const outcomes = results.map(({ oracle, byMethod }) => (name === 'oracle' ? oracle : byMethod.get(name)!))
    return {
      name,
      cost: half(outcomes.map(({ cost }, k) => cost / results[k]!.oracle.cost)),
      qos: half(outcomes.map(({ qosRate }) => 100 * qosRate!)),
      equal: name === 'oracle' ? '1' : half(results.map(({ equalQos }) => equalQos.get(name)!)),
      storage: Math.max(...outcomes.map(({ storageUse }) => storageUse)).toFixed(3),
    }
  })
  return markdownTable(rows, [
    { title: 'scheduler', value: ({ name }) => name },
    { title: "cost / oracle's", value: ({ cost }) => cost },
    { title: 'QoS, % of tasks', value: ({ qos }) => qos },
    { title: "cost / oracle's at equal QoS", value: ({ equal }) => equal },
    { title: 'fullest storage', value: ({ storage }) => storage },
  ])
}

/** The claims of the source, each with its interval and a verdict: a claim holds when the whole interval does. */
function claims(results: readonly Result[]): string {
  const rows = nominalGreedies.map(({ name }) => {
    const pairs = results.map(({ byMethod }) => ({ ours: byMethod.get(ours)!, theirs: byMethod.get(name)! }))
    const cost = meanInterval(pairs.map((pair) => 100 * (pair.ours.cost / pair.theirs.cost - 1)))!
    const qos = meanInterval(pairs.map((pair) => 100 * (pair.ours.qosRate! - pair.theirs.qosRate!)))!
    const verdict = (holds: boolean, fails: boolean): string => (holds ? 'holds' : fails ? 'does not hold' : 'open')
    return {
      name,
      cost: `${cost.mean.toFixed(1)} [${cost.low!.toFixed(1)}, ${cost.high!.toFixed(1)}]`,
      costVerdict: verdict(cost.high! <= -20, cost.low! > -20),
      qos: `${qos.mean.toFixed(1)} [${qos.low!.toFixed(1)}, ${qos.high!.toFixed(1)}]`,
      qosVerdict: verdict(qos.low! >= 15, qos.high! < 15),
    }
  })
  return markdownTable(rows, [
    { title: `${ours} against`, value: ({ name }) => name },
    { title: 'cost, %', value: ({ cost }) => cost },
    { title: '-20 % or better', value: ({ costVerdict }) => costVerdict },
    { title: 'QoS, points', value: ({ qos }) => qos },
    { title: '+15 points or better', value: ({ qosVerdict }) => qosVerdict },
  ])
}

const usual = clouds('test', testCount)
const shifted = clouds('shifted', testCount, shiftedCloudOptions)
const results = usual.map((cloud) => judge(cloud, mainRecords, methods))
console.error('usual clouds judged')
const fewer = usual.map((cloud) => judge(cloud, 10, methods))
const shiftedResults = shifted.map((cloud) => judge(cloud, mainRecords, methods))
console.error('shifted clouds judged')

const byRecords = new Set([
  'MAML',
  'MAML, records by descent alone',
  '(d) ridge, exact allocation',
  careful.name,
  'Matching',
  'VERSA',
])
const charted = methods.filter(({ name }) => byRecords.has(name))
const costPoints: LinePoint[] = []
const qosPoints: LinePoint[] = []
for (const records of [1, 2, 5, 10, 15, 20, 30, 50]) {
  const at = usual.slice(0, 50).map((cloud) => judge(cloud, records, charted))
  for (const { name } of charted) {
    const cost = meanInterval(at.map(({ equalQos }) => equalQos.get(name)!))!
    const qos = meanInterval(at.map(({ byMethod }) => 100 * byMethod.get(name)!.qosRate!))!
    costPoints.push({ series: name, x: records, y: cost.mean, low: cost.low, high: cost.high })
    qosPoints.push({ series: name, x: records, y: qos.mean, low: qos.low, high: qos.high })
  }
}
const costChart = await writeChart(
  'meta-records-cost',
  "Cost over the oracle's at equal QoS by the number of records",
  lineSpec(costPoints, {
    title: 'Cost by the number of records',
    subtitle: '50 unseen clouds, means with 95 % intervals',
    xTitle: 'records K',
    yTitle: "cost / oracle's at equal QoS",
  }),
)
const qosChart = await writeChart(
  'meta-records-qos',
  'QoS by the number of records',
  lineSpec(qosPoints, {
    title: 'QoS by the number of records',
    subtitle: '50 unseen clouds, means with 95 % intervals',
    xTitle: 'records K',
    yTitle: 'tasks whose requirements hold, %',
  }),
)

const trainings = Object.entries({
  ...runs,
  'MAML, records by descent alone': descent,
  ...slots,
}).map(([name, { model, seconds }]: [string, { model: MetaModel; seconds: number }]) => ({ name, model, seconds }))
const trainingTable = markdownTable(trainings, [
  { title: 'learner', value: ({ name }) => name },
  { title: 'iterations', value: ({ model }) => model.training.iterations, digits: 8 },
  { title: 'ended', value: ({ model }) => model.training.status },
  { title: 'held-out loss', value: ({ model }) => model.training.heldOutLoss },
  { title: 'margin, deviations', value: ({ model }) => model.margin },
  { title: 'held-out QoS, %', value: ({ model }) => model.training.heldOutQos && 100 * model.training.heldOutQos },
  { title: 'gradients by', value: ({ model }) => model.training.backend },
  { title: 'training, s', value: ({ seconds }) => seconds.toFixed(0) },
])

writePage({
  name: 'meta-schedulers',
  title: 'Meta-learned schedulers beside greedies, ridge and the oracle',
  command: 'npx tsx bench/meta-schedulers.ts',
  seeds: "'train/0' to 'train/399' (training), 'test/0' to 'test/199' and 'shifted/0' to 'shifted/199' (tests)",
  body: `400 clouds for training, the last 40 of them held out; ${testCount} unseen clouds of the same distribution, ${testCount} of a shifted one (efficiencies in [0.1, 0.2] or [1.6, 2.4] where training had [0.2, 1.6], price factors in [1.5, 3] where it had [0.7, 1.4]); 4 to 32 resources, 30 tasks each. Every method decides about the same clouds by the same records. Means over the clouds with their 95 % intervals. Greedies know nominal speeds alone, unless ridge times are named. The second row of ridge lengthens its times by the least factor tried that reaches 95 % QoS on the held-out clouds with K = ${mainRecords}, or else by the one with the most QoS, as the margin of the learners is chosen.

Cost at equal QoS: over the cost of an oracle that may miss the very tasks that the method missed.

The learners of form 'pairs' have what the records make one believe of each pair among their inputs: the posterior of a linear model whose prior the training clouds gave. '0 steps' shows what these inputs do without any adaptation of weights; 'records by descent alone' is MAML without them.

## ${testCount} unseen clouds, K = ${mainRecords} records

${table(results)}

## The same clouds, K = 10 records

${table(fewer)}

## ${testCount} shifted clouds, K = ${mainRecords} records

${table(shiftedResults)}

## The claims of the source

Change of cost on equal task sets, and of QoS in percentage points, paired by cloud, mean and 95 % interval; K = ${mainRecords}. A claim holds when its whole interval does. Decision time stands on the page [meta-decisions](meta-decisions.md).

Unseen clouds:

${claims(results)}

Shifted clouds:

${claims(shiftedResults)}

## By the number of records

${costChart}

${qosChart}

## Training

${trainingTable}`,
})
