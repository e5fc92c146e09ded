import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { createRng, type RngState, type Seed, substream } from '../../random/rng.ts'
import { createHistory, type HistoryPoint } from '../../run/history.ts'
import type { Steps } from '../../run/run-options.ts'
import type { EpisodeSource } from '../episodes/episode.ts'
import type { LearnerShape, Trainee } from '../learners/learner.ts'

/** How training goes on: read options, complete. */
export interface TrainingPlan {
  readonly seed: Seed
  readonly iterations: number
  /** Meta-tasks of one iteration. */
  readonly metaBatch: number
  /** Step of Adam on all weights; of plain descent for Reptile. */
  readonly metaRate: number
  /** Whether it falls in a straight line, to `lastRate` of it. */
  readonly anneal: boolean
  /** Every component of the gradient is cut to [-clip, clip]. */
  readonly clip: number
  /** Iterations between two looks at the held-out tasks. */
  readonly checkEvery: number
  /** Looks without a better held-out loss after which training ends early. */
  readonly patience: number
  readonly resume: TrainingCheckpoint | null
  readonly onCheckpoint: ((checkpoint: TrainingCheckpoint) => void) | null
}

/** Where training stands: plain data. Going on from it gives the same weights as never having stopped. */
export interface TrainingCheckpoint {
  readonly kind: 'cloudsched-meta-checkpoint'
  readonly version: 1
  readonly shape: LearnerShape
  readonly iteration: number
  readonly weights: readonly number[]
  /** First and second moments of Adam. */
  readonly moments: readonly [readonly number[], readonly number[]]
  readonly rng: RngState
  readonly best: { readonly loss: number; readonly iteration: number; readonly weights: readonly number[] } | null
}

/** What training comes to. */
export interface TrainedLearner {
  readonly shape: LearnerShape
  /** With the least held-out loss. */
  readonly weights: Float32Array
  readonly status: 'completed' | 'stoppedEarly' | 'aborted' | 'timeLimit'
  readonly iterations: number
  readonly heldOutLoss: number
  /** `best` is the least held-out loss, `mean` that of the training batches. */
  readonly history: readonly HistoryPoint[]
  readonly backend: string
}

const beta1 = 0.9
const beta2 = 0.999
const epsilon = 1e-8
/** Share of the rate that an annealed run ends with. */
const lastRate = 0.05

/**
 * Meta-training: one loop for all learners. Each iteration draws a batch of meta-tasks, takes the gradient of the learner's
 * meta-loss and a step of Adam (Reptile: theta <- theta + rate (mean phi - theta)). The held-out tasks choose the weights.
 *
 * @throws CloudschedError `invalid-input` when a loss is not finite; `checkpoint` for one that does not fit
 */
export function* trainingSteps(
  trainee: Trainee,
  shape: LearnerShape,
  source: EpisodeSource,
  heldOutLoss: (weights: Float32Array) => number,
  plan: TrainingPlan,
): Steps<TrainedLearner> {
  const start = plan.resume
  const weights = start ? Float32Array.from(start.weights) : trainee.initial(substream(plan.seed, 'meta/initial'))
  if (start) requireSame(start, shape, trainee)
  const moments = [0, 1].map((k) => (start ? Float64Array.from(start.moments[k]!) : new Float64Array(weights.length)))
  const rng = start ? createRng(start.rng) : substream(plan.seed, 'meta/batches')
  const gradient = new Float32Array(weights.length)
  const history = createHistory()
  let best = start?.best ? { ...start.best, weights: Float32Array.from(start.best.weights) } : null
  let iteration = start?.iteration ?? 0
  let status: TrainedLearner['status'] = 'completed'
  let meanLoss = 0
  let sinceCheck = 0
  for (;;) {
    const isLast = iteration >= plan.iterations
    if (best === null || isLast || (iteration % plan.checkEvery === 0 && iteration !== best.iteration)) {
      const loss = heldOutLoss(weights)
      if (best === null || loss < best.loss) best = { loss, iteration, weights: weights.slice() }
      history.record({
        iteration,
        evaluations: iteration * plan.metaBatch,
        best: best.loss,
        ...(sinceCheck > 0 ? { mean: meanLoss / sinceCheck } : {}),
      })
      meanLoss = sinceCheck = 0
      plan.onCheckpoint?.({
        kind: 'cloudsched-meta-checkpoint',
        version: 1,
        shape,
        iteration,
        weights: [...weights],
        moments: [[...moments[0]!], [...moments[1]!]],
        rng: rng.state(),
        best: { ...best, weights: [...best.weights] },
      })
      if (isLast) break
      if (iteration - best.iteration >= plan.patience * plan.checkEvery) {
        status = 'stoppedEarly'
        break
      }
    }
    const pulse = yield {
      fraction: iteration / plan.iterations,
      best: best.loss,
      gap: null,
      iteration,
      evaluations: iteration * plan.metaBatch,
    }
    if (pulse.stop !== null) {
      status = pulse.stop === 'timeLimit' ? 'timeLimit' : 'aborted'
      break
    }
    const loss = trainee.gradient(weights, source.batch(plan.metaBatch, rng), rng, gradient)
    iteration++
    if (!Number.isFinite(loss) || !gradient.every(Number.isFinite)) throw notFinite(iteration, loss, plan.metaRate)
    meanLoss += loss
    sinceCheck++
    const rate = plan.anneal ? plan.metaRate * (1 - (1 - lastRate) * (iteration / plan.iterations)) : plan.metaRate
    if (shape.learner === 'reptile') for (let k = 0; k < weights.length; k++) weights[k]! -= rate * gradient[k]!
    else stepOfAdam(weights, gradient, moments[0]!, moments[1]!, iteration, rate, plan.clip)
  }
  return {
    shape,
    weights: best.weights,
    status,
    iterations: iteration,
    heldOutLoss: best.loss,
    history: history.points(),
    backend: trainee.backend,
  }
}

/** Adam (Kingma and Ba 2015, algorithm 1) in double precision over the stored moments. */
function stepOfAdam(
  weights: Float32Array,
  gradient: Float32Array,
  first: Float64Array,
  second: Float64Array,
  iteration: number,
  rate: number,
  clip: number,
): void {
  const correction1 = 1 / (1 - Math.exp(iteration * Math.log(beta1)))
  const correction2 = 1 / (1 - Math.exp(iteration * Math.log(beta2)))
  for (let k = 0; k < weights.length; k++) {
    const g = Math.min(clip, Math.max(-clip, gradient[k]!))
    const m = beta1 * first[k]! + (1 - beta1) * g
    const v = beta2 * second[k]! + (1 - beta2) * g * g
    first[k] = m
    second[k] = v
    weights[k]! -= (rate * m * correction1) / (Math.sqrt(v * correction2) + epsilon)
  }
}

function notFinite(iteration: number, loss: number, metaRate: number): CloudschedError {
  return new CloudschedError('invalid-input', [
    {
      path: `loss of iteration ${iteration}`,
      received: loss,
      expected: 'finite',
      hint: `Maybe the steps are too long: lower innerRate, or metaRate, which is ${metaRate}.`,
    },
  ])
}

function requireSame(checkpoint: TrainingCheckpoint, shape: LearnerShape, trainee: Trainee): void {
  const count = trainee.blocks.reduce((sum, block) => sum + block.count, 0)
  const isSame = JSON.stringify(checkpoint.shape) === JSON.stringify(shape) && checkpoint.weights.length === count
  if (checkpoint.kind === 'cloudsched-meta-checkpoint' && checkpoint.version === 1 && isSame) return
  throw new CloudschedError('checkpoint', [
    {
      path: 'options.resume',
      received: { kind: checkpoint.kind, version: checkpoint.version, shape: checkpoint.shape },
      expected: 'a checkpoint of this version and of the same learner and options',
    },
  ])
}
