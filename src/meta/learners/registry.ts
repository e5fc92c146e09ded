import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { openKernels } from '../../kernels/open-kernels.ts'
import { loadTensorflow } from '../../neural/tensorflow.ts'
import { adaptGradientLearner, gradientTrainee } from './gradient-learners.ts'
import type { AdaptLearner, LearnerName, LearnerShape, Trainee } from './learner.ts'
import { mamlByTensors } from './maml-tensors.ts'
import { adaptMatching, matchingLearner } from './matching.ts'
import { adaptPlatipus, platipusTrainee } from './platipus.ts'
import { adaptPrototypical, prototypicalLearner } from './prototypical.ts'
import { tensorTrainee } from './tensor-trainee.ts'
import { adaptVersa, versaLearner } from './versa.ts'

/** What computes the gradients of training: `'auto'` takes the kernels where a learner has its gradient by hand, else tfjs. */
export type TrainingBackend = 'auto' | 'kernels' | 'tfjs'

/** How each learner adapts; none of it needs tfjs. */
export const adaptations: Readonly<Record<LearnerName, AdaptLearner>> = {
  maml: adaptGradientLearner,
  fomaml: adaptGradientLearner,
  anil: adaptGradientLearner,
  reptile: adaptGradientLearner,
  platipus: adaptPlatipus,
  prototypical: adaptPrototypical,
  matching: adaptMatching,
  versa: adaptVersa,
}

/** Learners whose training needs tfjs. */
const tensorLearners = { prototypical: prototypicalLearner, matching: matchingLearner, versa: versaLearner }

/**
 * A learner, ready to train.
 *
 * @throws CloudschedError `missing-peer` where tfjs is needed and not installed; `invalid-option` for a backend that the
 * learner does not have
 */
export async function createTrainee(shape: LearnerShape, backend: TrainingBackend): Promise<Trainee> {
  const { learner } = shape
  if (learner === 'prototypical' || learner === 'matching' || learner === 'versa') {
    if (backend === 'kernels') throw noBackend(shape, backend, "'tfjs'")
    const loaded = await loadTensorflow()
    return tensorTrainee(loaded, tensorLearners[learner](loaded.tf, shape), shape)
  }
  if (backend === 'tfjs') {
    if (learner !== 'maml' || shape.learnRates)
      throw noBackend(shape, backend, "'kernels', or 'tfjs' for maml without learned rates")
    const loaded = await loadTensorflow()
    return tensorTrainee(loaded, mamlByTensors(loaded.tf, shape), shape)
  }
  const kernels = openKernels()
  return learner === 'platipus' ? platipusTrainee(kernels, shape) : gradientTrainee(kernels, shape)
}

function noBackend({ learner }: LearnerShape, received: TrainingBackend, expected: string): CloudschedError {
  return new CloudschedError('invalid-option', [
    { path: 'options.backend', received, expected: `${expected} for ${learner}` },
  ])
}
