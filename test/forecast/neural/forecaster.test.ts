import { beforeAll, describe, expect, test } from 'vitest'
import {
  type NetworkModel,
  networkDecider,
  networkForecaster,
  networkSafetensors,
  type NetworkOptions,
  networkWeights,
  readNetwork,
  type TimeSeries,
  trainGru,
  trainVtgru,
} from '../../../src/forecast/neural/index.ts'
import type { Frame } from '../../../src/forecast/neural/normalisation.ts'
import { createPredictor } from '../../../src/forecast/neural/predictor.ts'
import { createTfjsTrainer } from '../../../src/forecast/neural/tfjs-trainer.ts'
import { columnsOf } from '../../../src/forecast/neural/training-windows.ts'
import { caught } from '../../caught.ts'

const quick: NetworkOptions = { window: 8, horizon: 3, units: [6, 5], encoder: [5, 4], epochs: 3, batch: 32, seed: 1 }
const series: TimeSeries = {
  id: 'wave',
  values: Float64Array.from({ length: 300 }, (_, t) => 30 + 5 * Math.sin(t / 2) + ((t * 7919) % 11) / 11),
  stepSeconds: 300,
}
const cut = (length: number, change: Partial<TimeSeries> = {}): TimeSeries => ({
  ...series,
  values: Float64Array.from(series.values).subarray(0, length),
  ...change,
})

/** Outputs before they are decoded, and what the window was normalised with. */
function ownOutputs(of: NetworkModel, history: TimeSeries): { readonly frame: Frame; readonly own: number[] } {
  let found: { frame: Frame; own: number[] } | null = null
  const window = { columns: columnsOf(history, []), origin: history.values.length - 1 }
  createPredictor(of).predict([window], (_, outputs, start, frame) => {
    found = { frame, own: [...outputs.subarray(start, start + of.architecture.outputs)] }
  })
  return found!
}

let model: NetworkModel
let binary: NetworkModel
let levels: NetworkModel
let decision: NetworkModel
beforeAll(async () => {
  model = await trainVtgru([series], quick)
  binary = await trainVtgru([series], { ...quick, binarize: 'weights+activations', units: [33, 5] })
  levels = await trainGru([series], { ...quick, head: 'levels' })
  decision = await trainGru([series], { ...quick, head: 'decision', threshold: 34, linearSkip: true })
})

describe('prediction', () => {
  test('gives a path and quantiles that do not cross', () => {
    const { values, quantiles, fallbacks } = networkForecaster(model).forecast({
      history: series,
      horizon: 3,
      levels: [0.5, 0.7, 0.85],
    })
    expect(values.length).toBe(3)
    expect([...quantiles[0]!]).toEqual([...values])
    for (let h = 0; h < 3; h++) {
      expect(quantiles[1]![h]!).toBeGreaterThanOrEqual(quantiles[0]![h]!)
      expect(quantiles[2]![h]!).toBeGreaterThanOrEqual(quantiles[1]![h]!)
    }
    expect(fallbacks).toEqual([])
  })

  test('a level that was not trained is said to be one', () => {
    const { fallbacks, quantiles } = networkForecaster(model).forecast({
      history: series,
      horizon: 1,
      levels: [0.85, 0.99],
    })
    expect(fallbacks).toEqual(['v-tgru knows the quantiles 0.5, 0.85: the outermost stood in for 0.99'])
    expect([...quantiles[1]!]).toEqual([...quantiles[0]!])
  })

  test('many at once equal one by one, packed signs at several widths included', async () => {
    const wide = await trainGru([series], { ...quick, binarize: 'weights+activations', units: [130, 70], epochs: 1 })
    const requests = Array.from({ length: 140 }, (_, k) => ({
      history: cut(100 + k),
      horizon: 1 + (k % 3),
      levels: [0.85],
    }))
    for (const each of [model, levels, binary, wide]) {
      const together = networkForecaster(each).forecastMany(requests)
      const single = networkForecaster(each)
      requests.forEach((request, k) => {
        const alone = single.forecast(request)
        together[k]!.values.forEach((value, h) => expect(value).toBeCloseTo(alone.values[h]!, 4))
      })
    }
  })

  test('equals that of tfjs to 1e-5, packed signs included', async () => {
    for (const each of [model, binary, levels, decision]) {
      const oracle = await createTfjsTrainer(each.architecture, each.head, 1, 'cpu')
      const { window, inputs, outputs } = each.architecture
      const flat = networkWeights(each).flatMap(({ values }) => [...values])
      oracle.arrays.weights.set(flat)
      const asked = cut(200)
      const { frame, own } = ownOutputs(each, asked)
      const columns = inputs
      for (let t = 0; t < window; t++) {
        const value = asked.values[200 - window + t]!
        oracle.input[t * columns] = (value - frame.centre) / frame.scale
        if (columns > 1) oracle.input[t * columns + 1] = (value - each.input.reference!) / frame.scale
      }
      const theirs = oracle.outputs(1)
      for (let k = 0; k < outputs; k++) expect(Math.abs(own[k]! - theirs[k]!)).toBeLessThan(1e-5)
    }
  })

  test('a forecaster does not change its input', () => {
    const values = Object.freeze(Array.from(series.values))
    const before = [...values]
    networkForecaster(model).forecast({ history: { ...series, values }, horizon: 3 })
    expect(values).toEqual(before)
  })
})

describe('heads', () => {
  test('levels decode to a mean of class centres, and quantiles ascend', () => {
    const { values, quantiles } = networkForecaster(levels).forecast({
      history: series,
      horizon: 3,
      levels: [0.1, 0.5, 0.9],
    })
    const { head } = levels
    if (head.head !== 'levels') throw new Error('levels expected')
    expect(head.edges.length).toBe(head.classes - 1)
    expect(values.every((value) => value > 20 && value < 40)).toBe(true)
    for (let h = 0; h < 3; h++)
      expect(quantiles.map((path) => path[h]!).sort((a, b) => a - b)).toEqual(quantiles.map((path) => path[h]!))
  })

  test('a decision gives a probability for each number of steps, never falling', () => {
    const decider = networkDecider(decision)
    const { probabilities, needsScheduling, fallbacks } = decider.decide(series)
    expect(probabilities.length).toBe(3)
    expect(probabilities.every((p, h) => p >= (probabilities[h - 1] ?? 0) && p <= 1)).toBe(true)
    expect(needsScheduling).toBe(probabilities[2]! >= decider.cutOff)
    expect(fallbacks).toEqual([])
    expect(decision.report.baseRate).toBeGreaterThan(0)
  })

  test('each head has its own reader', () => {
    expect(caught(() => networkForecaster(decision))).toMatchObject({ code: 'invalid-input', path: 'model.head.head' })
    expect(caught(() => networkDecider(model))).toMatchObject({ code: 'invalid-input', path: 'model.head.head' })
  })
})

describe('histories that do not suffice', () => {
  test('too short: naive answers and says so', () => {
    const { values, quantiles, fallbacks } = networkForecaster(model).forecast({
      history: cut(5),
      horizon: 3,
      levels: [0.85],
    })
    expect([...values]).toEqual([4, 4, 4].map((t) => series.values[t]!))
    expect(quantiles.length).toBe(1)
    expect(fallbacks).toEqual(['v-tgru looks at 8 steps, the history has 5', 'naive answered'])
  })

  test('too short for a decision: persistence answers and says so', () => {
    const { probabilities, fallbacks } = networkDecider(decision).decide({ values: [10, 40], stepSeconds: 300 })
    expect([...probabilities]).toEqual([1, 1, 1])
    expect(fallbacks).toEqual(['gru looks at 8 steps, the history has 2', 'persistence answered'])
  })

  test('a gap is filled with the value before it and told; a window of gaps is answered by naive', () => {
    const values = Float64Array.from(series.values)
    values[297] = Number.NaN
    const forecaster = networkForecaster(model)
    const filled = Float64Array.from(values)
    filled[297] = filled[296]!
    const { values: path, fallbacks } = forecaster.forecast({ history: { ...series, values }, horizon: 3 })
    expect([...path]).toEqual([...forecaster.forecast({ history: { ...series, values: filled }, horizon: 3 }).values])
    expect(fallbacks).toEqual(["1 of the 8 steps of 'values' are missing: the value known before each stood in"])
    // The window is 292 .. 299: for its first step the value before the window stands in.
    const [early, earlyFilled] = [Number.NaN, series.values[291]!].map((value) => {
      const changed = Float64Array.from(series.values)
      changed[292] = value
      return forecaster.forecast({ history: { ...series, values: changed }, horizon: 3 })
    })
    expect([...early!.values]).toEqual([...earlyFilled!.values])
    values.fill(Number.NaN, 292)
    expect(forecaster.forecast({ history: { ...series, values }, horizon: 3 }).fallbacks.slice(0, 2)).toEqual([
      "v-tgru looks at 8 steps, all of 'values' are missing",
      'naive answered',
    ])
  })

  test.each([
    ['horizon', { history: series, horizon: 4 }, 'request.horizon'],
    ['levels', { history: series, horizon: 1, levels: [0.9, 0.5] }, 'request.levels'],
    ['step', { history: cut(200, { stepSeconds: 60 }), horizon: 1 }, 'history.stepSeconds'],
    [
      'infinite value',
      { history: cut(200, { values: [...new Array(7).fill(1), Infinity] }), horizon: 1 },
      'history.values[7]',
    ],
  ])('a wrong %s is an error', (_, request, path) => {
    expect(caught(() => networkForecaster(model).forecast(request))).toMatchObject({ code: 'invalid-input', path })
  })

  test('features must be there', async () => {
    const withLoad: TimeSeries = { ...series, features: { load: series.values } }
    const trained = await trainGru([withLoad], quick)
    expect(caught(() => networkForecaster(trained).forecast({ history: series, horizon: 1 }))).toMatchObject({
      path: 'history.features.load',
    })
    const shorter = { ...series, features: { load: Array.from(series.values).slice(1) } }
    expect(caught(() => networkForecaster(trained).forecast({ history: shorter, horizon: 1 }))).toMatchObject({
      path: 'history.features.load',
      received: '299 values',
    })
    expect(networkForecaster(trained).forecast({ history: withLoad, horizon: 1 }).values.length).toBe(1)
  })
})

describe('saved models', () => {
  test('forecast bit by bit the same after JSON', () => {
    for (const each of [model, binary, levels]) {
      const copy = readNetwork(JSON.parse(JSON.stringify(each)))
      expect(copy).toEqual(each)
      expect(structuredClone(each)).toEqual(each)
      const request = { history: series, horizon: 3, levels: [0.85] }
      expect(networkForecaster(copy).forecast(request)).toEqual(networkForecaster(each).forecast(request))
      expect(networkForecaster(copy).toJSON()).toBe(copy)
    }
  })

  test.each([
    ['no model', () => ({}), 'model'],
    ['null', () => null, 'model'],
    ['another version', () => ({ ...model, version: 2 }), 'model.version'],
    ['another kind', () => ({ ...model, kind: 'transformer' }), 'model.kind'],
    ['weights that were cut', () => ({ ...model, weights: model.weights.slice(0, -8) }), 'model.weights'],
    ['weights that are no base64', () => ({ ...model, weights: '%%' }), 'model.weights'],
    [
      'more features than columns',
      () => ({ ...model, input: { ...model.input, features: ['a'] } }),
      'model.input.features',
    ],
    ['another window', () => ({ ...model, input: { ...model.input, window: 9 } }), 'model.input.window'],
    [
      'a layer of no width',
      () => ({ ...model, architecture: { ...model.architecture, units: [0] } }),
      'model.architecture.units',
    ],
    [
      'a skip of a column that is not there',
      () => ({ ...model, architecture: { ...model.architecture, skipColumn: 1 } }),
      'model.architecture.skipColumn',
    ],
    [
      'an unknown readout',
      () => ({ ...model, architecture: { ...model.architecture, readout: 'first' } }),
      'model.architecture.readout',
    ],
    ['a head without quantiles', () => ({ ...model, head: { head: 'regression', horizon: 3 } }), 'model.head'],
    [
      'a head for other outputs',
      () => ({ ...model, head: { ...model.head, horizon: 4 } }),
      'model.architecture.outputs',
    ],
    ['no fallback', () => ({ ...model, fallback: null }), 'forecaster'],
  ])('%s is refused', (_, broken, path) => {
    expect(caught(() => readNetwork(broken()))).toMatchObject({ code: 'format', path })
  })

  test('a text that was not parsed, and another saved forecaster, are told how to be read', () => {
    expect(caught(() => readNetwork(JSON.stringify(model))).hint).toContain('JSON.parse')
    expect(caught(() => readNetwork(model.fallback)).hint).toContain('forecasterFromJSON')
  })

  test('a model of another version is refused where it is used without reading, too', () => {
    for (const use of [networkForecaster, networkDecider])
      expect(caught(() => use({ ...model, version: 2 as 1 }))).toMatchObject({ code: 'format', path: 'model.version' })
  })

  test('as safetensors: header, shapes, places and numbers', () => {
    const bytes = networkSafetensors(model)
    const view = new DataView(bytes.buffer)
    const headerLength = Number(view.getBigUint64(0, true))
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)))
    const weights = networkWeights(model)
    expect(headerLength % 8).toBe(0)
    expect(Object.keys(header)).toEqual(['__metadata__', ...weights.map(({ name }) => name)])
    for (const { name, shape, values } of weights) {
      const {
        dtype,
        shape: written,
        data_offsets: [start, end],
      } = header[name]
      expect([dtype, written, end - start]).toEqual(['F32', shape, 4 * values.length])
      values.forEach((value, i) => expect(view.getFloat32(8 + headerLength + start + 4 * i, true)).toBe(value))
    }
    expect(bytes.length).toBe(8 + headerLength + 4 * model.report.weightCount)
    expect(JSON.parse(header['__metadata__'].model)).toEqual(
      JSON.parse(JSON.stringify({ ...model, weights: undefined })),
    )
  })

  test('weights have names and shapes', () => {
    const weights = networkWeights(model)
    expect(weights.map(({ name, shape }) => [name, shape]).slice(0, 6)).toEqual([
      ['encoder0.kernel', [1, 5]],
      ['encoder0.bias', [1, 5]],
      ['encoder1.kernel', [5, 4]],
      ['encoder1.bias', [1, 4]],
      ['layer0.forward.kernel', [4, 18]],
      ['layer0.forward.recurrent', [6, 18]],
    ])
    expect(weights.reduce((sum, { values }) => sum + values.length, 0)).toBe(model.report.weightCount)
  })
})
