import { expect, test } from 'vitest'
import { exceedanceLabels, lossTargets, settleHead } from '../../../src/forecast/neural/head.ts'
import { readNetworkOptions, type NetworkOptions } from '../../../src/forecast/neural/network-options.ts'
import { networkDecider, type TimeSeries, trainGru } from '../../../src/forecast/neural/index.ts'
import { trainingWindows, type TrainingWindows } from '../../../src/forecast/neural/training-windows.ts'

/** Windows of one step, values as they are. */
function windowsOf(values: number[], horizon: number): TrainingWindows {
  const normalisation = { normalization: 'minmax', target: { centre: 0, scale: 1 }, scales: {}, features: [] } as const
  const input = { window: 1, features: [], normalisation, reference: null }
  return trainingWindows(input, horizon, [{ values, stepSeconds: 300 }], [{ start: 0, end: values.length }])
}
const options = (given: NetworkOptions) => readNetworkOptions('gru', given)

test('classes hold equal shares of the targets, each with its median as centre', () => {
  // Targets 1 .. 10: edges at the quantiles 1/3 and 2/3, 4 and 7. Members 1 2 3, 4 5 6, 7 8 9 10.
  const windows = windowsOf([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 1)
  const head = settleHead(options({ head: 'levels', classes: 3, horizon: 1 }), windows, 0)
  expect(head).toEqual({ head: 'levels', horizon: 1, classes: 3, edges: [4, 7], centres: [2, 5, 8.5], ends: [1, 10] })
  expect([...lossTargets(head, windows)]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 2])
})

test('of targets that are much alike there are fewer classes', () => {
  const windows = windowsOf([0, 5, 5, 5, 5, 5, 5, 9], 1)
  expect(settleHead(options({ head: 'levels', classes: 4, horizon: 1 }), windows, 0)).toMatchObject({
    classes: 1,
    edges: [],
    centres: [5],
  })
})

test("a label is 1 from the step on that reaches the threshold, and a balanced 'yes' weighs (no) / (yes)", () => {
  // Next two steps of the origins: 1 8, 8 1, 1 1, 1 1. Labels 0 1, 1 1, 0 0, 0 0: three of eight.
  const windows = windowsOf([1, 1, 8, 1, 1, 1], 2)
  expect([...exceedanceLabels(windows, 2, 8)]).toEqual([0, 1, 1, 1, 0, 0, 0, 0])
  const weightOf = (positiveWeight: number | 'balanced') =>
    settleHead(options({ head: 'decision', horizon: 2, positiveWeight }), windows, 8)
  expect(weightOf('balanced')).toMatchObject({ threshold: 8, positiveWeight: 5 / 3 })
  expect(weightOf(4)).toMatchObject({ positiveWeight: 4 })
})

test("where a 'yes' weighs little the cut-off is far below one half, and finds more", async () => {
  // Only one step in ten reaches the threshold, and a 'yes' weighs little: probabilities are far below one half.
  const values = Float64Array.from({ length: 600 }, (_, t) => (t % 10 === 0 ? 9 : 1) + ((t * 7919) % 13) / 13)
  const series: TimeSeries = { values, stepSeconds: 300 }
  const model = await trainGru([series], {
    window: 6,
    horizon: 2,
    units: [4],
    epochs: 2,
    seed: 1,
    validationShare: 0.2,
    head: 'decision',
    threshold: 9,
    positiveWeight: 0.1,
  })
  const decider = networkDecider(model)
  expect(decider.cutOff).toBeLessThan(0.4)
  // The last fifth: origins 479 to 597.
  const scored = Array.from({ length: 119 }, (_, k) => {
    const origin = 479 + k
    const history = { values: values.slice(0, origin + 1), stepSeconds: 300 }
    return {
      probability: decider.decide(history).probabilities[1]!,
      label: values[origin + 1]! >= 9 || values[origin + 2]! >= 9,
    }
  })
  const f1 = (cutOff: number): number => {
    const yes = scored.filter(({ probability }) => probability >= cutOff)
    const hits = yes.filter(({ label }) => label).length
    return (2 * hits) / (yes.length + scored.filter(({ label }) => label).length)
  }
  expect(f1(decider.cutOff)).toBeGreaterThan(f1(0.5))
})
