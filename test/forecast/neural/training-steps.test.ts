import { expect, test } from 'vitest'
import { parameterLayout } from '../../../src/forecast/neural/architecture.ts'
import { decodeNumbers } from '../../../src/forecast/neural/base64.ts'
import {
  type NetworkModel,
  type NetworkOptions,
  type TimeSeries,
  trainVtgru,
} from '../../../src/forecast/neural/index.ts'
import { initialWeights } from '../../../src/forecast/neural/initial-weights.ts'

const quick: NetworkOptions = { window: 8, horizon: 3, units: [6], encoder: [5, 4], epochs: 3, batch: 32, seed: 1 }
const series: TimeSeries = {
  values: Float64Array.from({ length: 300 }, (_, t) => 30 + 5 * Math.sin(t / 2) + ((t * 7919) % 11) / 11),
  stepSeconds: 300,
}
const train = (options: NetworkOptions = {}): Promise<NetworkModel> => trainVtgru([series], { ...quick, ...options })

test('the weights of the best epoch are kept, not those of the last', async () => {
  const optimizer = { name: 'adam', learningRate: 0.05 } as const
  const long = await train({ epochs: 30, patience: 30, optimizer, withCheckpoint: true })
  const { bestEpoch, history } = long.report
  // A rate this high overshoots: otherwise the two would be the same.
  expect(bestEpoch).toBeGreaterThan(0)
  expect(bestEpoch).toBeLessThan(history.length - 1)
  expect(long.weights).not.toBe(long.checkpoint!.weights)
  const short = await train({ epochs: bestEpoch, patience: 30, optimizer, withCheckpoint: true })
  expect(long.weights).toBe(short.checkpoint!.weights)

  // A run that was stopped after its best epoch still has it when it goes on.
  const later = await train({ epochs: bestEpoch + 1, patience: 30, optimizer, withCheckpoint: true })
  const resumed = await train({ epochs: 30, patience: 30, optimizer, withCheckpoint: true, resume: later.checkpoint! })
  expect(resumed).toEqual(long)
})

test('a step is no longer than the rate times the largest norm of a gradient', async () => {
  const optimizer = { name: 'sgd', learningRate: 0.05, momentum: 0 } as const
  const { architecture, report, checkpoint } = await train({
    epochs: 1,
    batch: 1000,
    clipNorm: 0.01,
    optimizer,
    withCheckpoint: true,
  })
  expect(report.steps).toBe(1)
  const before = initialWeights(architecture, 1)
  const after = decodeNumbers(checkpoint!.weights, before.length, 'weights')
  expect(Math.hypot(...after.map((weight, i) => weight - before[i]!))).toBeCloseTo(0.05 * 0.01, 6)
})

test('latent weights of a binary network stay within [-1, 1]', async () => {
  const { checkpoint, architecture } = await train({
    binarize: 'weights',
    optimizer: { name: 'adam', learningRate: 0.5 },
    withCheckpoint: true,
  })
  const { all, size } = parameterLayout(architecture)
  const last = decodeNumbers(checkpoint!.weights, size, 'weights')
  const largest = (binary: boolean): number =>
    Math.max(
      ...all
        .filter((parameter) => parameter.binary === binary)
        .flatMap(({ start, rows, columns }) => [...last.subarray(start, start + rows * columns)].map(Math.abs)),
    )
  expect(largest(true)).toBe(1)
  expect(largest(false)).toBeGreaterThan(1)
})

test("preset 'paper' makes the source's choices, and what is stated beside it wins", async () => {
  const { report, architecture, head } = await train({ preset: 'paper', epochs: 1, threshold: 33 })
  expect(report.options).toMatchObject({
    normalization: 'minmax',
    binarize: 'weights+activations',
    scale: 'row',
    readout: 'last+wfa',
    head: 'decision',
    optimizer: { name: 'sgd', learningRate: 0.05, momentum: 0.9 },
  })
  expect([architecture.binarize, head.head]).toEqual(['weights+activations', 'decision'])
  const own = await train({ preset: 'paper', epochs: 1, head: 'regression', binarize: 'none' })
  expect(own.report.options).toMatchObject({ normalization: 'minmax', binarize: 'none', head: 'regression' })
})

test('a share of the validation rows lies outside the training range, above or below', async () => {
  // The last tenth, 30 rows, 6 of them far above or far below; the wave itself stays in its range.
  for (const by of [100, -100]) {
    const values = Float64Array.from(series.values, (x, t) => (t >= 294 ? x + by : x))
    const { report } = await trainVtgru([{ ...series, values }], { ...quick, epochs: 1 })
    expect(report.outOfRange).toBeCloseTo(6 / 30, 12)
  }
})
