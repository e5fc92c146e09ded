import { embeddingSize, encoderSizes, perceptronCount } from './encoder.ts'
import { type LearnerShape, networkOf } from './learner.ts'
import { versaCount } from './versa.ts'

/** How many weights a learner of this shape has. */
export function weightCount(shape: LearnerShape): number {
  const network = perceptronCount(networkOf(shape).sizes)
  const encoder = perceptronCount(encoderSizes(shape))
  switch (shape.learner) {
    case 'prototypical':
      return encoder
    case 'matching':
      return (
        encoder + (shape.fullContext ? embeddingSize(shape) * embeddingSize(shape) : 0) + 2 + shape.relations.length
      )
    case 'versa':
      return versaCount(shape)
    case 'platipus':
      return 3 * network + 3
    default:
      return shape.learnRates ? 2 * network : network
  }
}
