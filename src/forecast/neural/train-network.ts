import { CloudschedError } from '../../errors/cloudsched-error.ts'
import { checkOptions, oneOf, type OptionEntries, readOptions, requireOptions } from '../../errors/read-options.ts'
import { openKernels } from '../../kernels/open-kernels.ts'
import type { ForecastMethod, TimeSeries } from '../../model/forecaster.ts'
import { drive, driveAsync } from '../../run/drive.ts'
import type { Steps } from '../../run/run-options.ts'
import { naive } from '../baselines/naive.ts'
import { checkSeries, featureNames } from '../series/check-series.ts'
import { rowsOf } from '../series/rows.ts'
import { encodeNumbers } from './base64.ts'
import { checkNetworkCheckpoint, fingerprintOf } from './checkpoint.ts'
import { tuneCutOff } from './cut-off.ts'
import { type NetworkForecaster, networkForecaster } from './network-forecaster.ts'
import { type NetworkModel, networkVersion } from './network-model.ts'
import {
  type GruOptions,
  type LstmOptions,
  type NetworkKind,
  type NetworkOptions,
  readNetworkOptions,
  type ResolvedNetworkOptions,
  type VtgruOptions,
} from './network-options.ts'
import { type PreparedTraining, prepareTraining } from './prepare-training.ts'
import { createTfjsTrainer } from './tfjs-trainer.ts'
import { createTrainer, type Trainer } from './trainer.ts'
import { trainingSteps } from './training.ts'

/** Options of `trainNetwork`: those of its kind, which it names. */
export interface NamedNetworkOptions extends NetworkOptions {
  readonly kind: NetworkKind
}

/**
 * Trains a recurrent network to forecast: V-TGRU (Chang and Zhang 2022), GRU or LSTM, all in one harness.
 *
 * Several series share one model. The last part of each is kept for early stopping; shifts and factors come from the
 * rows before it. Training runs on this library's kernels and needs no other package; with `backend: 'tfjs'` it runs on
 * tfjs, which is slower.
 *
 * @param series - at least one; NaN marks a missing value, and windows that hold one are left out and counted
 * @returns the model of the best epoch, also when the run was stopped
 * @throws CloudschedError `invalid-input`, `invalid-option`, `diverged` when the loss is no longer finite, `checkpoint`,
 * `missing-peer` when tfjs is asked for and not installed
 * @example
 * const model = await trainNetwork([series], { kind: 'gru', epochs: 20, seed: 1 })
 */
export async function trainNetwork(series: readonly TimeSeries[], options: NamedNetworkOptions): Promise<NetworkModel> {
  checkOptions(options)
  const { kind, ...own } = options
  return train(kind, series, own)
}

async function train(kind: NetworkKind, series: readonly TimeSeries[], options: NetworkOptions): Promise<NetworkModel> {
  const prepared = prepare(kind, series, options)
  const { architecture, head, options: read } = prepared
  const trainer =
    read.backend === 'tfjs'
      ? await createTfjsTrainer(architecture, head, read.batch)
      : openTrainer(prepared, read.backend)
  return driveAsync(modelSteps(prepared, trainer), options)
}

/** `trainNetwork` of a V-TGRU: encoder, bidirectional GRU, weighted feature average. */
export function trainVtgru(series: readonly TimeSeries[], options: VtgruOptions = {}): Promise<NetworkModel> {
  return train('v-tgru', series, options)
}

/** `trainNetwork` of a GRU. */
export function trainGru(series: readonly TimeSeries[], options: GruOptions = {}): Promise<NetworkModel> {
  return train('gru', series, options)
}

/** `trainNetwork` of an LSTM. */
export function trainLstm(series: readonly TimeSeries[], options: LstmOptions = {}): Promise<NetworkModel> {
  return train('lstm', series, options)
}

/** A method whose forecasters are trained networks. */
export interface NetworkMethod extends ForecastMethod {
  readonly fit: (training: readonly TimeSeries[]) => NetworkForecaster
}

/**
 * A network as a method for `backtest`: `fit` trains without a pause, on this library's kernels.
 *
 * @throws CloudschedError `invalid-option`, also for `backend: 'tfjs'`, which can only be waited for
 * @example
 * backtest([series], { 'v-tgru': networkMethod('v-tgru', { epochs: 12 }) })
 */
export function networkMethod(kind: NetworkKind, options: NetworkOptions = {}): NetworkMethod {
  const { backend } = readNetworkOptions(kind, options)
  checkKind(kind)
  if (backend === 'tfjs')
    throw new CloudschedError('invalid-option', [
      {
        path: 'options.backend',
        received: backend,
        expected: "one that computes at once: 'auto', 'wasm-kernels' or 'typescript'",
        hint: 'Train with `trainNetwork`, which can be waited for, and use `networkForecaster`.',
      },
    ])
  return {
    name: kind,
    fit(training) {
      const prepared = prepare(kind, training, options)
      return networkForecaster(drive(modelSteps(prepared, openTrainer(prepared, backend)), options))
    },
  }
}

const kindEntry: OptionEntries = { kind: oneOf('v-tgru', 'gru', 'lstm') }

function checkKind(kind: NetworkKind): void {
  requireOptions(kindEntry, readOptions(kindEntry, {}, { kind }), ['kind'])
}

function prepare(kind: NetworkKind, series: readonly TimeSeries[], given: NetworkOptions): PreparedTraining {
  const options = readNetworkOptions(kind, given)
  checkKind(kind)
  checkSeries(series)
  return prepareTraining(kind, series, { ...options, features: options.features ?? featureNames(series[0]!) })
}

function openTrainer(
  { architecture, head, options }: PreparedTraining,
  backend: 'auto' | 'wasm-kernels' | 'typescript',
): Trainer {
  const kernels = openKernels(backend === 'wasm-kernels' ? 'wasm-simd' : backend)
  return createTrainer(kernels, architecture, head, options.batch)
}

/** Trains, and makes the model of it. */
function* modelSteps(prepared: PreparedTraining, trainer: Trainer): Steps<NetworkModel> {
  const { kind, series, architecture, input, training, validation, initial, options } = prepared
  const fingerprint = fingerprintOf(kind, series, input.features, options)
  if (options.resume) checkNetworkCheckpoint(options.resume, fingerprint)
  const setup = { trainer, architecture, windowInput: input, training, validation, initial, options, fingerprint }
  const trained = yield* trainingSteps(setup)
  const head = prepared.head.head === 'decision' ? tuneCutOff(prepared.head, setup) : prepared.head
  const fallback = naive({ horizon: options.horizon }).fit(
    series.map((one, index) => rowsOf(one, prepared.trainingRanges[index]!)),
  )
  return {
    format: 'cloudsched-network',
    version: networkVersion,
    kind,
    architecture,
    input,
    head,
    stepSeconds: series[0]!.stepSeconds,
    weights: encodeNumbers(trained.weights),
    fallback: fallback.toJSON(),
    report: {
      backend: trainer.backend,
      passedOver: trainer.passedOver,
      seed: options.seed,
      status: trained.status,
      bestEpoch: trained.bestEpoch,
      bestLoss: trained.bestLoss,
      history: trained.history,
      steps: trained.steps,
      weightCount: trained.weights.length,
      ...prepared.counts,
      options: reportedOptions(options),
    },
    ...(options.withCheckpoint && { checkpoint: trained.checkpoint }),
  }
}

/** What does not decide the outcome, or is no data. */
const unreported = new Set(['signal', 'onProgress', 'resume', 'timeLimitMs', 'withCheckpoint'])

function reportedOptions(options: ResolvedNetworkOptions): NetworkOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !unreported.has(name)))
}
