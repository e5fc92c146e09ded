import { describe, expect, test } from 'vitest'
import { lastValue } from '../../../examples/forecasters.ts'
import type { Forecaster, ForecastRequest } from '../../../src/model/forecaster.ts'
import { simulateScheduling } from '../../../src/pipeline/closed-loop/simulate-scheduling.ts'
import { demandTrace } from '../../../src/workload/demand-trace.ts'
import { caught } from '../../caught.ts'
import { smallTrace, tenCores } from './traces.ts'

/**
 * a needs the gpu of p. At step 1 p leaves 0.75 * 14 - 5 = 5.5 of its cores, less than the 6 of b: q takes it. At step 3 b uses
 * 9 of 10, and p, where a uses 1 by now, has 9.5 for it. A step is 100 s; b computes from second 5 on, when its 5 MB are there.
 */
const trace = smallTrace(
  [
    { id: 'a', demand: { cpu: [5, 5, 1, 1, 1, 1], gpu: 1 } },
    { id: 'b', lengthMi: 100_000, inputMegabytes: 5, memoryMegabytes: 10, demand: { cpu: [6, 6, 6, 9, 9, 6], gpu: 0 } },
  ],
  [
    { id: 'p', capacity: { cpu: 14, gpu: 1 }, speedMips: 200, bandwidthMbps: 16 },
    { id: 'q', capacity: { cpu: 10 }, speedMips: 100, bandwidthMbps: 8 },
  ],
  6,
  1,
)

/** The last value, which writes down what it was asked. */
function listening(features: readonly string[]): { asked: ForecastRequest[]; forecaster: Forecaster } {
  const asked: ForecastRequest[] = []
  const forecaster: Forecaster = {
    ...lastValue,
    contextSteps: 3,
    features,
    forecast: (request) => {
      asked.push(request)
      return lastValue.forecast(request)
    },
  }
  return { asked, forecaster }
}

const ofTask = ['lengthMi', 'inputMegabytes', 'outputMegabytes', 'remainingMi', 'cpu', 'gpu']
const ofPool = ['pool/cpu', 'pool/gpu', 'pool/speedMips', 'pool/bandwidthMbps']

describe('features of a task and of the pool it is on', () => {
  const { asked, forecaster } = listening([...ofTask, ...ofPool])
  const { history, observed } = simulateScheduling(trace, forecaster, { level: null, observe: ['cpu'] })
  const ofB = asked.filter((request) => request.history.id === 'b/cpu').map((request) => request.history.features!)
  const column = (name: string): number[][] => ofB.map((features) => [...(features[name] as Float64Array)])

  test('b moves as intended', () => {
    expect(history.moves.map(({ step, task, to }) => [step, task, to])).toEqual([
      [1, 0, 0],
      [1, 1, 1],
      [3, 1, 0],
    ])
  })

  test('the instance vector: what is given, what is used, what is left when a step begins', () => {
    expect(Object.keys(ofB[0]!)).toEqual([...ofTask, ...ofPool])
    expect(column('lengthMi')[1]).toEqual([100_000, 100_000, 100_000])
    expect(column('inputMegabytes')[0]).toEqual([5, 5])
    expect(column('outputMegabytes')[0]).toEqual([0, 0])
    expect(column('cpu')).toEqual([
      [6, 6],
      [6, 6, 6],
      [6, 6, 9],
      [6, 9, 9],
    ])
    // In step 2 it computes for 95 s, in step 3 for 100 s, at 100 MIPS.
    expect(column('remainingMi')).toEqual([
      [100_000, 100_000],
      [100_000, 100_000, 100_000],
      [100_000, 100_000, 90_500],
      [100_000, 90_500, 80_500],
    ])
  })

  test('the pool vector: nothing while it has no pool, then what is free of its own', () => {
    // q leaves 10 - 6 and 10 - 9; p, with a and b on it, 14 - 1 - 9.
    expect(column('pool/cpu')).toEqual([
      [0, 0],
      [0, 0, 4],
      [0, 4, 1],
      [4, 1, 4],
    ])
    expect(column('pool/speedMips')[3]).toEqual([100, 100, 200])
    expect(column('pool/bandwidthMbps')[3]).toEqual([8, 8, 16])
    expect(column('pool/gpu')[3]).toEqual([0, 0, 0])
  })

  test('a run gives the same as rows to train on', () => {
    expect(observed.map(({ id }) => id)).toEqual(['a/cpu', 'b/cpu'])
    const b = observed[1]!
    expect(b.stepSeconds).toBe(100)
    expect([...(b.values as Float64Array)]).toEqual([6, 6, 6, 9, 9, 6])
    expect([...(b.features!['pool/cpu'] as Float64Array)]).toEqual([0, 0, 4, 1, 4, 7])
    expect([...(observed[0]!.features!['pool/gpu'] as Float64Array)]).toEqual([0, 0, 0, 0, 0, 0])
    expect(observed[0]!.features!['lengthMi']).toEqual(new Float64Array(6))
  })
})

test('the rows of a task end with its last step on a pool, those of one that was never placed are left out', () => {
  const tasks = [
    { id: 'short', lengthMi: 15_000, demand: { cpu: [1, 1, 1, 1, 1, 1] } },
    { id: 'huge', demand: { cpu: [90, 90, 90, 90, 90, 90] } },
  ]
  const { observed } = simulateScheduling(smallTrace(tasks, [tenCores('p')], 6, 1), 'asq', { observe: ['cpu'] })
  // 15 000 million instructions at 100 MIPS: steps 2 and half of 3.
  expect(observed.map(({ id, values }) => [id, values.length])).toEqual([['short/cpu', 4]])
})

test('only the named resources are forecast', () => {
  const drawn = demandTrace({ taskCount: 3, poolCount: 3, days: 1, stepsPerDay: 24, seed: 1 })
  const { asked, forecaster } = listening([])
  const { options, forecasts } = simulateScheduling(drawn, forecaster, { forecastResources: ['memoryMib'] })
  expect(new Set(asked.map(({ history }) => history.id!.split('/')[1]))).toEqual(new Set(['memoryMib']))
  expect(asked.every(({ history }) => history.features === undefined)).toBe(true)
  expect(options.forecastResources).toEqual(['memoryMib'])
  expect(forecasts.values).toBe(12 * asked.length)
})

test('a forecaster that answers many at once is asked once a decision, and decides alike', () => {
  const drawn = demandTrace({ taskCount: 12, poolCount: 4, days: 1, stepsPerDay: 48, seed: 2 })
  const alone: Forecaster = { ...lastValue, features: ['pool/cpu'] }
  let batches = 0
  const together: Forecaster = {
    ...alone,
    forecastMany: (requests) => {
      batches++
      return requests.map(alone.forecast)
    },
  }
  const [one, many] = [alone, together].map((forecaster) => simulateScheduling(drawn, forecaster))
  expect(many).toEqual(one)
  expect(batches).toBe(many!.epochs)
})

test.each([
  [
    'a feature that the loop does not know',
    () => ({ ...lastValue, features: ['cpu', 'rack'] }),
    {},
    'policy.features[1]',
  ],
  ['a resource that is not there', () => lastValue, { forecastResources: ['disk'] }, 'options.forecastResources[0]'],
  ['a resource to observe that is not there', () => lastValue, { observe: ['cpu', 'disk'] }, 'options.observe[1]'],
  ['features that are no list', () => ({ ...lastValue, features: 'cpu' as never }), {}, 'policy.features'],
  [
    'no answer for many, though each alone would have one',
    () => ({ ...lastValue, forecastMany: () => null as never }),
    {},
    "last value.forecast('a/cpu')[0]",
  ],
  [
    'fewer answers than requests',
    () => ({ ...lastValue, forecastMany: () => [] }),
    {},
    "last value.forecast('a/cpu')[0]",
  ],
])('%s is an error', (_, policy, options, path) => {
  expect(caught(() => simulateScheduling(trace, policy(), options))).toMatchObject({ path })
})
