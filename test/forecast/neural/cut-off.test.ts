import { expect, test } from 'vitest'
import { decisionScores, forecastOrigins, needsScheduling, rowsOf } from '../../../src/forecast/index.ts'
import { networkDecider, type TimeSeries, trainGru } from '../../../src/forecast/neural/index.ts'
import { normal } from '../../../src/random/distributions.ts'
import { createRng } from '../../../src/random/rng.ts'

const window = 8
const horizon = 3
const threshold = 33
const boundary = 270

/** A wave that reaches the threshold in places; in the validation rows, its last tenth, more often. */
function rising(): TimeSeries {
  const rng = createRng('rising')
  const values = Float64Array.from({ length: 300 }, (_, t) => {
    return 30 + 4 * Math.sin(t / 3) + normal(rng, 0, 1) + (t >= boundary ? 3 : 0)
  })
  return { values, stepSeconds: 300 }
}

const options = { window, horizon, units: [4], head: 'decision', threshold, epochs: 3, batch: 32, seed: 1 } as const

test('the cut-off has the best F1 on training and validation rows together', async () => {
  const series = rising()
  const { decideMany, cutOff } = networkDecider(await trainGru([series], options))
  const judge = (ranges: readonly { start: number; end: number }[]) => {
    const origins = ranges.flatMap((range) => [...forecastOrigins(range, { contextSteps: window, horizon })])
    const labels = needsScheduling(series.values, origins, { threshold, horizon })
    const answers = decideMany(origins.map((t) => rowsOf(series, { start: t + 1 - window, end: t + 1 })))
    const probabilities = answers.map((answer) => answer.probabilities[horizon - 1]!)
    const f1 = (cut: number): number =>
      decisionScores(
        labels,
        probabilities.map((p) => (p >= cut ? 1 : 0)),
      ).f1 ?? 0
    return { f1, probabilities }
  }
  const training = { start: 0, end: boundary }
  const validation = { start: boundary, end: 300 }
  const both = judge([training, validation])
  for (const other of both.probabilities) expect(both.f1(cutOff)).toBeGreaterThanOrEqual(both.f1(other))
  // The validation rows alone would have had another one.
  const alone = judge([validation])
  expect(Math.max(...alone.probabilities.map(alone.f1))).toBeGreaterThan(alone.f1(cutOff))
})

test('without a yes in any row it is one half', async () => {
  const { cutOff } = networkDecider(await trainGru([rising()], { ...options, threshold: 1000, epochs: 1 }))
  expect(cutOff).toBe(0.5)
})
