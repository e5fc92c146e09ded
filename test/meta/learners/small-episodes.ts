import type { EpisodeBatch } from '../../../src/meta/episodes/episode.ts'
import type { LearnerShape } from '../../../src/meta/learners/learner.ts'
import { createRng } from '../../../src/random/rng.ts'
import { uniform } from '../../../src/random/sample.ts'

/** A small learner of 3 inputs, 6 hidden units and 2 inner steps that bend much, but for what is given. */
export function shapeOf(given: Partial<LearnerShape> = {}): LearnerShape {
  return {
    learner: 'maml',
    inputs: 3,
    outputs: 2,
    hidden: [6],
    activation: 'relu',
    loss: 'squared-error',
    relations: [],
    slotsFrom: 3,
    innerSteps: 2,
    innerRate: 0.3,
    learnRates: false,
    noise: 0.3,
    samples: 4,
    klWeight: 1,
    fullContext: false,
    ...given,
  }
}

/** Three tasks of 5 support and 4 query rows; under cross-entropy each row of targets sums to 1. */
export function smallBatch({ inputs, outputs, loss }: LearnerShape): EpisodeBatch {
  const rng = createRng('small')
  const draw = (count: number): Float32Array => Float32Array.from({ length: count }, () => uniform(rng, -1, 1))
  const targets = (rows: number): Float32Array => {
    const y = draw(rows * outputs)
    if (loss === 'squared-error') return y
    for (let row = 0; row < rows; row++) {
      const part = y.subarray(row * outputs, (row + 1) * outputs)
      const sum = part.reduce((a, b) => a + Math.abs(b), 0)
      for (let j = 0; j < outputs; j++) part[j] = Math.abs(part[j]!) / sum
    }
    return y
  }
  return {
    tasks: 3,
    supportRows: 5,
    queryRows: 4,
    supportX: draw(3 * 5 * inputs),
    supportY: targets(3 * 5),
    queryX: draw(3 * 4 * inputs),
    queryY: targets(3 * 4),
  }
}
