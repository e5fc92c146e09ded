import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { type Seed, substream } from '../../random/rng.ts'
import type { Progress, Steps } from '../../run/run-options.ts'
import { shuffle } from '../regression/shuffle.ts'
import type { Architecture } from './architecture.ts'
import { decodeNumbers, encodeNumbers } from './base64.ts'
import { clipLatent } from './binarise.ts'
import type { EpochLosses, NetworkCheckpoint } from './checkpoint.ts'
import { drawMasks } from './dropout.ts'
import type { ResolvedNetworkOptions } from './network-options.ts'
import { clipNorm, optimiserStep } from './optimiser.ts'
import type { Trainer } from './trainer.ts'
import { type TrainingWindows, type WindowInput, writeWindow } from './training-windows.ts'

/** Windows with what the loss compares them with. */
export interface LabelledWindows {
  readonly windows: TrainingWindows
  /** (count x horizon). */
  readonly labels: Float64Array
}

/** How a training ended: all epochs done; no better validation loss for `patience` epochs; or a limit of the run. */
export type TrainingStatus = 'completed' | 'converged' | 'aborted' | 'timeLimit'

/** The weights with the least validation loss, and how they were found. */
export interface TrainedWeights {
  readonly weights: Float32Array
  readonly status: TrainingStatus
  readonly bestEpoch: number
  readonly bestLoss: number
  readonly history: readonly EpochLosses[]
  /** Steps of the optimiser. */
  readonly steps: number
  readonly checkpoint: NetworkCheckpoint
}

/** What a training works with. */
export interface TrainingSetup {
  readonly trainer: Trainer
  readonly architecture: Architecture
  readonly windowInput: WindowInput
  readonly training: LabelledWindows
  readonly validation: LabelledWindows
  readonly initial: Float32Array
  readonly options: ResolvedNetworkOptions
  readonly fingerprint: string
}

/**
 * Minibatch training with early stopping: after each pass over the windows, in an order drawn anew, the validation loss
 * decides whether these are the best weights so far.
 *
 * @throws CloudschedError `diverged` at the first step whose loss is not finite
 */
export function* trainingSteps(setup: TrainingSetup): Steps<TrainedWeights> {
  const { trainer, architecture, training, validation, initial, options, fingerprint } = setup
  const { seed, optimizer, epochs, patience, resume } = options
  const { layout, arrays, kernels } = trainer
  const { weights, gradient, first, second } = arrays
  const { count } = training.windows
  const batches = Math.ceil(count / options.batch)

  weights.set(resume ? decodeNumbers(resume.weights, layout.size, 'options.resume.weights') : initial)
  first.set(resume ? decodeNumbers(resume.first, layout.size, 'options.resume.first') : new Float32Array(layout.size))
  second.set(
    resume ? decodeNumbers(resume.second, layout.size, 'options.resume.second') : new Float32Array(layout.size),
  )
  let powers = resume?.powers ?? { first: 1, second: 1 }
  let lossSum = resume?.lossSum ?? 0
  let epoch = resume?.epoch ?? 0
  let batch = resume?.batch ?? 0
  const history: EpochLosses[] = resume ? [...resume.history] : []
  let best = resume
    ? { ...resume.best, weights: decodeNumbers(resume.best.weights, layout.size, 'options.resume.best.weights') }
    : { epoch: 0, loss: meanLoss(setup, validation), weights: Float32Array.from(weights) }
  if (!resume) history.push({ epoch: 0, training: null, validation: best.loss })

  let status: TrainingStatus = 'completed'
  let order = epochOrder(seed, epoch, count)
  while (epoch < epochs) {
    if (epoch - best.epoch >= patience) {
      status = 'converged'
      break
    }
    const start = batch * options.batch
    const size = Math.min(options.batch, count - start)
    loadBatch(setup, training, order, start, size)
    const rng = substream(seed, `epoch ${epoch}/batch ${batch}/masks`)
    const loss = trainer.gradient(size, drawMasks(rng, options, layout, size))
    if (!Number.isFinite(loss)) throw divergedAt(loss, epoch, batch, options)
    clipNorm(gradient, options.clipNorm)
    powers = optimiserStep(kernels, optimizer, arrays, powers)
    if (architecture.binarize !== 'none') clipLatent(layout, weights)
    lossSum += loss
    batch++
    if (batch === batches) {
      const validationLoss = meanLoss(setup, validation)
      epoch++
      history.push({ epoch, training: lossSum / batches, validation: validationLoss })
      if (validationLoss < best.loss) best = { epoch, loss: validationLoss, weights: Float32Array.from(weights) }
      batch = 0
      lossSum = 0
      order = epochOrder(seed, epoch, count)
    }
    const { stop } = yield progressOf(epoch, batch, batches, best.loss, setup)
    if (stop === 'aborted' || stop === 'timeLimit') {
      status = stop
      break
    }
  }
  const checkpoint: NetworkCheckpoint = {
    version: 1,
    fingerprint,
    epoch,
    batch,
    lossSum,
    weights: encodeNumbers(weights),
    first: encodeNumbers(first),
    second: encodeNumbers(second),
    powers,
    best: { ...best, weights: encodeNumbers(best.weights) },
    history,
  }
  weights.set(best.weights)
  return {
    weights: best.weights,
    status,
    bestEpoch: best.epoch,
    bestLoss: best.loss,
    history,
    steps: epoch * batches + batch,
    checkpoint,
  }
}

/** The order of the windows in one pass depends on seed and pass alone, so that a resumed run finds it again. */
function epochOrder(seed: Seed, epoch: number, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, w) => w)
  shuffle(order, substream(seed, `epoch ${epoch}/order`))
  return order
}

/** Writes windows `order[start] ...` and their labels into the arrays of the trainer. */
function loadBatch(
  { trainer, windowInput }: TrainingSetup,
  { windows, labels }: LabelledWindows,
  order: Int32Array | null,
  start: number,
  size: number,
): void {
  const horizon = labels.length / windows.count
  for (let b = 0; b < size; b++) {
    const w = order ? order[start + b]! : start + b
    const columns = windows.columns[windows.owner[w]!]!
    writeWindow(windowInput, columns, windows.origin[w]!, windows.frames[w]!, trainer.input, b, size)
    trainer.targets.set(labels.subarray(w * horizon, (w + 1) * horizon), b * horizon)
  }
}

/** Calls back with each batch of windows in their own order; the input of the trainer is filled then. */
export function forEachBatch(
  setup: TrainingSetup,
  labelled: LabelledWindows,
  visit: (start: number, size: number) => void,
): void {
  const { count } = labelled.windows
  for (let start = 0; start < count; start += setup.options.batch) {
    const size = Math.min(setup.options.batch, count - start)
    loadBatch(setup, labelled, null, start, size)
    visit(start, size)
  }
}

function meanLoss(setup: TrainingSetup, labelled: LabelledWindows): number {
  let sum = 0
  forEachBatch(setup, labelled, (_, size) => {
    sum += size * setup.trainer.loss(size)
  })
  return sum / labelled.windows.count
}

function progressOf(
  epoch: number,
  batch: number,
  batches: number,
  best: number,
  { options, training }: TrainingSetup,
): Progress {
  return {
    fraction: (epoch + batch / batches) / options.epochs,
    best,
    gap: null,
    iteration: epoch,
    evaluations: epoch * training.windows.count + Math.min(training.windows.count, batch * options.batch),
  }
}

function divergedAt(loss: number, epoch: number, batch: number, options: ResolvedNetworkOptions): CloudschedError {
  return new CloudschedError('diverged', [
    {
      path: 'options.optimizer.learningRate',
      received: options.optimizer.learningRate,
      expected: `a rate at which the loss stays finite; it was ${loss} in epoch ${epoch + 1}, batch ${batch + 1}`,
      hint: 'Maybe a rate ten times smaller works.',
    },
  ])
}
