import type { Cloud } from '../../src/meta/clouds/cloud.ts'
import { randomCloud, type RandomCloudOptions } from '../../src/meta/clouds/random-cloud.ts'
import type { LearnerName } from '../../src/meta/learners/learner.ts'
import { metaTrain, type MetaTrainOptions } from '../../src/meta/meta-train.ts'
import type { MetaModel } from '../../src/meta/model.ts'

/** Clouds of 5 to 7 resources, named by a label. */
export function smallClouds(label: string, count: number, options: RandomCloudOptions = {}): Cloud[] {
  return Array.from({ length: count }, (_, k) =>
    randomCloud({ resourceCount: [5, 7], taskCount: 10, historyCount: 20, ...options, seed: `${label}/${k}` }),
  )
}

/** A model of a few iterations: enough for everything but good decisions. */
export function smallModel(learner: LearnerName, options: MetaTrainOptions = {}): Promise<MetaModel> {
  const isFixed = options.form === 'slots' && learner !== 'prototypical' && learner !== 'matching'
  return metaTrain(learner, smallClouds('train', 20, isFixed ? { resourceCount: [6, 6] } : {}), {
    seed: 1,
    iterations: 6,
    metaBatch: 4,
    hidden: [8],
    recordCounts: [3, 6],
    marginRecords: 6,
    metaRate: learner === 'reptile' ? 0.3 : 0.003,
    ...options,
  })
}
