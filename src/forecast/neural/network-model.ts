import { CloudschedError, type Finding, throwFindings } from '../../errors/cloudsched-error.ts'
import type { Seed } from '../../random/rng.ts'
import { forecasterFromJSON } from '../fitted/from-json.ts'
import type { SavedForecaster } from '../fitted/saved-forecaster.ts'
import { type Architecture, parameterLayout } from './architecture.ts'
import { decodeNumbers } from './base64.ts'
import type { EpochLosses, NetworkCheckpoint } from './checkpoint.ts'
import type { Head } from './head.ts'
import { outputCount } from './loss.ts'
import type { NetworkKind, NetworkOptions } from './network-options.ts'
import type { TrainingStatus } from './training.ts'
import { inputColumns, type WindowInput } from './training-windows.ts'

/** Version of the saved form; another one is refused. */
export const networkVersion = 1

/** How a network was trained. */
export interface TrainingReport {
  /** What did the arithmetic. */
  readonly backend: 'wasm-kernels' | 'typescript' | 'tfjs-wasm' | 'tfjs-cpu'
  /** Faster backends that were passed over, and why. */
  readonly passedOver: readonly string[]
  readonly seed: Seed
  /** How training ended. */
  readonly status: TrainingStatus
  /** Passes after which the weights that were kept were reached; 0 for those before training. */
  readonly bestEpoch: number
  /** Their validation loss, in normalised units. */
  readonly bestLoss: number
  readonly history: readonly EpochLosses[]
  /** Steps of the optimiser. */
  readonly steps: number
  readonly weightCount: number
  readonly trainingWindows: number
  readonly validationWindows: number
  /** Windows left out because a value is missing. */
  readonly skippedWindows: number
  /** Share of the validation rows' target values outside the range of the training rows: a network with fixed statistics has not learnt them. */
  readonly outOfRange: number
  /** Decision head: share of the training windows that are followed by a 'yes' within the horizon. */
  readonly baseRate: number | null
  /** What else should be known, e.g. series that are constant or too short to take part. */
  readonly notes: readonly string[]
  /** The options as they were resolved, without callbacks, limits and checkpoints. */
  readonly options: NetworkOptions
}

/** A trained network: plain data that survives JSON, structured clone and a queue unchanged. */
export interface NetworkModel {
  readonly format: 'cloudsched-network'
  readonly version: typeof networkVersion
  readonly kind: NetworkKind
  readonly architecture: Architecture
  readonly input: WindowInput
  readonly head: Head
  /** Length of a step of the training series in seconds. */
  readonly stepSeconds: number
  /** Base64 of the little-endian 32-bit weights, in the order of `networkWeights`. */
  readonly weights: string
  /** Who answers when a history is too short. */
  readonly fallback: SavedForecaster
  readonly report: TrainingReport
  readonly checkpoint?: NetworkCheckpoint
}

/** One array of weights by name. */
export interface NamedWeights {
  readonly name: string
  readonly shape: readonly [rows: number, columns: number]
  readonly values: Float32Array
}

/** The weights of a model by name, e.g. 'layer0.forward.kernel' with the columns reset, update, candidate. */
export function networkWeights(model: NetworkModel): NamedWeights[] {
  const layout = parameterLayout(model.architecture)
  const weights = decodeNumbers(model.weights, layout.size, 'model.weights')
  return layout.all.map(({ name, rows, columns, start }) => ({
    name,
    shape: [rows, columns],
    values: weights.slice(start, start + rows * columns),
  }))
}

/**
 * Reads a model that was written as JSON, after checking that it is one of this version whose parts fit together.
 *
 * @param data - what `JSON.parse` gave
 * @throws CloudschedError `format` with every finding
 * @example
 * const model = readNetwork(JSON.parse(text))
 */
export function readNetwork(data: unknown): NetworkModel {
  const model = data as NetworkModel
  if (typeof data !== 'object' || data === null || model.format !== 'cloudsched-network')
    throw formatError(
      'model',
      data,
      'a saved network, with format "cloudsched-network"',
      typeof data === 'string'
        ? 'Parse the text first: JSON.parse(text).'
        : 'Other saved forecasters are read by forecasterFromJSON.',
    )
  if (model.version !== networkVersion)
    throw formatError(
      'model.version',
      model.version,
      String(networkVersion),
      'It was saved by another version of the library: train it again.',
    )
  throwFindings('format', brokenParts(model))
  decodeNumbers(model.weights, parameterLayout(model.architecture).size, 'model.weights')
  forecasterFromJSON(model.fallback)
  return model
}

/** What the words of an architecture may be. */
const architectureWords = {
  cell: ['gru', 'lstm'],
  bidirectional: [true, false],
  resetAfter: [true, false],
  recurrentActivation: ['sigmoid', 'hardSigmoid'],
  binarize: ['none', 'weights', 'weights+activations', 'ternary'],
  scale: ['row', 'none'],
  readout: ['last', 'mean', 'wfa', 'last+wfa'],
  wfaSource: ['encoder', 'hidden'],
  linearSkip: [true, false],
  skipColumn: [0, 1],
} as const

function brokenParts({ kind, architecture, input, head, stepSeconds, report }: NetworkModel): Finding[] {
  const findings: Finding[] = []
  const check = (holds: unknown, path: string, received: unknown, expected: string): void => {
    if (holds !== true) findings.push({ path: `model.${path}`, received, expected })
  }
  const isCount = (x: unknown): boolean => Number.isInteger(x) && (x as number) >= 1 && (x as number) <= 1e6
  const isRecord = (x: unknown): boolean => typeof x === 'object' && x !== null
  check(['v-tgru', 'gru', 'lstm'].includes(kind), 'kind', kind, "one of 'v-tgru', 'gru', 'lstm'")
  check(typeof stepSeconds === 'number' && stepSeconds > 0, 'stepSeconds', stepSeconds, 'a number > 0')
  check(isRecord(report), 'report', report, 'the report of a training')
  for (const [name, part] of Object.entries({ architecture, input, head })) {
    check(isRecord(part), name, part, 'an object')
  }
  if (findings.length > 0) return findings
  for (const key of ['window', 'inputs', 'outputs'] as const) {
    check(isCount(architecture[key]), `architecture.${key}`, architecture[key], 'a whole number >= 1')
  }
  for (const key of ['encoder', 'units'] as const) {
    const widths: unknown = architecture[key]
    const least = key === 'units' ? 1 : 0
    const isList = Array.isArray(widths) && widths.length >= least && widths.every(isCount)
    check(isList, `architecture.${key}`, widths, 'a list of whole numbers >= 1')
  }
  for (const [key, words] of Object.entries(architectureWords)) {
    const word: unknown = architecture[key as keyof typeof architectureWords]
    check((words as readonly unknown[]).includes(word), `architecture.${key}`, word, `one of ${words.join(', ')}`)
  }
  check(
    architecture.skipColumn < architecture.inputs,
    'architecture.skipColumn',
    architecture.skipColumn,
    `one of the ${architecture.inputs} input columns`,
  )
  check(isCount(head.horizon), 'head.horizon', head.horizon, 'a whole number >= 1')
  check(isHead(head), 'head', head, 'what the outputs of the network mean')
  const names: unknown = input.features
  const areNames = Array.isArray(names) && names.every((name) => typeof name === 'string')
  check(areNames, 'input.features', names, 'a list of names')
  const { normalisation } = input
  check(
    isRecord(normalisation?.target),
    'input.normalisation',
    normalisation,
    'shifts and factors of the training rows',
  )
  if (findings.length > 0) return findings
  const outputs = outputCount(head)
  check(outputs === architecture.outputs, 'architecture.outputs', architecture.outputs, `${outputs}, as the head needs`)
  check(
    input.window === architecture.window,
    'input.window',
    input.window,
    `${architecture.window}, the network's window`,
  )
  check(
    inputColumns(input) === architecture.inputs && normalisation.features.length === input.features.length,
    'input.features',
    input.features,
    `those of the ${architecture.inputs} input columns of the network`,
  )
  return findings
}

/** True where the head has its own numbers. */
function isHead(head: Head): boolean {
  const isNumbers = (list: unknown, length: number): boolean =>
    Array.isArray(list) && list.length === length && list.every((x) => typeof x === 'number' && Number.isFinite(x))
  if (head.head === 'regression') return isNumbers(head.quantiles, head.quantiles?.length) && head.quantiles.length > 0
  if (head.head === 'decision') return isNumbers([head.threshold, head.cutOff], 2)
  const { classes, edges, centres, ends } = head
  return head.head === 'levels' && isNumbers(edges, classes - 1) && isNumbers(centres, classes) && isNumbers(ends, 2)
}

function formatError(path: string, received: unknown, expected: string, hint?: string): CloudschedError {
  return new CloudschedError('format', [{ path, received, expected, ...(hint !== undefined && { hint }) }])
}
