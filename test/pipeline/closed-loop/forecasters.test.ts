import { expect, test } from 'vitest'
import { lastValue, lastValueWithResiduals } from '../../../examples/forecasters.ts'
import { oracle } from '../../../src/pipeline/closed-loop/oracle.ts'
import { smallTrace, tenCores } from './traces.ts'

const series = (values: number[], id = 'a/cpu') => ({ id, values, stepSeconds: 300 })

test('the last value, at every step and level', () => {
  expect(lastValue.forecast({ history: series([3, 1, 4]), horizon: 2, levels: [0.1, 0.9] })).toEqual({
    values: Float64Array.of(4, 4),
    quantiles: [Float64Array.of(4, 4), Float64Array.of(4, 4)],
    fallbacks: [],
  })
})

test('the last value with the quantiles of what followed in the past', () => {
  // One step: +1 +1 -2 +4, sorted -2 1 1 4. Two steps: +2 -1 +2, sorted -1 2 2.
  const forecaster = lastValueWithResiduals(2).fit([series([0, 1, 2, 0, 4])])
  const { values, quantiles, fallbacks } = forecaster.forecast({
    history: series([10]),
    horizon: 3,
    levels: [0.25, 0.9],
  })
  // Ranks of four: ceil(0.5 * 4) = 2, 1 and 4; of three: 2, 1 and 3. Beyond two steps the two-step differences serve on.
  expect(values).toEqual(Float64Array.of(11, 12, 12))
  expect(quantiles).toEqual([Float64Array.of(8, 9, 9), Float64Array.of(14, 12, 12)])
  expect(fallbacks).toEqual([])
})

test('without training rows it says that it is the last value', () => {
  const forecast = lastValueWithResiduals(2)
    .fit([])
    .forecast({ history: series([7], 'b/cpu'), horizon: 1, levels: [0.9] })
  expect(forecast.quantiles).toEqual([Float64Array.of(7)])
  expect(forecast.fallbacks).toEqual(['no training rows for b/cpu: last value'])
})

test('the oracle says what comes, and holds the last sample beyond the end', () => {
  const trace = smallTrace([{ id: 'a', demand: { cpu: [1, 2, 3, 4], memoryMib: 5 } }], [tenCores('p')], 4)
  const ask = (id: string, firstStep: number) =>
    oracle(trace).forecast({ history: series([0, 0], id), firstStep, horizon: 3, levels: [0.5] })
  expect(ask('a/cpu', 0).values).toEqual(Float64Array.of(3, 4, 4))
  expect(ask('a/cpu', 0).quantiles).toEqual([Float64Array.of(3, 4, 4)])
  expect(ask('a/memoryMib', 0).values).toEqual(Float64Array.of(5, 5, 5))
})
