import { describe, expect, test } from 'vitest'
import { createReferenceKernels } from '../../../src/kernels/reference-kernels.ts'
import { openKernels } from '../../../src/kernels/open-kernels.ts'
import { gradientTrainee } from '../../../src/meta/learners/gradient-learners.ts'
import type { LearnerShape, Trainee } from '../../../src/meta/learners/learner.ts'
import { platipusTrainee } from '../../../src/meta/learners/platipus.ts'
import { createRng, type Rng } from '../../../src/random/rng.ts'
import { shapeOf, smallBatch } from './small-episodes.ts'

/** Meta-loss as a function of the weights alone: the noise of a posterior learner is the same each time. */
function lossAt(trainee: Trainee, shape: LearnerShape, weights: Float32Array): number {
  return trainee.gradient(weights, smallBatch(shape), createRng('noise'), new Float32Array(weights.length))
}

/** Largest difference between the gradient and central differences, relative to the largest component. */
function worstError(trainee: Trainee, reference: Trainee, shape: LearnerShape, rng: Rng): number {
  const weights = reference.initial(rng)
  const gradient = new Float32Array(weights.length)
  trainee.gradient(weights, smallBatch(shape), createRng('noise'), gradient)
  const scale = gradient.reduce((most, g) => Math.max(most, Math.abs(g)), 0)
  let worst = 0
  for (let k = 0; k < weights.length; k += 7) {
    // Weights are stored in 32 bits: the step that was really taken is measured.
    const [up, down] = [1, -1].map((sign) => {
      const moved = weights.slice()
      moved[k]! += sign * 2 ** -10
      return { at: moved[k]!, loss: lossAt(reference, shape, moved) }
    }) as [{ at: number; loss: number }, { at: number; loss: number }]
    worst = Math.max(worst, Math.abs((up.loss - down.loss) / (up.at - down.at) - gradient[k]!) / scale)
  }
  return worst
}

const float64 = () => createReferenceKernels('float64')

describe.each([
  ['tanh, squared error', shapeOf({ activation: 'tanh' })],
  ['tanh, softmax', shapeOf({ activation: 'tanh', loss: 'cross-entropy', outputs: 3 })],
  ['tanh, learned rates', shapeOf({ activation: 'tanh', learnRates: true })],
])('the gradient of MAML, %s', (_, shape) => {
  test('agrees with central differences of a float64 reference', () => {
    const maml = gradientTrainee(float64(), shape)
    expect(worstError(maml, maml, shape, createRng(1))).toBeLessThan(2e-5)
    expect(worstError(gradientTrainee(openKernels(), shape), maml, shape, createRng(1))).toBeLessThan(1e-4)
  })

  test('is not that of first-order MAML', () => {
    const first: LearnerShape = { ...shape, learner: 'fomaml' }
    expect(
      worstError(gradientTrainee(float64(), first), gradientTrainee(float64(), shape), shape, createRng(1)),
    ).toBeGreaterThan(0.02)
  })
})

test('the gradient of PLATIPUS agrees with central differences', () => {
  const shape = shapeOf({ learner: 'platipus', activation: 'tanh', klWeight: 3 })
  const platipus = platipusTrainee(float64(), shape)
  expect(worstError(platipus, platipus, shape, createRng(2))).toBeLessThan(1e-4)
})

test('ANIL descends with the head alone, and Reptile moves towards what descent finds', () => {
  const anil = gradientTrainee(float64(), shapeOf({ learner: 'anil' }))
  expect(worstError(anil, anil, shapeOf({ learner: 'anil' }), createRng(1))).toBeLessThan(1e-3)
  const shape = shapeOf({ learner: 'reptile' })
  const reptile = gradientTrainee(openKernels(), shape)
  const weights = reptile.initial(createRng(1))
  const gradient = new Float32Array(weights.length)
  const before = reptile.gradient(weights, smallBatch(shape), createRng(1), gradient)
  const after = reptile.gradient(
    weights.map((w, k) => w - 0.5 * gradient[k]!),
    smallBatch(shape),
    createRng(1),
    gradient,
  )
  expect(after).toBeLessThan(before)
})
