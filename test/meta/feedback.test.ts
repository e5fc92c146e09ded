import { beforeAll, describe, expect, test } from 'vitest'
import { effectiveTimes } from '../../src/meta/clouds/effective-times.ts'
import { shiftedCloudOptions } from '../../src/meta/clouds/random-cloud.ts'
import { exploreCloud } from '../../src/meta/clouds/support.ts'
import { learnFrom, nextCloud, recordsOf, schedulerOf, startFeedback } from '../../src/meta/feedback.ts'
import type { MetaModel } from '../../src/meta/model.ts'
import { smallClouds, smallModel } from './small-model.ts'

describe('feedback', () => {
  let model: MetaModel
  beforeAll(async () => {
    model = await smallModel('maml')
  })

  test('outcomes become records: parts of at least 1 %, with the times of whole tasks', () => {
    const { tasks, resources, hidden } = smallClouds('outcome', 1)[0]!
    const truth = effectiveTimes(tasks, resources, hidden)
    const decision = schedulerOf(startFeedback(model, resources)).decide(tasks)
    const records = recordsOf(decision, tasks, truth)
    expect(records.length).toBe(tasks.length)
    records.forEach(({ resources: used, ratios, seconds }, i) => {
      used.forEach((j, k) => {
        expect(ratios[k]).toBeGreaterThanOrEqual(0.01)
        expect(seconds[k]).toBe(truth.seconds[i * resources.length + j])
      })
    })
  })

  test('the memory is bounded, and the newest records stay', () => {
    const cloud = smallClouds('bounded', 1)[0]!
    let state = startFeedback(model, cloud.resources, { maxRecords: 6, maxClouds: 2 })
    const { records } = exploreCloud(cloud, { records: 10 })
    for (const record of records) state = learnFrom(state, [record])
    expect(state.current.records).toEqual(records.slice(-6))
    for (let k = 0; k < 4; k++) {
      state = nextCloud(state, cloud.resources)
      state = learnFrom(state, records)
    }
    expect(state.earlier.length).toBe(2)
    expect(JSON.parse(JSON.stringify(state.current))).toEqual(state.current)
  })

  test('drift is noticed where a cloud changes under way, and not where it stays', () => {
    const cloud = smallClouds('drift', 1)[0]!
    const { records } = exploreCloud(cloud, { records: 20 })
    let state = startFeedback(model, cloud.resources)
    for (const record of records.slice(0, 14)) state = learnFrom(state, [record])
    expect(state.driftCount).toBe(0)
    // From now on everything takes five times as long.
    const slower = records.map((record) => ({ ...record, seconds: record.seconds.map((t) => 5 * t) }))
    for (const record of slower.slice(14)) state = learnFrom(state, [record])
    expect(state.driftCount).toBeGreaterThan(0)
    expect(state.current.records.length).toBeLessThanOrEqual(6)
  })

  test('a stream of other clouds moves the prior towards them, by their records alone', () => {
    const priorOf = ({ features }: MetaModel) => (features.form === 'pairs' ? features.prior : null)!
    const stops = smallClouds('shifted', 15, shiftedCloudOptions)
    let state = startFeedback(model, stops[0]!.resources)
    for (const cloud of stops) {
      state = nextCloud(state, cloud.resources)
      state = learnFrom(state, exploreCloud(cloud, { records: 20 }).records)
    }
    state = nextCloud(state, stops[0]!.resources)
    // -ln e is about 1.9 or -0.7 in these clouds, in training between -0.5 and 1.6: its deviation is 1.3 instead of 0.54.
    expect(priorOf(state.model).classKindDeviation).toBeGreaterThan(1.4 * priorOf(model).classKindDeviation)
    expect(state.model).not.toBe(model)
  })
})
