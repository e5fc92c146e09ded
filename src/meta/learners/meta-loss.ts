import type { Kernels } from '../../kernels/kernels.ts'
import type { Rng } from '../../random/rng.ts'
import type { EpisodeBatch } from '../episodes/episode.ts'
import type { AdaptLearner, LearnerShape } from './learner.ts'

/** What a learner reaches on the query sets of some meta-tasks. */
export interface QueryLosses {
  /** One per task: mean squared error, or mean cross-entropy; `null` where it is not finite. */
  readonly losses: readonly (number | null)[]
  /** Tasks whose adaptation diverged: their loss is that of the best step. */
  readonly diverged: number
}

/** Adapts to each task of a batch and measures on its query set. */
export function queryLosses(
  adapt: AdaptLearner,
  kernels: Kernels,
  shape: LearnerShape,
  weights: Float32Array,
  batch: EpisodeBatch,
  steps: number,
  rng: Rng,
): QueryLosses {
  const { supportRows, queryRows } = batch
  const { inputs, outputs } = shape
  const slice = (values: Float32Array, task: number, size: number): Float32Array =>
    values.subarray(task * size, (task + 1) * size)
  let diverged = 0
  const losses = Array.from({ length: batch.tasks }, (_, task) => {
    const support = {
      count: supportRows,
      x: slice(batch.supportX, task, supportRows * inputs),
      y: slice(batch.supportY, task, supportRows * outputs),
    }
    const predictor = adapt(kernels, shape, weights, support, { steps, rng })
    if (predictor.diverged) diverged++
    const { mean } = predictor.predict(slice(batch.queryX, task, queryRows * inputs), queryRows)
    const loss = lossOf(shape, mean, slice(batch.queryY, task, queryRows * outputs), queryRows)
    return Number.isFinite(loss) ? loss : null
  })
  return { losses, diverged }
}

/** Mean squared error, or mean over the rows of -sum target ln probability. */
function lossOf({ loss }: LearnerShape, outputs: Float32Array, targets: Float32Array, rows: number): number {
  let sum = 0
  if (loss === 'cross-entropy') {
    outputs.forEach((p, k) => (sum -= targets[k]! * Math.log(Math.max(p, 1e-12))))
    return sum / rows
  }
  outputs.forEach((y, k) => (sum += (y - targets[k]!) * (y - targets[k]!)))
  return sum / outputs.length
}
