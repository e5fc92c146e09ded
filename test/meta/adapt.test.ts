import { beforeAll, describe, expect, test } from 'vitest'
import { adapt } from '../../src/meta/adapt.ts'
import { evaluateAllocation } from '../../src/meta/clouds/allocation.ts'
import type { Cloud } from '../../src/meta/clouds/cloud.ts'
import { effectiveTimes } from '../../src/meta/clouds/effective-times.ts'
import { exploreCloud, type SupportSet } from '../../src/meta/clouds/support.ts'
import type { LearnerName } from '../../src/meta/learners/learner.ts'
import { type MetaModel, readMetaModel, writeMetaModel } from '../../src/meta/model.ts'
import { caught } from '../caught.ts'
import { smallClouds, smallModel } from './small-model.ts'

const cases: readonly [LearnerName, 'pairs' | 'slots'][] = [
  ['maml', 'pairs'],
  ['fomaml', 'pairs'],
  ['anil', 'pairs'],
  ['reptile', 'pairs'],
  ['platipus', 'pairs'],
  ['matching', 'pairs'],
  ['versa', 'pairs'],
  ['maml', 'slots'],
  ['platipus', 'slots'],
  ['matching', 'slots'],
  ['prototypical', 'slots'],
]

describe.each(cases)('%s, %s', (learner, form) => {
  let model: MetaModel
  let cloud: Cloud
  let support: SupportSet
  beforeAll(async () => {
    model = await smallModel(learner, { form, samples: 3 })
    cloud = smallClouds('test', 1, { resourceCount: [6, 6] })[0]!
    support = exploreCloud(cloud, { records: 8 })
  })

  test('decides feasibly, whole tasks too, and the same after a round trip as JSON', () => {
    const { tasks, resources, hidden } = cloud
    const truth = effectiveTimes(tasks, resources, hidden)
    for (const whole of [false, true]) {
      const decision = adapt(model, support).decide(tasks, { whole })
      const { storageUse } = evaluateAllocation(decision.allocation, tasks, resources, truth)
      expect(storageUse).toBeLessThanOrEqual(1 + 1e-9)
      for (let i = 0; i < tasks.length; i++) {
        const row = decision.allocation.ratios.subarray(i * resources.length, (i + 1) * resources.length)
        expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6)
        if (whole && !decision.stillSplit.includes(i)) expect([...row].sort().at(-1)).toBe(1)
      }
      const again = adapt(readMetaModel(writeMetaModel(model)), support).decide(tasks, { whole })
      expect(again).toEqual(decision)
    }
  })

  test('answers an empty support set un-adapted, and says so', () => {
    const scheduler = adapt(model, { resources: cloud.resources, records: [] })
    expect(scheduler.adapted).toBe(false)
    expect(scheduler.decide(cloud.tasks).adapted).toBe(false)
    expect(adapt(model, support).adapted).toBe(true)
  })
})

describe('the pair scorer', () => {
  let model: MetaModel
  beforeAll(async () => {
    model = await smallModel('maml', { learnRates: true })
  })

  test('serves any number of resources', () => {
    for (const count of [1, 3, 40]) {
      const cloud = smallClouds('any', 1, { resourceCount: [count, count] })[0]!
      const { allocation } = adapt(model, exploreCloud(cloud, { records: 5 })).decide(cloud.tasks)
      expect(allocation.resourceCount).toBe(count)
    }
  })

  test.each([true, false])('knows no order of the resources, records as inputs: %s', async (recordFeatures) => {
    const given = recordFeatures ? model : await smallModel('maml', { recordFeatures })
    const cloud = smallClouds('order', 1, { resourceCount: [6, 6] })[0]!
    const support = exploreCloud(cloud, { records: 8 })
    const place = [3, 0, 5, 1, 4, 2]
    const turned: SupportSet = {
      resources: place.map((j) => cloud.resources[j]!),
      records: support.records.map((record) => ({
        ...record,
        resources: record.resources.map((j) => place.indexOf(j)),
      })),
    }
    const [plain, other] = [support, turned].map((set) => adapt(given, set).corrections!)
    for (let k = 0; k < plain!.compute.length; k++) {
      const at = Math.floor(k / 6) * 6 + place.indexOf(k % 6)
      expect(other!.compute[at]).toBeCloseTo(plain!.compute[k]!, 5)
    }
  })

  test('learns the cloud: more records, a smaller error', () => {
    const error = (records: number): number => {
      let sum = 0
      for (const cloud of smallClouds('learns', 10)) {
        const { tasks, resources, hidden } = cloud
        const scheduler = adapt(model, exploreCloud(cloud, { records }), { margin: 0 })
        const { times } = scheduler.decide(tasks)
        const truth = effectiveTimes(tasks, resources, hidden)
        truth.seconds.forEach((t, k) => (sum += Math.abs(Math.log(times!.seconds[k]! / t)) / truth.seconds.length / 10))
      }
      return sum
    }
    const [none, some, many] = [error(0), error(6), error(20)]
    expect(some).toBeLessThan(0.7 * none)
    expect(many).toBeLessThan(0.5 * some)
  })

  test('a task that nothing can meet is flagged and gets the least latency', () => {
    const cloud = smallClouds('late', 1)[0]!
    const scheduler = adapt(model, exploreCloud(cloud, { records: 10 }))
    const hurried = cloud.tasks.map((task, i) => (i === 2 ? { ...task, latencySeconds: 1e-6 } : task))
    const { infeasible, allocation, times } = scheduler.decide(hurried)
    expect(infeasible).toContain(2)
    const { latencySeconds } = evaluateAllocation(allocation, hurried, cloud.resources, times!)
    const row = times!.seconds.subarray(2 * times!.resourceCount, 3 * times!.resourceCount)
    expect(latencySeconds[2]).toBeCloseTo(1 / row.reduce((rate, t) => rate + 1 / t, 0), 9)
  })

  test('the time of a decision is told outside the result', () => {
    const cloud = smallClouds('timed', 1)[0]!
    const scheduler = adapt(model, exploreCloud(cloud))
    const told: number[] = []
    const decision = scheduler.decide(cloud.tasks, { onLatency: (ms) => told.push(ms) })
    expect(told.length).toBe(1)
    expect(told[0]).toBeGreaterThanOrEqual(0)
    expect(scheduler.decide(cloud.tasks)).toEqual(decision)
  })

  test('bad input is refused by name', () => {
    const cloud = smallClouds('bad', 1)[0]!
    const support = exploreCloud(cloud, { records: 2 })
    const error = (work: () => unknown) => caught(work)
    expect(error(() => adapt({ ...model, version: 2 } as never, support))).toMatchObject({
      code: 'format',
      path: 'model.version',
    })
    expect(error(() => adapt({ ...model, featureNames: ['x'] }, support))).toMatchObject({ path: 'model.featureNames' })
    expect(error(() => readMetaModel('{')).code).toBe('format')
    expect(error(() => adapt({ ...model, weights: model.weights.slice(1) }, support)).path).toBe('model.weights.length')
    const wrongTime = { ...support, records: [{ ...support.records[0]!, seconds: [Number.NaN, 1, 1] }] }
    expect(error(() => adapt(model, wrongTime))).toMatchObject({
      code: 'invalid-input',
      path: 'support.records[0].seconds[0]',
    })
    const scheduler = adapt(model, support)
    const tasks = [{ ...cloud.tasks[0]!, workloadClass: 9 }]
    expect(error(() => scheduler.decide(tasks)).path).toBe('tasks[0].workloadClass')
    expect(error(() => scheduler.decide(cloud.tasks, { resources: [] })).path).toBe('options.resources')
    expect(error(() => scheduler.decide(cloud.tasks, { round: true } as never)).code).toBe('invalid-option')
    const kind = support.resources.map((r) => ({ ...r, kind: 7 }))
    expect(error(() => adapt(model, { ...support, resources: kind })).path).toBe('support.resources[0].kind')
  })
})

test('fixed slots refuse another number of resources, and clouds of several sizes', async () => {
  const model = await smallModel('maml', { form: 'slots' })
  const cloud = smallClouds('test', 1, { resourceCount: [5, 5] })[0]!
  expect(caught(() => adapt(model, exploreCloud(cloud)))).toMatchObject({ path: 'support.resources', received: 5 })
})
