import { expect, test } from 'vitest'
import { networkForecaster, readNetwork, trainVtgru } from '../../../src/forecast/neural/index.ts'

test('training and prediction leave tfjs alone', async () => {
  const series = { values: Float64Array.from({ length: 200 }, (_, t) => Math.sin(t / 3)), stepSeconds: 300 }
  const model = await trainVtgru([series], { units: [4], encoder: [3], window: 8, epochs: 1, seed: 1 })
  networkForecaster(readNetwork(JSON.parse(JSON.stringify(model)))).forecast({ history: series, horizon: 12 })
  // tfjs keeps its one engine there from the moment it is loaded.
  expect('_tfengine' in globalThis).toBe(false)
  await trainVtgru([series], { units: [4], encoder: [3], window: 8, epochs: 1, seed: 1, backend: 'tfjs' })
  expect('_tfengine' in globalThis).toBe(true)
})
