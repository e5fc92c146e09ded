import { CloudschedError } from '../../errors/cloudsched-error.ts'
import type { TimeSeries } from '../../model/forecaster.ts'
import { createDigest } from '../../random/digest.ts'
import type { DecayPowers } from './optimiser.ts'

/** Losses after one pass over the training windows; entry 0 is the network before training. */
export interface EpochLosses {
  readonly epoch: number
  /** Mean over the batches of the pass, under dropout; `null` before training. */
  readonly training: number | null
  readonly validation: number
}

/** Everything a stopped training needs to go on as if it had not stopped: plain data. */
export interface NetworkCheckpoint {
  readonly version: 1
  /** Network, options and series that it belongs to. */
  readonly fingerprint: string
  /** Passes completed, and batches of the next one. */
  readonly epoch: number
  readonly batch: number
  /** Sum of the losses of these batches. */
  readonly lossSum: number
  /** Base64 of 32-bit numbers, as in the model. */
  readonly weights: string
  readonly first: string
  readonly second: string
  readonly powers: DecayPowers
  readonly best: { readonly epoch: number; readonly loss: number; readonly weights: string }
  readonly history: readonly EpochLosses[]
}

/** Options that may differ between a run and its continuation: they say when to stop or what to hand out. */
const freeOptions = new Set(['resume', 'withCheckpoint', 'signal', 'onProgress', 'timeLimitMs', 'epochs', 'patience'])

/** A word for a training: two with the same word are the same. @param features - names of those that the network looks at */
export function fingerprintOf(
  kind: string,
  series: readonly TimeSeries[],
  features: readonly string[],
  options: object,
): string {
  const digest = createDigest()
  for (const { values, stepSeconds, features: given } of series) {
    digest.add([stepSeconds])
    digest.add(values)
    for (const name of features) digest.add(given![name]!)
  }
  const ids = series.map(({ id }) => id ?? null)
  const kept = Object.entries(options)
    .filter(([key]) => !freeOptions.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([kind, ids, features, digest.word(), kept])
}

/** @throws CloudschedError `checkpoint` when it is of another version, network, series or set of options */
export function checkNetworkCheckpoint(checkpoint: NetworkCheckpoint, fingerprint: string): void {
  if (checkpoint.version !== 1) {
    throw new CloudschedError('checkpoint', [
      { path: 'options.resume.version', received: checkpoint.version, expected: '1, the version this library writes' },
    ])
  }
  if (checkpoint.fingerprint === fingerprint) return
  throw new CloudschedError('checkpoint', [
    {
      path: 'options.resume.fingerprint',
      received: checkpoint.fingerprint,
      expected: 'that of the same network, series and options',
      hint: 'Only limits, epochs, patience, callbacks and what the model holds may change.',
    },
  ])
}
